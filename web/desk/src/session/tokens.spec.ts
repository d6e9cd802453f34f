import { describe, expect, it } from '@jest/globals';
import { isFresh, loginOf, parseLogin, supervises } from './tokens.js';

const answer = {
  tokens: { accessToken: 'a', refreshToken: 'r', expiresAt: '2026-01-01T00:15:00Z' },
  user: { userId: 'anna', email: 'anna@x.example', role: 'agent' },
};

describe('a login', () => {
  it('is made of a response and comes back from the storage', () => {
    const login = loginOf('demo', answer)!;
    expect(login.user).toEqual({
      userId: 'anna',
      name: 'anna@x.example',
      email: 'anna@x.example',
      role: 'agent',
    });
    expect(parseLogin(JSON.stringify(login))).toEqual(login);
  });

  it('is none without tokens or user', () => {
    expect(loginOf('demo', {})).toBeUndefined();
    expect(loginOf('demo', { ...answer, user: {} })).toBeUndefined();
    for (const stored of [null, '', 'null', '{}', '{"refreshToken":"r"}', 'x'])
      expect(parseLogin(stored)).toBeUndefined();
  });

  it('is refreshed a minute before it runs out', () => {
    const login = loginOf('demo', answer)!;
    expect(isFresh(login, Date.parse('2026-01-01T00:13:59Z'))).toBe(true);
    expect(isFresh(login, Date.parse('2026-01-01T00:14:01Z'))).toBe(false);
    expect(isFresh({ ...login, expiresAt: '' }, 0)).toBe(false);
  });

  it('supervises by role', () => {
    const as = (role: string) => supervises(loginOf('demo', { ...answer, user: { ...answer.user, role } })!);
    expect([as('agent'), as('supervisor'), as('admin')]).toEqual([false, true, true]);
  });
});
