import { describe, expect, it } from '@jest/globals';
import { hashPassword, verifyPassword } from './passwords.js';
import { makeSecrets } from './secrets.js';

describe('keys', () => {
  it('belong to their secret and their purpose, newest first', () => {
    const [newest, older] = makeSecrets(['the-second-secret', 'the-first-secret']).tokenKeys;
    expect(makeSecrets(['the-first-secret']).tokenKeys).toEqual([older]);
    expect(newest).not.toEqual(older);
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
