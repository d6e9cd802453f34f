import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from './process.mjs';

const STALE_AFTER_MS = 15 * 60_000;
const POLL_MS = 200;

/**
 * Runs `work` while holding the lock file, waiting for another holder first. A lock whose process is gone, or that is
 * older than 15 minutes, is taken over. Two waiters may both take over a stale lock, so what `work` leaves behind
 * must be put in place atomically (rename); the lock only saves doing it twice.
 */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  while (!take(file)) {
    if (isStale(file)) rmSync(file, { force: true });
    else await pause(POLL_MS);
  }
  try {
    return await work();
  } finally {
    if (holder(file) === process.pid) rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > STALE_AFTER_MS) return true;
  } catch {
    return false; // released meanwhile
  }
  const pid = holder(file);
  return pid !== undefined && !isAlive(pid);
}

/** The pid in the lock; undefined between its creation and its first write, or when it is gone. */
function holder(file) {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}
