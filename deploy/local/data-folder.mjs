import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from './folder-lock.mjs';

/** Bumped when earlier releases could not read the folder any more: they refuse one of a higher format. */
const FORMAT = 1;

/**
 * Opens the folder that holds everything the platform keeps, makes what is missing and takes its lock. Returns
 * `{ path(…), secret, release() }`. Fails with one line that says what to do.
 */
export async function openDataFolder(folder) {
  const path = (...parts) => join(folder, ...parts);
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw new Error(`${folder} is a file: choose a folder with PARLEY_DATA`);
  try {
    for (const part of ['nats', 'documents', 'logs']) {
      mkdirSync(path(part), { recursive: true });
      accessSync(path(part), constants.W_OK);
    }
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new Error(
      `cannot write to ${folder} (${error.code}): correct its rights, or choose another with PARLEY_DATA`,
    );
  }
  const release = await lockFolder(folder);
  try {
    return { path, secret: readIdentity(path('parley.json'), folder).secret, release };
  } catch (error) {
    release();
    throw error;
  }
}

function readIdentity(file, folder) {
  if (!existsSync(file)) {
    const identity = { format: FORMAT, secret: randomBytes(32).toString('base64url') };
    writeFileSync(file, `${JSON.stringify(identity, null, 2)}\n`, { mode: 0o600 });
    return identity;
  }
  let identity;
  try {
    identity = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof identity.format !== 'number' || typeof identity.secret !== 'string')
      throw new Error('incomplete');
  } catch {
    throw new Error(
      `${file} is damaged: restore it from a backup, or move ${folder} away to begin with an empty one`,
    );
  }
  if (identity.format > FORMAT)
    throw new Error(
      `${folder} was written by a newer release: start that one, or choose another folder with PARLEY_DATA`,
    );
  return identity;
}
