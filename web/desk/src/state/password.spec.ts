import { describe, expect, it } from '@jest/globals';
import { refusedField, wrongWith } from './password.js';

const good = { current: 'the old one', next: 'ten letters', repeated: 'ten letters' };

describe('a password to be changed', () => {
  it('is asked for once it can be right: the present one, a new one that is long enough, twice the same', () => {
    expect(wrongWith(good)).toEqual({});
    expect(wrongWith({ ...good, current: '' })).toEqual({ current: 'passwordMissing' });
    expect(wrongWith({ ...good, next: '9 letters', repeated: '9 letters' })).toEqual({
      next: 'passwordTooShort',
    });
    expect(wrongWith({ ...good, repeated: 'ten Letters' })).toEqual({ repeated: 'passwordsDiffer' });
  });

  it('is refused at the field that is wrong', () => {
    expect(refusedField({ reason: 'WRONG_PASSWORD' })).toBe('current');
    expect(refusedField({ reason: 'TOO_MANY_FAILED_LOGINS' })).toBeUndefined();
  });
});
