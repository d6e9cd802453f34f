import type { Copier } from './mongodb/copy.js';
import { misuse, StoreError } from './errors.js';
import { openSqlite } from './sqlite/store.js';
import type { OpenStoreOptions, Store, WaitOptions } from './types.js';

export { everyDoc, everyPage } from './every-doc.js';
export { StoreError, type StoreErrorReason } from './errors.js';
export type { CopiedDocument, Copier, Place } from './mongodb/copy.js';
export * from './types.js';

/**
 * Opens the documents of one service. Rejects with a StoreError whose one line says what to do: server not
 * reachable, file damaged or not writable, neither MongoDB nor a folder given.
 */
export const openStore = async ({
  name,
  durability,
  mongodbUrl,
  folder,
}: OpenStoreOptions): Promise<Store> => {
  if (!/^[a-z][a-z0-9_-]{0,40}$/.test(name))
    throw misuse(`store "${name}": a name has small letters, digits, - and _`);
  if (mongodbUrl) {
    // Loaded only when needed: the driver takes as long to load as the rest of a service.
    const { openMongodb } = await import('./mongodb/store.js');
    return openMongodb(mongodbUrl, name, durability);
  }
  if (folder) return openSqlite(folder, name, durability);
  throw new StoreError('MISUSE', `store "${name}": set a MongoDB URL or a folder for its SQLite file`);
};

/**
 * Resolves once a MongoDB answers at a URL, for services that start together with it. Rejects as `openStore` does when
 * none has within `forMs`, and at once when it answers with a refusal.
 */
export const mongodbAnswers = async (url: string, options: WaitOptions): Promise<void> => {
  const { answers } = await import('./mongodb/store.js');
  await answers(url, options);
};

/**
 * Which server answers at a URL. FerretDB 1 is for tests only: its conditional updates are not atomic, so that two
 * writers can lose a write (in the one that scripts/ferretdb.mjs builds they are).
 */
export const mongodbServerKind = async (url: string): Promise<'mongodb' | 'ferretdb'> => {
  const { serverKind } = await import('./mongodb/store.js');
  return serverKind(url);
};

/** Reads and writes documents as MongoDB has them, of all services; for backups only. */
export const openDocumentCopier = async (mongodbUrl: string): Promise<Copier> => {
  const { openCopier } = await import('./mongodb/copy.js');
  return openCopier(mongodbUrl);
};
