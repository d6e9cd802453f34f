import { readFile } from 'node:fs/promises';
import { checkJson, gateway } from '@parley/contracts';
import { hashPassword } from '../sessions/passwords.js';
import type { Secrets } from '../sessions/secrets.js';
import { hashSecret } from '../sessions/sessions.js';
import { systemContext } from '../edge/call.js';
import { ApiError, ErrorCode, type Clock } from '@parley/kernel';
import type { TenantStore } from './documents.js';
import type { TenantLog } from './log.js';

/** A tenant to make at the start when it does not exist yet. */
export interface TenantSeed {
  readonly tenant: string;
  readonly settings?: { readonly widget?: unknown; readonly allowedOrigins?: readonly string[] };
  readonly identityKey?: string;
  readonly users?: readonly {
    readonly userId: string;
    readonly email: string;
    readonly name: string;
    readonly role: string;
    readonly password: string;
  }[];
  /** Complete keys, `pk_<id>.<secret>`, for automation that must know them beforehand. */
  readonly apiKeys?: readonly {
    readonly keyId: string;
    readonly name: string;
    readonly scopes: readonly string[];
    readonly secret: string;
  }[];
}

/** The tenants of a seed: JSON text, or names of files with it, separated by commas. Throws with the reason when one cannot be read. */
export const readSeed = async (source: string): Promise<readonly TenantSeed[]> => {
  if (source === '') return [];
  try {
    const texts = source.trimStart().startsWith('{')
      ? [source]
      : await Promise.all(source.split(',').map((file) => readFile(file.trim(), 'utf8')));
    return texts.flatMap(tenantsOf);
  } catch (error) {
    throw new Error(`PARLEY_SEED cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const tenantsOf = (text: string): readonly TenantSeed[] => {
  const { tenants } = JSON.parse(text) as { tenants?: readonly TenantSeed[] };
  if (!Array.isArray(tenants)) throw new Error('it has no list "tenants"');
  return tenants as readonly TenantSeed[];
};

interface SeedTarget {
  readonly store: TenantStore;
  readonly log: TenantLog;
  readonly secrets: Secrets;
  readonly clock: Clock;
}

/** Makes what is missing of a tenant; what exists stays as it is, so it may run at every start of every gateway. */
export const applySeed = async (
  seed: TenantSeed,
  { store, log, secrets, clock }: SeedTarget,
): Promise<void> => {
  const { tenant, settings, identityKey, users = [], apiKeys = [] } = seed;
  const widget = settings?.widget ?? {};
  const wrong = checkJson('parley.gateway.v1.WidgetSettings', widget)[0];
  if (wrong)
    throw new Error(`PARLEY_SEED: widget settings of ${tenant}: ${wrong.field} ${wrong.description}`);
  const by = systemContext(tenant, clock.now() + 30_000);
  await log.record(tenant, { $case: 'tenantCreated', value: { tenant } }, by, 'seed-tenant').catch(ifMissing);
  await store.tenants.insert({
    id: tenant,
    version: 1,
    widget: gateway.WidgetSettings.fromJSON(widget),
    allowedOrigins: settings?.allowedOrigins ?? [],
    identityKey: identityKey ? secrets.seal(identityKey) : '',
  });
  for (const { userId, email, name, role, password } of users) {
    const id = `${tenant}/${userId}`;
    if (await store.users.get(id)) continue;
    const commandId = `seed-user-${userId}`;
    await log
      .record(tenant, { $case: 'userCreated', value: { userId, role } }, by, commandId)
      .catch(ifMissing);
    const login = `${tenant}/${email.toLowerCase()}`;
    const passwordHash = await hashPassword(password);
    await store.users.insert({
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
    });
  }
  for (const { keyId, name, scopes, secret } of apiKeys) {
    const id = `${tenant}/${keyId}`;
    if (await store.keys.get(id)) continue;
    const fact = { $case: 'apiKeyCreated' as const, value: { keyId, scopes: [...scopes] } };
    await log.record(tenant, fact, by, `seed-key-${keyId}`).catch(ifMissing);
    const secretHash = hashSecret(secret);
    const createdAt = clock.now();
    await store.keys.insert({
      id,
      version: 1,
      tenant,
      keyId,
      name,
      scopes,
      secretHash,
      createdAt,
      revokedAt: 0,
    });
  }
};

// Another gateway, or an earlier start, was there first.
const ifMissing = (error: unknown): void => {
  if (!(error instanceof ApiError && error.code === ErrorCode.alreadyExists)) throw error;
};
