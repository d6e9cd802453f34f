/** Generates anew and fails when that changes a generated file: what is committed must be what proto/ gives. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/process.mjs';

const folders = ['libs/contracts/src/gen', 'web/client/src/gen'];

const before = contents();
execFileSync(process.execPath, [join(root, 'scripts', 'generate.mjs')], { stdio: 'inherit' });
const after = contents();

const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
  (file) => before.get(file) !== after.get(file),
);
if (changed.length > 0) {
  console.error(
    `Generated code was not up to date; commit what \`npm run generate\` wrote:\n${changed.join('\n')}`,
  );
  process.exitCode = 1;
}

function contents() {
  return new Map(folders.flatMap(filesOf).map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}

function filesOf(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
