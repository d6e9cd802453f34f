import { describe, expect, it } from '@jest/globals';
import { generateChats } from './chats.js';

describe('generated chats', () => {
  it('are the same for the same seed and others for another', () => {
    expect(generateChats(7, 50)).toEqual(generateChats(7, 50));
    expect(generateChats(7, 50)).not.toEqual(generateChats(8, 50));
  });

  it('start with the visitor, are answered, and come in several languages and directions', () => {
    const chats = generateChats(1, 300);
    for (const { turns } of chats) {
      expect(turns[0]!.from).toBe('visitor');
      expect(turns.some(({ from }) => from === 'agent')).toBe(true);
      for (const { text } of turns) expect(text).not.toMatch(/\{|undefined|^$/);
    }
    expect(new Set(chats.map(({ locale }) => locale)).size).toBe(6);
    const all = chats.flatMap(({ turns }) => turns.map(({ text }) => text)).join('');
    expect(all).toMatch(/\p{Script=Arabic}/u);
    expect(all).toMatch(/\p{Script=Hebrew}/u);
    expect(all).toMatch(/\p{Extended_Pictographic}/u);
    expect(all).toContain('\n');
  });
});
