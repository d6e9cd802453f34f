import { ApiError, ErrorCode, fetchJson } from '@parley/client';
import { createStore, type Store } from '../state/store.js';
import { isFresh, type Login, loginOf, parseLogin } from './tokens.js';

const KEY = 'parley.desk.login';
const TENANT_KEY = 'parley.desk.tenant';

/** Why nobody is signed in: never was, left, or the session ended elsewhere. */
export type SignedOut = 'new' | 'left' | 'ended';
export type SessionState = { readonly login: Login } | { readonly login: undefined; readonly why: SignedOut };

/** Where the login is kept: beyond the browser's life, or only as long as its tab. */
const places = (): Storage[] => [sessionStorage, localStorage];
const placeOfLogin = (): Storage | undefined => places().find((place) => place.getItem(KEY));
const stored = (): Login | undefined => parseLogin(placeOfLogin()?.getItem(KEY) ?? null);

const startState = (): SessionState => {
  const login = stored();
  return login ? { login } : { login: undefined, why: 'new' };
};

/** Who is signed in at this desk. */
export const session: Store<SessionState> = createStore(startState());

/** The tenant that was used last, to fill in the login page. */
export const lastTenant = (): string => localStorage.getItem(TENANT_KEY) ?? '';

const keep = (login: Login, place: Storage): void => {
  place.setItem(KEY, JSON.stringify(login));
  session.update(() => ({ login }));
};

const forget = (why: SignedOut): void => {
  for (const place of places()) place.removeItem(KEY);
  session.update(() => ({ login: undefined, why }));
};

const noTokens = (): ApiError => new ApiError(ErrorCode.internal, 'The server gave no tokens.');

/** Signs a person in. `remember`: beyond the life of this tab. Rejects with an ApiError. */
export const signIn = async (
  { tenant, email, password }: { tenant: string; email: string; password: string },
  remember: boolean,
): Promise<void> => {
  const answer = await fetchJson('', 'parley.gateway.v1.AuthService/Login', { tenant, email, password });
  const login = loginOf(tenant, answer);
  if (!login) throw noTokens();
  localStorage.setItem(TENANT_KEY, tenant);
  keep(login, remember ? localStorage : sessionStorage);
};

/** Ends the session here and, as far as it can be reached, at the gateway. */
export const signOut = async (): Promise<void> => {
  const login = stored();
  forget('left');
  if (login)
    await fetchJson(
      '',
      'parley.gateway.v1.AuthService/Logout',
      {},
      { token: login.accessToken, keepalive: true },
    ).catch(() => undefined);
};

/**
 * Changes the password of whoever is signed in; their sessions elsewhere end. Not by the socket: what it sends again after
 * a loss would be refused, as the password is another one by then. Rejects with an ApiError.
 */
export const changePassword = async (currentPassword: string, newPassword: string): Promise<void> => {
  const token = await accessToken({ rejected: false });
  const request = { currentPassword, newPassword };
  await fetchJson('', 'parley.gateway.v1.AuthService/ChangePassword', request, { token });
};

/** Called when the gateway has no session for our tokens any more. */
export const sessionEnded = (): void => forget('ended');

/**
 * A good access token, refreshed when it runs out. A refresh token is good once, so only one tab refreshes at a time
 * and the others take what it stored. Rejects with `unauthenticated` when the session is over.
 */
export const accessToken = ({ rejected }: { rejected: boolean }): Promise<string> => {
  const refused = rejected ? stored()?.accessToken : undefined;
  return navigator.locks.request('parley.desk.refresh', async () => {
    const place = placeOfLogin();
    const login = stored();
    if (!place || !login) throw new ApiError(ErrorCode.unauthenticated, 'Sign in first.');
    if (login.accessToken !== refused && isFresh(login, Date.now())) return login.accessToken;
    const { refreshToken, tenant } = login;
    const answer = await fetchJson('', 'parley.gateway.v1.AuthService/RefreshToken', { refreshToken });
    const next = loginOf(tenant, answer);
    if (!next) throw noTokens();
    keep(next, place);
    return next.accessToken;
  });
};

/** Follows what other tabs do to the login. */
export const followOtherTabs = (): void =>
  addEventListener('storage', ({ key, storageArea }) => {
    if (key !== KEY || storageArea !== localStorage) return;
    const login = stored();
    session.update((state) => {
      if (login) return { login };
      return state.login ? { login: undefined, why: 'left' } : state;
    });
  });
