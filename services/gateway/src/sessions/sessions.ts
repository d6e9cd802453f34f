import { createHash } from 'node:crypto';
import { gateway } from '@parley/contracts';
import { newUlid, unauthenticated, type ApiError, type Clock, type Role } from '@parley/kernel';
import type { Session } from '../edge/call.js';
import type { ApiKeyDoc, TenantStore, UserDoc } from '../tenants/documents.js';
import type { LoginDoc, SessionStore } from './documents.js';
import type { Secrets } from './secrets.js';
import { readToken, signToken, type Claims } from './tokens.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ACCESS_MS = 15 * MINUTE;
const REFRESH_MS = 30 * DAY;
const VISITOR_MS = 180 * DAY;
/** How long a refresh token may be used again: its answer was lost with a connection or a gateway. */
const REPEAT_MS = 30_000;

/** What a login is told whose tenant, address or password is wrong, whichever it is. */
export const wrongCredentials = (): ApiError =>
  unauthenticated('WRONG_CREDENTIALS', 'tenant, address or password is wrong');

const refuse = (message = 'the token is not valid: log in again'): ApiError =>
  unauthenticated('INVALID_TOKEN', message);

/** Logins of people, sessions of visitors, and the tokens of both. */
export class Sessions {
  constructor(
    private readonly store: Pick<SessionStore, 'logins' | 'endedVisitors'>,
    private readonly tenants: Pick<TenantStore, 'users' | 'keys'>,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /** Who a bearer token stands for. Throws `unauthenticated` (reason TOKEN_EXPIRED when a refresh would help). */
  async authenticate(token: string): Promise<Session> {
    if (token.startsWith('pk_')) return this.authenticateKey(token);
    const claims = await readToken(this.secrets, token, this.clock.now());
    if (claims === 'expired')
      throw unauthenticated('TOKEN_EXPIRED', 'the token has expired: refresh it or log in again');
    if (claims === 'invalid' || claims.use === 'refresh') throw refuse();
    const session = sessionOf(claims);
    if (!(await this.alive(session)))
      throw unauthenticated('SESSION_ENDED', 'the session has ended: log in again');
    return session;
  }

  /** False once a login or visitor session was ended, or a key revoked. */
  async alive({ sessionId, principal, tenant }: Session): Promise<boolean> {
    if (principal.role === 'visitor') return (await this.store.endedVisitors.get(sessionId)) === undefined;
    if (principal.role === 'integration')
      return (await this.tenants.keys.get(`${tenant}/${sessionId}`))?.revokedAt === 0;
    return (await this.store.logins.get(sessionId)) !== undefined;
  }

  private async authenticateKey(token: string): Promise<Session> {
    const { items } = await this.tenants.keys.find({ filter: { secretHash: hashSecret(token) }, limit: 1 });
    const key: ApiKeyDoc | undefined = items[0];
    if (!key || key.revokedAt > 0)
      throw unauthenticated(
        'INVALID_API_KEY',
        'the API key is unknown or revoked: make one with CreateApiKey',
      );
    return {
      sessionId: key.keyId,
      tenant: key.tenant,
      principal: { role: 'integration', id: key.keyId, name: key.name },
      scopes: key.scopes,
      expiresAt: Infinity,
    };
  }

  /**
   * Starts a login of a person as they were when their password was checked; resolves with them as they are. Throws
   * `unauthenticated` when they have been disabled since, or have another password.
   */
  async logIn(checked: UserDoc): Promise<{ tokens: gateway.Tokens; user: UserDoc }> {
    const now = this.clock.now();
    const login: LoginDoc = {
      id: newUlid(now),
      version: 1,
      tenant: checked.tenant,
      userId: checked.userId,
      generation: 1,
      expiresAt: now + REFRESH_MS,
    };
    await this.store.logins.insert(login);
    // Whoever changed the user first ended the logins there were then: this one may have been too late for that.
    const user = await this.tenants.users.get(checked.id);
    if (!user || user.disabled || user.passwordHash !== checked.passwordHash) {
      await this.store.logins.delete([login.id]);
      throw wrongCredentials();
    }
    return { tokens: await this.tokensOf(login, user), user };
  }

  /**
   * New tokens for a refresh token, which is good once, and for a moment more: the answer may have been lost. Using it
   * later ends the login, because one of the two who used it is not its owner. Throws `unauthenticated`.
   */
  async refresh(token: string): Promise<{ tokens: gateway.Tokens; user: UserDoc }> {
    const claims = await readToken(this.secrets, token, this.clock.now());
    if (typeof claims === 'string' || claims.use !== 'refresh') throw refuse();
    const login = await this.rotated(claims);
    const user = await this.tenants.users.get(`${login.tenant}/${login.userId}`);
    if (!user || user.disabled) {
      await this.store.logins.delete([login.id]);
      throw refuse('this user may not log in any more');
    }
    return { tokens: await this.tokensOf(login, user), user };
  }

  /** The login of a refresh token, with the number of the one to give out now. */
  private async rotated({ sessionId, generation }: Claims): Promise<LoginDoc> {
    const now = this.clock.now();
    for (let tries = 0; tries < 2; tries++) {
      const login = await this.store.logins.get(sessionId);
      if (!login) throw unauthenticated('SESSION_ENDED', 'the session has ended: log in again');
      if (generation === login.generation - 1 && now - (login.rotatedAt ?? 0) < REPEAT_MS) return login;
      if (generation !== login.generation) break;
      const next: LoginDoc = {
        ...login,
        version: login.version + 1,
        generation: generation + 1,
        rotatedAt: now,
        expiresAt: now + REFRESH_MS,
      };
      if (await this.store.logins.replaceIf(next, login.version)) return next;
    }
    await this.store.logins.delete([sessionId]);
    throw unauthenticated(
      'REFRESH_TOKEN_REUSED',
      'the refresh token was used before: the session ended, log in again',
    );
  }

  /** Ends one session; its tokens are refused from now on, by every gateway. */
  async end(session: Session): Promise<void> {
    if (session.principal.role === 'visitor')
      await this.store.endedVisitors.insert({
        id: session.sessionId,
        version: 1,
        // Not this token's end: the session may have been given one that ends later.
        expiresAt: this.clock.now() + VISITOR_MS,
      });
    else await this.store.logins.delete([session.sessionId]);
  }

  /**
   * Ends every login of a person but `kept`, a session's id: disabled, other role, new password. Resolves with the ids of
   * those that ended.
   */
  async endAllOf(tenant: string, userId: string, kept?: string): Promise<readonly string[]> {
    const ended: string[] = [];
    for (;;) {
      const { items } = await this.store.logins.find({ filter: { tenant, userId }, limit: 1000 });
      const ids = items.map(({ id }) => id).filter((id) => id !== kept);
      if (ids.length === 0) return ended;
      await this.store.logins.delete(ids);
      ended.push(...ids);
    }
  }

  /** A token for a new session of a visitor, or of an existing one when `sessionId` is given. */
  async visitorToken(tenant: string, contactId: string, sessionId?: string): Promise<string> {
    const now = this.clock.now();
    return signToken(this.secrets, {
      use: 'visitor',
      sessionId: sessionId ?? newUlid(now),
      tenant,
      subject: contactId,
      role: 'visitor',
      name: '',
      generation: 0,
      expiresAt: now + VISITOR_MS,
    });
  }

  /** The session of an earlier token of this tenant's visitor; undefined when it is not valid any more. */
  async visitorOf(tenant: string, token: string): Promise<Session | undefined> {
    const claims = await readToken(this.secrets, token, this.clock.now());
    if (typeof claims === 'string' || claims.use !== 'visitor' || claims.tenant !== tenant) return undefined;
    const session = sessionOf(claims);
    return (await this.alive(session)) ? session : undefined;
  }

  /** Removes what tokens outlived cannot need any more. */
  async sweep(): Promise<void> {
    const past = { expiresAt: { lt: this.clock.now() } };
    await this.store.logins.deleteWhere(past);
    await this.store.endedVisitors.deleteWhere(past);
  }

  private async tokensOf(login: LoginDoc, user: UserDoc): Promise<gateway.Tokens> {
    const expiresAt = this.clock.now() + ACCESS_MS;
    const claims: Claims = {
      use: 'access',
      sessionId: login.id,
      tenant: user.tenant,
      subject: user.userId,
      role: user.role as Role,
      name: user.name,
      generation: 0,
      expiresAt,
    };
    return gateway.Tokens.fromPartial({
      accessToken: await signToken(this.secrets, claims),
      expiresAt: new Date(expiresAt),
      refreshToken: await signToken(this.secrets, {
        ...claims,
        use: 'refresh',
        name: '',
        generation: login.generation,
        expiresAt: login.expiresAt,
      }),
    });
  }
}

/** What is stored of an API key's secret. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

const sessionOf = ({ sessionId, tenant, subject, role, name, expiresAt }: Claims): Session => ({
  sessionId,
  tenant,
  principal: { role, id: subject, ...(name ? { name } : {}) },
  expiresAt,
});
