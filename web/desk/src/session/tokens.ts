import type { gateway } from '@parley/client';

/** A person's login as this browser keeps it. */
export interface Login {
  readonly tenant: string;
  readonly accessToken: string;
  /** ISO; by the server's clock. */
  readonly expiresAt: string;
  readonly refreshToken: string;
  readonly user: {
    readonly userId: string;
    readonly name: string;
    readonly email: string;
    readonly role: string;
  };
}

/** The login that a login or refresh response gives; undefined when it lacks tokens. */
export const loginOf = (
  tenant: string,
  { tokens, user }: gateway.LoginResponse | gateway.RefreshTokenResponse,
): Login | undefined => {
  if (!tokens?.accessToken || !tokens.refreshToken || !user?.userId) return undefined;
  return {
    tenant,
    accessToken: tokens.accessToken,
    expiresAt: tokens.expiresAt ?? '',
    refreshToken: tokens.refreshToken,
    user: {
      userId: user.userId,
      name: user.name || user.email || '',
      email: user.email ?? '',
      role: user.role ?? 'agent',
    },
  };
};

/** A stored login; undefined when nothing usable is stored. */
export const parseLogin = (stored: string | null): Login | undefined => {
  try {
    const login = JSON.parse(stored ?? 'null') as Login | null;
    return login?.refreshToken && login.user.userId ? login : undefined;
  } catch {
    return undefined;
  }
};

/** Whether the access token is still good for at least a minute. */
export const isFresh = (login: Login, now: number): boolean => Date.parse(login.expiresAt) - now > 60_000;

/** Admins configure the workspace. */
export const administers = (login: Login): boolean => login.user.role === 'admin';

/** Supervisors and admins see everybody's chats. */
export const supervises = (login: Login): boolean =>
  login.user.role === 'supervisor' || login.user.role === 'admin';
