import { join } from 'node:path';
import { checkSpec } from '../spec.js';
import type { Collection, CollectionSpec, Doc, Durability, Store } from '../types.js';
import { SqliteCollection } from './collection.js';
import { Database } from './database.js';
import { migrate, searchTableOf } from './schema.js';
import { scrub } from './scrub.js';

/** Opens `<folder>/<name>.sqlite`; throws a StoreError that says what to do when that file is damaged or not writable. */
export const openSqlite = async (folder: string, name: string, durability: Durability): Promise<Store> => {
  const db = await Database.open(join(folder, `${name}.sqlite`), durability);
  const searched = new Set<string>();
  return {
    async collection<D extends Doc>(spec: CollectionSpec<D>): Promise<Collection<D>> {
      checkSpec(spec);
      await db.write(() => migrate(db, spec));
      if (spec.searchable) searched.add(searchTableOf(spec));
      return new SqliteCollection<D>(db, spec);
    },
    async ping() {
      await db.read('SELECT count(*) FROM sqlite_schema');
    },
    scrub: () => scrub(db, [...searched]),
    close: () => db.close(),
  };
};
