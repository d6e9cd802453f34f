import { describe, expect, it } from '@jest/globals';
import { defaultSettings, readSettings } from './settings.js';

describe('settings', () => {
  it('come back as they were stored', () => {
    const settings = {
      ...defaultSettings,
      theme: 'dark',
      language: 'de',
      sound: false,
      sendKey: 'mod-enter',
    };
    expect(readSettings(JSON.stringify(settings))).toEqual(settings);
  });

  it('fall back to their defaults where nothing useful is stored', () => {
    for (const stored of [null, '', 'null', '[]', '{"theme":"pink","sound":"yes"}', '{'])
      expect(readSettings(stored)).toEqual(defaultSettings);
  });
});
