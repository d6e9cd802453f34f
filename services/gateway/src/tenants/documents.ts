import type { gateway } from '@parley/contracts';
import type { Collection, Doc } from '@parley/store';

/** Settings of a tenant. `id` is the tenant's name. */
export interface TenantDoc extends Doc {
  readonly widget: gateway.WidgetSettings;
  readonly allowedOrigins: readonly string[];
  /** Sealed; see sessions/secrets.ts. Empty: visitors cannot be identified. */
  readonly identityKey: string;
}

/** A person of a tenant. `id` is `<tenant>/<user id>`. */
export interface UserDoc extends Doc {
  readonly tenant: string;
  readonly userId: string;
  /** `<tenant>/<address in lower case>`: unique. */
  readonly login: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly disabled: boolean;
  readonly passwordHash: string;
}

/** An API key. `id` is `<tenant>/<key id>`. */
export interface ApiKeyDoc extends Doc {
  readonly tenant: string;
  readonly keyId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** SHA-256 of the secret, base64url; unique. The secret has 256 random bits, so a slow hash would add nothing. */
  readonly secretHash: string;
  readonly createdAt: number;
  readonly revokedAt: number;
}

export interface TenantStore {
  readonly tenants: Collection<TenantDoc>;
  readonly users: Collection<UserDoc>;
  readonly keys: Collection<ApiKeyDoc>;
}
