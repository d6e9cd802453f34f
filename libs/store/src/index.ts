import { misuse, StoreError } from './errors.js';
import { openMongodb } from './mongodb/store.js';
import { openSqlite } from './sqlite/store.js';
import type { OpenStoreOptions, Store } from './types.js';

export { StoreError, type StoreErrorReason } from './errors.js';
export { mongodbServerKind } from './mongodb/store.js';
export * from './types.js';

/**
 * Opens the documents of one service. Rejects with a StoreError whose one line says what to do: server not
 * reachable, file damaged or not writable, neither MongoDB nor a folder given.
 */
export const openStore = async ({ name, durability, mongodbUrl, folder }: OpenStoreOptions): Promise<Store> => {
  if (!/^[a-z][a-z0-9_-]{0,40}$/.test(name)) throw misuse(`store "${name}": a name has small letters, digits, - and _`);
  if (mongodbUrl) return openMongodb(mongodbUrl, name, durability);
  if (folder) return openSqlite(folder, name, durability);
  throw new StoreError('MISUSE', `store "${name}": set a MongoDB URL or a folder for its SQLite file`);
};
