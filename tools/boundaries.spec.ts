import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const libraries = ['kernel', 'contracts', 'eventlog', 'store', 'messaging', 'testkit'];
const packages = ['@nats-io/jetstream', 'mongodb', 'undeclared'];

/** File, what it imports, and the rules that must name that import; none: the import is allowed. */
const imports: readonly (readonly [file: string, imported: string, rules: readonly string[]])[] = [
  ['libs/kernel/src/ids.ts', './clock.js', []],
  ['libs/kernel/src/clock.ts', 'node:crypto', ['kernel-is-pure']],
  ['libs/kernel/src/retry.ts', '@parley/contracts', ['kernel-is-pure']],
  ['libs/contracts/src/subjects.ts', '@parley/store', ['contracts-is-a-leaf']],
  ['libs/eventlog/src/log.ts', '@nats-io/jetstream', []],
  ['libs/eventlog/src/membership.ts', '../../kernel/src/ids.js', ['workspace-by-name']],
  ['libs/eventlog/src/append.ts', 'undeclared', ['package-is-declared']],
  ['libs/store/src/mongo.ts', 'mongodb', []],
  ['libs/store/src/first.ts', './second.js', ['no-cycle']],
  ['libs/store/src/second.ts', './first.js', []], // a cycle is reported once
  ['libs/store/src/shape.ts', 'type ./shaped.js', ['no-cycle']],
  ['libs/store/src/shaped.ts', './shape.js', []],
  ['libs/messaging/src/live.ts', '@parley/testkit', ['testkit-only-in-tests']],
  ['libs/messaging/src/live.spec.ts', '@parley/testkit', []],
  ['libs/messaging/src/testing/contract.ts', 'undeclared', []],
  ['libs/messaging/src/command.ts', '@parley/service-two', ['library-imports-service']],
  ['services/one/src/domain.ts', '@parley/kernel', []],
  ['services/one/src/domain/offer.ts', '@parley/contracts', []],
  ['services/one/src/domain/queue.ts', '@parley/store', ['domain-is-pure']],
  ['services/one/src/domain/agent.ts', 'node:fs', ['domain-is-pure']],
  ['services/one/src/config.ts', '@parley/service-two', ['service-imports-service']],
  ['services/one/src/api.ts', './store.js', ['api-imports-store']],
  ['services/one/src/inbox/api.ts', './store.js', ['api-imports-store']],
  ['services/one/src/inbox/store.ts', '@parley/store', []],
  ['services/one/src/inbox/rows.ts', './api.js', ['only-main-imports-api']],
  ['services/one/src/main.ts', './api.js', []],
  ['services/one/src/store.ts', 'mongodb', ['mongodb-only-in-store']],
  ['services/one/src/publish.ts', '@nats-io/jetstream', ['nats-only-in-messaging-and-eventlog']],
  ['services/one/src/missing.ts', './nowhere.js', ['import-resolves']],
  ['services/two/src/main.ts', '@parley/messaging', []],
  ['web/desk/src/app.tsx', '@parley/messaging', ['web-uses-client-only']],
  ['web/desk/src/files.ts', 'node:path', ['web-has-no-node']],
];

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

describe('the import rules', () => {
  let folder: string;
  let violations: readonly Violation[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-boundaries-'));
    await writeTree(folder);
    violations = await cruise(folder);
  }, 30_000);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it.each(imports)('judge %s importing %s: %j', (file, _imported, rules) => {
    const broken = violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);
    expect(broken).toEqual(expect.arrayContaining([...rules]));
    if (rules.length === 0) expect(broken).toEqual([]);
  });

  it('are all tried here', async () => {
    const config = (await import(join(root, '.dependency-cruiser.mjs'))) as {
      default: { forbidden: { name: string }[] };
    };
    const tried = new Set(imports.flatMap(([, , rules]) => rules));
    expect(config.default.forbidden.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });
});

/** A workspace of the same shape as ours, its packages in its own node_modules. */
async function writeTree(folder: string): Promise<void> {
  const files = new Map<string, string>([['package.json', '{"type":"module"}']]);
  const declared = Object.fromEntries(
    [...libraries, 'service-two']
      .map((name) => `@parley/${name}`)
      .concat(packages.slice(0, 2))
      .map((name) => [name, '*']),
  );
  const workspaces = new Set(imports.map(([file]) => file.split('/').slice(0, 2).join('/')));
  for (const workspace of [...workspaces, ...libraries.map((name) => `libs/${name}`)]) {
    const name = `@parley/${workspace.replace(/^(libs|web)\//, '').replace('services/', 'service-')}`;
    const entry = workspace.startsWith('services/') ? './src/main.ts' : './src/index.ts';
    files.set(
      `${workspace}/package.json`,
      JSON.stringify({ name, type: 'module', exports: { '.': entry }, dependencies: declared }),
    );
    files.set(`${workspace}/src/index.ts`, 'export {};\n');
  }
  for (const name of packages) {
    files.set(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    files.set(`node_modules/${name}/index.js`, '');
  }
  for (const [file, imported] of imports) {
    const [name, isType] = [imported.replace('type ', ''), imported.startsWith('type ')];
    files.set(file, isType ? `import type { X } from '${name}';\n` : `import '${name}';\n`);
  }
  for (const [file, text] of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  await mkdir(join(folder, 'node_modules/@parley'), { recursive: true });
  for (const name of libraries)
    await symlink(join(folder, 'libs', name), join(folder, 'node_modules/@parley', name));
  await symlink(join(folder, 'services/two'), join(folder, 'node_modules/@parley/service-two'));
}

/** Runs the rules as `npm run boundaries` does. Its exit code is ignored: it is the number of violations. */
function cruise(folder: string): Promise<readonly Violation[]> {
  const config = join(root, '.dependency-cruiser.mjs');
  const args = [join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')];
  args.push('--config', config, '--output-type', 'json', '{libs,services,web}/**/*.{ts,tsx}');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 26 }, (_error, stdout, stderr) => {
      try {
        const report = JSON.parse(stdout) as { summary: { violations: readonly Violation[] } };
        resolve(report.summary.violations);
      } catch {
        reject(new Error(`dependency-cruiser gave no report: ${stderr}`));
      }
    });
  });
}
