import { expect, it } from '@jest/globals';
import { SilentEnd } from './silent-end.js';

it('believes a single copy at once, and several only when they go on saying so', () => {
  let now = 0;
  const silence = new SilentEnd(() => now);
  expect(silence.through(5, 9, 1)).toBe(9);
  expect(silence.through(5, 9, 3)).toBeUndefined();
  now = 14_999;
  expect(silence.through(5, 12, 3)).toBeUndefined();
  now = 15_000;
  // What came since is as uncertain as the rest was.
  expect(silence.through(5, 12, 3)).toBe(9);
  expect(silence.through(9, 12, 3)).toBeUndefined();
  now = 40_000;
  silence.broken();
  expect(silence.through(9, 12, 3)).toBeUndefined();
});
