import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from '../../scripts/lib/process.mjs';

const CLEANED_WITHIN_MS = 30_000;
const SQLITE_BUSY = 5;
const SQLITE_NOTADB = 26;

/**
 * Makes this process the only one that works on the data folder, until `release()` or its end: the lock is the system's,
 * so a crash cannot leave it behind. Waits while the guard of an earlier launcher cleans up. Fails with one line that
 * says who has the folder.
 */
export async function lockFolder(folder) {
  const deadline = Date.now() + CLEANED_WITHIN_MS;
  for (;;) {
    const release = tryLock(folder, 'launcher');
    if (release) return release;
    const { pid, role } = holder(folder);
    if ((role === 'launcher' && isAlive(pid)) || Date.now() > deadline)
      throw new Error(
        `${folder} is in use by process ${pid}: stop that one, or choose another folder with PARLEY_DATA`,
      );
    await pause(50);
  }
}

/**
 * Takes the lock and returns its release; undefined when another process has it. Fails with one line when the file
 * cannot be used.
 */
export function tryLock(folder, role) {
  const file = join(folder, 'lock');
  try {
    const db = beginExclusive(file);
    writeFileSync(join(folder, 'lock.json'), JSON.stringify({ pid: process.pid, role }));
    return () => db.close();
  } catch (error) {
    if ((error.errcode & 0xff) === SQLITE_BUSY) return undefined;
    throw new Error(
      `cannot lock ${file} (${error.message}): correct its rights, or remove it while nothing works on the folder`,
    );
  }
}

function beginExclusive(file) {
  const db = new DatabaseSync(file);
  try {
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db.close();
    if ((error.errcode & 0xff) !== SQLITE_NOTADB) throw error;
    // Who holds a lock is told before what the file holds, so nobody does. Emptied in its place, not replaced: should
    // another launcher be quicker by now, its lock is on this file.
    truncateSync(file);
    return beginExclusive(file);
  }
}

/** Who took the lock last. */
function holder(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'lock.json'), 'utf8'));
  } catch {
    return {}; // about to be written
  }
}
