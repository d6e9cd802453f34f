import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './lib/lock.mjs';
import { findOnPath, isExecutable, isMain, lastLine, root, run, toolFolder } from './lib/process.mjs';

const sources = join(root, 'tools', 'ferretdb');
const FERRETDB = 'github.com/FerretDB/FerretDB';

/**
 * The path of the embedded FerretDB (tools/ferretdb), built with Go into .cache/bin when its sources changed. Safe when
 * several processes call it at once. Fails with one line that says what to install.
 */
export async function ensureFerretdb() {
  const target = join(toolFolder, `ferretdb-${await hash()}`);
  if (isExecutable(target)) return target;
  if (findOnPath('go').length === 0) {
    throw new Error(
      'No MongoDB for tests: start Docker, install Go 1.24 or newer, or set PARLEY_TEST_MONGODB_URL to a test server',
    );
  }
  return withLock(join(toolFolder, 'ferretdb.lock'), async () => {
    if (!isExecutable(target)) await build(target);
    return target;
  });
}

async function build(target) {
  await mkdir(toolFolder, { recursive: true });
  const folder = await mkdtemp(join(toolFolder, 'ferretdb-build-'));
  try {
    const file = join(folder, 'ferretdb');
    const go = { cwd: sources, env: { ...process.env, GOOS: '', GOARCH: '', CGO_ENABLED: '0' } };
    const modules = await changed(folder, go);
    await run(
      'go',
      [
        ...['build', '-trimpath', '-ldflags=-s -w', '-tags=ferretdb_no_postgresql'],
        ...['-modfile', modules, '-o', file, '.'],
      ],
      go,
    );
    await rename(file, target);
  } catch (error) {
    throw new Error(
      `FerretDB could not be built with Go (${lastLine(error)}): check the network and the Go version`,
      {
        cause: error,
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * What is changed in FerretDB, each by file, text and what takes its place. It reads the whole collection for every
 * filter but `{ _id: 'x' }`, so that each write costs as much as there is: indexes are used instead. A bulk of a hundred
 * updates waits for itself for ever, as it keeps what each has searched open until its end. And it searches, then writes
 * what it found, whatever another connection has written in between: an older version takes the place of a newer one.
 * Updates and deletions take turns instead, so that conditions hold as they do in MongoDB.
 */
const CHANGES = [
  [
    'internal/backends/sqlite/collection.go',
    'if params.Filter.Len() == 1 {\n\t\tv, _ := params.Filter.Get("_id")\n',
    'if params.Filter.Len() > 0 {\n\t\tv, _ := params.Filter.Get("_id")\n\t\twhereClause, args = byIndex(params.Filter)\n',
  ],
  [
    'internal/handler/msg_update.go',
    'result, err := common.UpdateDocument(ctx, c, "update", iter, &u)\n',
    'result, err := common.UpdateDocument(ctx, c, "update", iter, &u)\n\t\tcloser.Close()\n',
  ],
  [
    'internal/handler/msg_update.go',
    'import (\n\t"context"\n\t"fmt"\n',
    'import (\n\t"context"\n\t"fmt"\n\t"sync"\n',
  ],
  [
    'internal/handler/msg_update.go',
    '// MsgUpdate implements',
    '// changing is held by whoever updates or deletes.\nvar changing sync.Mutex\n\n// MsgUpdate implements',
  ],
  [
    'internal/handler/msg_update.go',
    '\tmatched, modified, upserted, err := h.updateDocument(',
    '\tchanging.Lock()\n\tdefer changing.Unlock()\n\n\tmatched, modified, upserted, err := h.updateDocument(',
  ],
  [
    'internal/handler/msg_delete.go',
    '\tvar deleted int32\n',
    '\tchanging.Lock()\n\tdefer changing.Unlock()\n\n\tvar deleted int32\n',
  ],
];

/** Makes a go.mod beside a copy of FerretDB with the changes; returns its path. */
async function changed(folder, go) {
  await run('go', ['mod', 'download'], go);
  const module = (await run('go', ['list', '-m', '-f', '{{.Dir}}', FERRETDB], go)).trim();
  const copy = join(folder, 'FerretDB');
  await cp(module, copy, { recursive: true });
  await run('chmod', ['-R', 'u+w', copy]);
  for (const [name, before, after] of CHANGES) {
    const file = join(copy, name);
    const text = await readFile(file, 'utf8');
    if (!text.includes(before)) throw new Error(`FerretDB has another ${name}: adapt scripts/ferretdb.mjs`);
    await writeFile(file, text.replace(before, after));
  }
  await cp(join(sources, 'by_index.go.txt'), join(copy, 'internal/backends/sqlite/by_index.go'));
  const modules = join(folder, 'go.mod');
  const own = await readFile(join(sources, 'go.mod'), 'utf8');
  await writeFile(modules, `${own}\nreplace ${FERRETDB} => ${copy}\n`);
  await cp(join(sources, 'go.sum'), join(folder, 'go.sum'));
  return modules;
}

async function hash() {
  const made = createHash('sha256').update(JSON.stringify(CHANGES));
  for (const name of ['go.mod', 'go.sum', 'main.go', 'by_index.go.txt'])
    made.update(await readFile(join(sources, name)));
  return made.digest('hex').slice(0, 12);
}

if (isMain(import.meta)) {
  await ensureFerretdb().then(console.log, (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
