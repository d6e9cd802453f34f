import type { Store } from '@parley/store';
import type { ApiKeyDoc, TenantDoc, TenantStore, UserDoc } from './documents.js';

/** Declares the documents of the tenants. */
export const openTenantStore = async (store: Store): Promise<TenantStore> => ({
  tenants: await store.collection<TenantDoc>({ name: 'tenants', indexes: [] }),
  users: await store.collection<UserDoc>({
    name: 'users',
    indexes: [
      { name: 'login', fields: ['login'], unique: true },
      { name: 'tenant', fields: ['tenant', 'userId'] },
    ],
  }),
  keys: await store.collection<ApiKeyDoc>({
    name: 'api_keys',
    indexes: [
      { name: 'secret', fields: ['secretHash'], unique: true },
      { name: 'tenant', fields: ['tenant', 'keyId'] },
    ],
  }),
});
