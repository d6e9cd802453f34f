import { expect, it } from '@jest/globals';
import { newPassword, newSigningKey } from './secrets.js';

it('makes passwords that can be read out, another each time', () => {
  const made = Array.from({ length: 200 }, newPassword);
  for (const password of made) expect(password).toMatch(/^([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/);
  expect(new Set(made).size).toBe(200);
  // Every letter of the alphabet comes up: nothing of it is left out.
  expect(new Set(made.join('').replaceAll('-', '')).size).toBe(31);
});

it('makes keys of 256 bits', () => {
  expect(newSigningKey()).toMatch(/^[0-9a-f]{64}$/);
  expect(newSigningKey()).not.toBe(newSigningKey());
});
