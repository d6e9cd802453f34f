import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from '../../scripts/lib/process.mjs';

const CLEANED_WITHIN_MS = 30_000;

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

/** Takes the lock and returns its release; undefined when another process has it. */
export function tryLock(folder, role) {
  const db = new DatabaseSync(join(folder, 'lock'));
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if ((error.errcode & 0xff) === 5) return undefined;
    throw error;
  }
  writeFileSync(join(folder, 'lock.json'), JSON.stringify({ pid: process.pid, role }));
  return () => db.close();
}

/** Who took the lock last. */
function holder(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'lock.json'), 'utf8'));
  } catch {
    return {}; // about to be written
  }
}
