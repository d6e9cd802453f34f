import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { isId, type Role } from '@parley/kernel';
import type { Secrets } from './secrets.js';

/** What stands in a token of ours. `use` keeps a refresh token from being taken for an access token. */
export interface Claims {
  readonly use: 'access' | 'refresh' | 'visitor';
  readonly sessionId: string;
  readonly tenant: string;
  /** User or contact id. */
  readonly subject: string;
  readonly role: Role;
  readonly name: string;
  /** Number of a refresh token; 0 in others. */
  readonly generation: number;
  readonly expiresAt: number;
}

/** Signs claims (JWT, HS256) with the newest key. */
export const signToken = (secrets: Secrets, claims: Claims): Promise<string> => {
  const { use, sessionId, tenant, role, name, generation, subject, expiresAt } = claims;
  const [key] = secrets.tokenKeys;
  return new SignJWT({ use, sid: sessionId, ten: tenant, role, name, gen: generation })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setExpirationTime(Math.floor(expiresAt / 1000))
    .sign(key ?? new Uint8Array());
};

/** Why a token is refused: `expired` may be refreshed, `invalid` not. */
export type TokenProblem = 'expired' | 'invalid';

/** The claims of a token that one of our keys signed and that has not ended, or what is wrong with it. */
export const readToken = async (
  secrets: Secrets,
  token: string,
  now: number,
): Promise<Claims | TokenProblem> => {
  for (const key of secrets.tokenKeys) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        requiredClaims: ['exp', 'sub', 'sid', 'ten', 'use'],
        currentDate: new Date(now),
      });
      return claimsOf(payload) ?? 'invalid';
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'expired';
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  return 'invalid';
};

const claimsOf = (payload: JWTPayload): Claims | undefined => {
  const { use, sid, ten, role, name, gen, sub, exp } = payload as Record<string, unknown>;
  const known =
    (use === 'access' || use === 'refresh' || use === 'visitor') && isId(sid) && isId(ten) && isId(sub);
  if (!known || typeof exp !== 'number') return undefined;
  return {
    use,
    sessionId: sid,
    tenant: ten,
    subject: sub,
    role: role as Role,
    name: typeof name === 'string' ? name : '',
    generation: typeof gen === 'number' ? gen : 0,
    expiresAt: exp * 1000,
  };
};
