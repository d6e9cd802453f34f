import { describe, expect, it } from '@jest/globals';
import { keysLabel, matches } from './keys.js';

const press = (key: string, code: string, ...held: ('altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey')[]) => ({
  ...{ key, code, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false },
  ...Object.fromEntries(held.map((name) => [name, true])),
});

describe('keys', () => {
  it('match by place with Alt, whatever sign that types', () => {
    expect(matches('Alt+J', press('∆', 'KeyJ', 'altKey'))).toBe(true);
    expect(matches('Alt+J', press('j', 'KeyJ'))).toBe(false);
    expect(matches('Alt+J', press('j', 'KeyJ', 'altKey', 'ctrlKey'))).toBe(false);
    expect(matches('Alt+1', press('1', 'Digit1', 'altKey'))).toBe(true);
  });

  it('take Ctrl and Command for the same', () => {
    expect(matches('Mod+K', press('k', 'KeyK', 'ctrlKey'))).toBe(true);
    expect(matches('Mod+K', press('k', 'KeyK', 'metaKey'))).toBe(true);
    expect(matches('Mod+K', press('K', 'KeyK', 'metaKey', 'shiftKey'))).toBe(false);
  });

  it('match signs and named keys', () => {
    expect(matches('Escape', press('Escape', 'Escape'))).toBe(true);
    expect(matches('?', press('?', 'Slash', 'shiftKey'))).toBe(true);
  });

  it('are shown as on the keyboard in use', () => {
    expect([
      keysLabel('Mod+K', false),
      keysLabel('Mod+K', true),
      keysLabel('Alt+J', true),
      keysLabel('Escape', false),
    ]).toEqual(['Ctrl+K', '⌘K', '⌥J', 'Esc']);
  });
});
