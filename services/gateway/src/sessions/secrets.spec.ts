import { describe, expect, it } from '@jest/globals';
import { hashPassword, verifyPassword } from './passwords.js';
import { makeSecrets } from './secrets.js';

describe('sealed secrets', () => {
  const before = makeSecrets(['the-first-secret']);
  const rotated = makeSecrets(['the-second-secret', 'the-first-secret']);

  it('open with the key that sealed them, also after a rotation', () => {
    const sealed = before.seal('identity key');
    expect(sealed).not.toContain('identity');
    expect(rotated.open(sealed)).toBe('identity key');
    expect(rotated.open(rotated.seal('new'))).toBe('new');
  });

  it('do not open with other keys, or when they were changed', () => {
    const sealed = rotated.seal('identity key');
    expect(() => before.open(sealed)).toThrow('not in PARLEY_SECRET');
    const [id, data = ''] = sealed.split('.');
    const bytes = Buffer.from(data, 'base64url');
    bytes[bytes.length - 1]! ^= 1;
    expect(() => rotated.open(`${id}.${bytes.toString('base64url')}`)).toThrow();
  });
});

describe('passwords', () => {
  it('belong to their hash only', async () => {
    const hash = await hashPassword('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hashPassword('correct horse')).not.toBe(hash);
    expect(await verifyPassword('correct horse', hash)).toBe(true);
    expect(await verifyPassword('correct horsf', hash)).toBe(false);
    expect(await verifyPassword('correct horse', undefined)).toBe(false);
  });
});
