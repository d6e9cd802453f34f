import { describe, expect, it } from '@jest/globals';
import { createSealer } from './sealer.js';

describe('sealed secrets', () => {
  const before = createSealer(['the-first-secret'], 'test');
  const rotated = createSealer(['the-second-secret', 'the-first-secret'], 'test');

  it('open with the key that sealed them, also after a rotation', () => {
    const sealed = before.seal('identity key');
    expect(sealed).not.toContain('identity');
    expect(before.seal('identity key')).not.toBe(sealed);
    expect(rotated.open(sealed)).toBe('identity key');
    expect(rotated.open(rotated.seal('new'))).toBe('new');
  });

  it('do not open with other secrets, for another purpose, or when they were changed', () => {
    const sealed = rotated.seal('identity key');
    expect(() => before.open(sealed)).toThrow('not in PARLEY_SECRET');
    expect(() => createSealer(['the-second-secret'], 'other').open(sealed)).toThrow('not in PARLEY_SECRET');
    const [id, data = ''] = sealed.split('.');
    const bytes = Buffer.from(data, 'base64url');
    bytes[bytes.length - 1]! ^= 1;
    expect(() => rotated.open(`${id}.${bytes.toString('base64url')}`)).toThrow();
    expect(() => rotated.open(`${id}.AAAA`)).toThrow();
  });

  it('need a secret', () => {
    expect(() => createSealer([], 'test')).toThrow('PARLEY_SECRET');
  });
});
