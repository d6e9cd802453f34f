import { randomBytes } from 'node:crypto';
import type { Store } from '@parley/store';
import type { EndedVisitorDoc, LoginDoc, SecretDoc, SessionStore } from './documents.js';

/** Declares the documents of sessions. */
export const openSessionStore = async (store: Store): Promise<SessionStore> => {
  const secrets = await store.collection<SecretDoc>({ name: 'secrets', indexes: [] });
  return {
    logins: await store.collection<LoginDoc>({
      name: 'logins',
      indexes: [
        { name: 'user', fields: ['tenant', 'userId'] },
        { name: 'expiry', fields: ['expiresAt'] },
      ],
    }),
    endedVisitors: await store.collection<EndedVisitorDoc>({
      name: 'ended_visitors',
      indexes: [{ name: 'expiry', fields: ['expiresAt'] }],
    }),
    secret: async () => {
      await secrets.insert({ id: 'platform', version: 1, secret: randomBytes(32).toString('base64url') });
      const doc = await secrets.get('platform');
      if (!doc) throw new Error('the platform secret could not be stored: set PARLEY_SECRET');
      return doc.secret;
    },
  };
};
