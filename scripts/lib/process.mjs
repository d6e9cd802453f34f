import { execFile } from 'node:child_process';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The repository's root, absolute. */
export const root = join(import.meta.dirname, '..', '..');

/** Where tools that the project obtains for itself are kept; never committed. */
export const toolFolder = join(root, '.cache', 'bin');

/** True when `file` is a file that may be executed. */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Every executable on PATH with one of these names, in the order of the names, then of PATH. */
export function findOnPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).filter(isExecutable);
}

/** Runs a command without a shell and without stdin; returns its trimmed stdout. Fails when it does, with its stderr. */
export async function run(command, args, options = {}) {
  const child = execute(command, args, { maxBuffer: 64 * 1024 * 1024, ...options });
  child.child.stdin?.end();
  const { stdout } = await child;
  return stdout.trim();
}

/** The last non-empty line of an error, which is where most tools say what went wrong. */
export function lastLine(error) {
  const text = String(error?.stderr || error?.message || error).trim();
  return text.split('\n').at(-1);
}

/** True when `module` is the script that node was started with. */
export function isMain(module) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === module.filename;
}

/** True while a process of this id runs, whoever's it is. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
