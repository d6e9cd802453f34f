import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST } from './folder.js';

/** Made of a time, so that they sort by it; other folders beside them are left alone. */
const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/;

/** A folder for a backup that begins now, among the others of its parent. */
export const nextFolder = async (parent: string, now: Date): Promise<string> => {
  await mkdir(parent, { recursive: true });
  return join(parent, `${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z`);
};

/**
 * Removes what is older than the newest `keep` finished backups: older ones, and interrupted ones of that time. Returns
 * how many were removed. Never fewer than `keep` finished ones are left, unless there were fewer.
 */
export const removeOlder = async (parent: string, keep: number): Promise<number> => {
  const names = (await readdir(parent)).filter((name) => NAME.test(name)).toSorted();
  const finished = names.filter((name) => existsSync(join(parent, name, MANIFEST)));
  const oldestKept = finished.at(-keep);
  if (oldestKept === undefined) return 0;
  const old = names.filter((name) => name < oldestKept);
  for (const name of old) await rm(join(parent, name), { recursive: true, force: true });
  return old.length;
};
