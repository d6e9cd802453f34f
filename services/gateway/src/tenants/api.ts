import { randomBytes } from 'node:crypto';
import { gateway, wrongField } from '@parley/contracts';
import {
  aborted,
  alreadyExists,
  invalidArgument,
  notFound,
  type Clock,
  type RequestContext,
} from '@parley/kernel';
import { contextOf, known, type GatewayHandlers } from '../edge/call.js';
import type { SessionsEnded } from '../sessions/ended.js';
import { hashPassword } from '../sessions/passwords.js';
import type { Secrets } from '../sessions/secrets.js';
import { hashSecret, type Sessions } from '../sessions/sessions.js';
import { changeUser } from './change-user.js';
import type { TenantDirectory } from './directory.js';
import type { ApiKeyDoc, TenantDoc, TenantStore, UserDoc } from './documents.js';
import type { TenantLog } from './log.js';
import { assertIdentityKey, assertOrigins } from './settings.js';
import { assertEmail, assertPassword, toUser } from './users.js';

/** Callers from before the list had pages are answered as ever. */
const UNPAGED_KEYS = 1000;
const UPDATE_USER = 'parley.gateway.v1.UpdateUserRequest';

export interface TenantApiOptions {
  readonly store: TenantStore;
  readonly log: TenantLog;
  readonly directory: TenantDirectory;
  readonly sessions: Sessions;
  readonly secrets: Secrets;
  readonly clock: Clock;
  /** What API keys may be limited to: the names of the services. */
  readonly scopes: readonly string[];
  readonly onEnded: SessionsEnded;
}

/**
 * Handlers of parley.gateway.v1.TenantService. The log is written first and decides; documents hold what may not stand
 * in it. When a document could not be written, the same request again completes it.
 */
export const tenantHandlers = (
  options: TenantApiOptions,
): GatewayHandlers<'parley.gateway.v1.TenantService'> => {
  const { store, log, directory, sessions, secrets, clock } = options;

  const tenantDoc = async (tenant: string): Promise<TenantDoc> => {
    const doc = await store.tenants.get(tenant);
    if (!doc) throw notFound('NO_SUCH_TENANT', `there is no tenant ${tenant}`);
    return doc;
  };

  const createUser = async (
    { userId, email, name, role, password }: gateway.CreateUserRequest,
    by: RequestContext,
  ): Promise<UserDoc> => {
    assertEmail(email);
    assertPassword(password);
    const { tenant } = by;
    const id = `${tenant}/${userId}`;
    const login = `${tenant}/${email.toLowerCase()}`;
    const existing = await store.users.get(id);
    if (existing) {
      if (existing.login === login && existing.role === role && existing.name === name) return existing;
      throw alreadyExists('USER_EXISTS', `user ${userId} exists already: choose another userId or update it`);
    }
    const taken = (): never => {
      throw alreadyExists('EMAIL_TAKEN', 'another user has this mail address');
    };
    if ((await store.users.count({ login })) > 0) taken();
    const passwordHash = await hashPassword(password, by.deadline);
    // A user that the log has and the documents lack is one whose creation broke off: it is completed here.
    const unfinished = (await log.state(tenant))?.users.get(userId);
    if (unfinished?.role !== role)
      await log.record(
        tenant,
        { $case: 'userCreated', value: { userId, role } },
        by,
        `user-${hashSecret(id)}`,
      );
    const doc: UserDoc = {
      id,
      version: 1,
      tenant,
      userId,
      login,
      email,
      name,
      role,
      disabled: false,
      passwordHash,
    };
    if (!(await store.users.insert(doc))) taken();
    return doc;
  };

  return {
    getTenant: async (_request, caller) => ({
      tenant: toTenant(await tenantDoc(known(caller).session.tenant)),
    }),

    updateTenant: async (request, caller) => {
      const by = contextOf(known(caller));
      const before = await tenantDoc(by.tenant);
      if (request.expectedVersion !== 0 && request.expectedVersion !== before.version)
        throw aborted(
          'VERSION_CONFLICT',
          `the settings are at version ${before.version} by now: read them again`,
        );
      assertOrigins(request.allowedOrigins);
      if (request.clearAllowedOrigins && request.allowedOrigins.length > 0)
        throw invalidArgument('clearAllowedOrigins', 'give either allowedOrigins or clearAllowedOrigins');
      if (request.identityKey) assertIdentityKey(request.identityKey);
      const newOrigins = request.clearAllowedOrigins || request.allowedOrigins.length > 0;
      const settings = [
        ...(request.widget ? ['widget'] : []),
        ...(newOrigins ? ['allowedOrigins'] : []),
        ...(request.identityKey ? ['identityKey'] : []),
      ];
      await log.record(by.tenant, { $case: 'settingsChanged', value: { settings } }, by);
      const after: TenantDoc = {
        ...before,
        version: before.version + 1,
        widget: request.widget ?? before.widget,
        allowedOrigins: newOrigins ? request.allowedOrigins : before.allowedOrigins,
        identityKey: request.identityKey ? secrets.seal(request.identityKey) : before.identityKey,
      };
      if (!(await store.tenants.replaceIf(after, before.version)))
        throw aborted('VERSION_CONFLICT', 'somebody else changed the settings just now: read them again');
      directory.changed(by.tenant);
      return { tenant: toTenant(after) };
    },

    createUser: async (request, caller) => ({
      user: toUser(await createUser(request, contextOf(known(caller)))),
    }),

    updateUser: async ({ userId, name, role, password, disabled, expectedVersion }, caller) => {
      const by = contextOf(known(caller));
      if (password !== undefined) assertPassword(password);
      if (name === '') throw wrongField(UPDATE_USER, 'name', 'must not be empty');
      if (role === '') throw wrongField(UPDATE_USER, 'role', 'must be agent, supervisor or admin');
      const passwordHash = password === undefined ? undefined : await hashPassword(password, by.deadline);
      const { before, after } = await changeUser({ users: store.users, log }, by, userId, (now) => {
        if (expectedVersion !== 0 && expectedVersion !== now.version)
          throw aborted('VERSION_CONFLICT', `user ${userId} is at version ${now.version} by now: read again`);
        return {
          name: name ?? now.name,
          role: role ?? now.role,
          disabled: disabled ?? now.disabled,
          passwordHash: passwordHash ?? now.passwordHash,
        };
      });
      if (passwordHash !== undefined || after.role !== before.role || after.disabled)
        options.onEnded(by.tenant, await sessions.endAllOf(by.tenant, userId));
      return { user: toUser(after) };
    },

    listUsers: async ({ page }, caller) => {
      const { items, next } = await store.users.find({
        filter: { tenant: known(caller).session.tenant },
        sort: { field: 'userId', direction: 'asc' },
        limit: page?.limit || 50,
        ...(page?.cursor ? { cursor: page.cursor } : {}),
      });
      return { users: items.map(toUser), nextCursor: next ?? '' };
    },

    createApiKey: async ({ keyId, name, scopes }, caller) => {
      const by = contextOf(known(caller));
      const unknown = scopes.find((scope) => scope !== '*' && !options.scopes.includes(scope));
      if (unknown !== undefined)
        throw invalidArgument(
          'scopes',
          `"${unknown.slice(0, 64)}" is none of *, ${options.scopes.join(', ')}`,
        );
      const taken = () =>
        alreadyExists('API_KEY_EXISTS', `key ${keyId} exists already: choose another keyId`);
      // Before it is put on record: nothing was made.
      if (await store.keys.get(`${by.tenant}/${keyId}`)) throw taken();
      const secret = `pk_${keyId}.${randomBytes(32).toString('base64url')}`;
      await log.record(by.tenant, { $case: 'apiKeyCreated', value: { keyId, scopes } }, by);
      const doc: ApiKeyDoc = {
        id: `${by.tenant}/${keyId}`,
        version: 1,
        tenant: by.tenant,
        keyId,
        name,
        scopes,
        secretHash: hashSecret(secret),
        createdAt: clock.now(),
        revokedAt: 0,
      };
      if (!(await store.keys.insert(doc))) throw taken();
      return { apiKey: toApiKey(doc), secret };
    },

    revokeApiKey: async ({ keyId }, caller) => {
      const by = contextOf(known(caller));
      const key = await store.keys.get(`${by.tenant}/${keyId}`);
      if (!key) throw notFound('NO_SUCH_API_KEY', `there is no API key ${keyId}: see ListApiKeys`);
      if (key.revokedAt > 0) return {};
      await log.record(by.tenant, { $case: 'apiKeyRevoked', value: { keyId } }, by);
      await store.keys.put([{ ...key, version: key.version + 1, revokedAt: clock.now() }]);
      options.onEnded(by.tenant, [keyId]);
      return {};
    },

    listApiKeys: async ({ page }, caller) => {
      const { items, next } = await store.keys.find({
        filter: { tenant: known(caller).session.tenant },
        sort: { field: 'keyId', direction: 'asc' },
        limit: page ? page.limit || 50 : UNPAGED_KEYS,
        ...(page?.cursor ? { cursor: page.cursor } : {}),
      });
      return { apiKeys: items.map(toApiKey), nextCursor: next ?? '' };
    },

    listAuditLog: async ({ afterVersion, limit, newestFirst, beforeVersion }, caller) => {
      const { tenant } = known(caller).session;
      const { entries, intact } = newestFirst
        ? await log.latest(tenant, beforeVersion, limit || 100)
        : await log.list(tenant, afterVersion, limit || 100);
      return { entries, chainIntact: intact };
    },
  };
};

const toTenant = ({ id, widget, allowedOrigins, version }: TenantDoc): gateway.Tenant =>
  gateway.Tenant.fromPartial({ tenant: id, widget, allowedOrigins: [...allowedOrigins], version });

const toApiKey = ({ keyId, name, scopes, createdAt, revokedAt }: ApiKeyDoc): gateway.ApiKey =>
  gateway.ApiKey.fromPartial({
    keyId,
    name,
    scopes: [...scopes],
    createdAt: new Date(createdAt),
    ...(revokedAt ? { revokedAt: new Date(revokedAt) } : {}),
  });
