import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '../errors.js';
import type { Database } from './database.js';

/** Pages of a full-text index that are rewritten in one transaction, so that other writes get their turn. */
const PAGES = 200;
const CHECKPOINT_TRIES = 50;
const PAUSE_MS = 20;

/**
 * Rewrites the full-text indexes, in which deleted words stay until their segment is merged, and copies the
 * write-ahead log into the file and empties it. `secure_delete` has overwritten the rest already. Throws a StoreError
 * when other processes keep reading the log; nothing is lost then, and it can be called again.
 */
export const scrub = async (db: Database, searchTables: readonly string[]): Promise<void> => {
  for (const table of searchTables) {
    const merge = `INSERT INTO ${table}(${table}, rank) VALUES ('merge', ?)`;
    // A negative number begins to merge everything into one segment, positive ones go on with it.
    for (let pages = -PAGES; await step(db, merge, pages); pages = PAGES);
  }
  for (let tries = 0; tries < CHECKPOINT_TRIES; tries++) {
    const [row] = await db.read('PRAGMA wal_checkpoint(TRUNCATE)');
    if (row?.['busy'] === 0) return;
    await sleep(PAUSE_MS);
  }
  throw new StoreError('UNREACHABLE', 'the write-ahead log is in use by others: scrub again later');
};

/** True while there was something to merge; SQLite tells by the number of rows it changed. */
const step = (db: Database, merge: string, pages: number): Promise<boolean> =>
  db.write(() => {
    const before = totalChanges(db);
    db.prepare(merge).run(pages);
    return totalChanges(db) - before >= 2;
  });

const totalChanges = (db: Database): number => Number(db.prepare('SELECT total_changes() AS n').get()?.['n']);
