import { markOf, TENANTS, type TenantName } from './leaks.js';

export const PASSWORD = 'hostile-input-password';
/** Signs the platform's tokens, so that expired ones can be made. */
export const PARLEY_SECRET = 'hostile-input-secret-of-the-platform';
/** Signs what visitors of the tenant are identified by. */
export const identityKeyOf = (tenant: TenantName): string =>
  `${tenant}-identity-key-of-forty-characters-or-so`;
/** The only origin that may embed the tenant's widget. */
export const originOf = (tenant: TenantName): string => `https://shop.${tenant}.example`;
/** A key as the seed knows it: everything, or analytics alone. */
export const keyOf = (tenant: TenantName, kind: 'all' | 'narrow'): string =>
  `pk_${tenant}-${kind}.${tenant}-${kind}-secret-of-many-characters-0123456789`;
export const emailOf = (tenant: TenantName, userId: string): string => `${userId}@${tenant}.example`;

const ROLES = { boss: 'admin', sam: 'supervisor', anna: 'agent', ben: 'agent', dora: 'agent' } as const;
export type UserId = keyof typeof ROLES;

const tenantSeed = (tenant: TenantName) => ({
  tenant,
  // What anybody may read carries no mark.
  settings: {
    widget: { companyName: tenant, greeting: 'Hi', accentColor: '#0f766e' },
    allowedOrigins: [originOf(tenant)],
  },
  identityKey: identityKeyOf(tenant),
  users: Object.entries(ROLES).map(([userId, role]) => ({
    userId: `${tenant}-${userId}`,
    email: emailOf(tenant, userId),
    name: `${userId} ${markOf(tenant)}`,
    role,
    password: PASSWORD,
  })),
  apiKeys: [
    { keyId: `${tenant}-all`, name: `all ${markOf(tenant)}`, scopes: ['*'], secret: keyOf(tenant, 'all') },
    {
      keyId: `${tenant}-narrow`,
      name: `narrow ${markOf(tenant)}`,
      scopes: ['analytics'],
      secret: keyOf(tenant, 'narrow'),
    },
  ],
  queues: [
    // The same id in both tenants, and one of its own.
    { queueId: 'default', name: `Care ${markOf(tenant)}`, offerTimeoutSeconds: 60, isDefault: true },
    { queueId: `${tenant}-quiet`, name: `Nobody ${markOf(tenant)}`, offerTimeoutSeconds: 60 },
  ],
  // Anna alone takes chats; whatever others do here cannot take a chat from her.
  agents: [
    { agentId: `${tenant}-anna`, name: `anna ${markOf(tenant)}`, capacity: 100, queueIds: ['default'] },
  ],
});

/** Two tenants with people of every role, keys, queues and agents. */
export const seed = { tenants: TENANTS.map(tenantSeed) };
