/**
 * Writes what Parley is made of as a CycloneDX bill of materials: the packages that the services and the web files are
 * built from or bring along, with versions, licences and hashes. The same packages give the same bytes.
 *
 *   npm run sbom [-- --out FILE]      standard output by default
 */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withLock } from './lib/lock.mjs';
import { isMain, lastLine, root, run, toolFolder } from './lib/process.mjs';

const TOOL = '@cyclonedx/cyclonedx-npm';
// npm's own `npm sbom --omit=dev` leaves out what the services and the tools of development both depend on.
const TOOL_VERSION = '6.0.1';

/** What is shipped: everything but the libraries for tests and the tools, which belong to the root. */
const shipped = () =>
  ['services', 'web'].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${folder}/${name}`),
  );

/** The bill as JSON text. Fails with one line when packages are missing or the tool cannot be had. */
export async function billOfMaterials() {
  const tool = await ensureTool();
  return run(
    tool,
    [
      ...['--omit', 'dev', '--output-reproducible', '--flatten-components', '--mc-type', 'application'],
      // The lock file may lack packages of other platforms, which npm then calls a problem.
      '--ignore-npm-errors',
      ...shipped().flatMap((workspace) => ['--workspace', workspace]),
    ],
    { cwd: root, maxBuffer: 64 * 1024 * 1024 },
  );
}

/** Into a folder of its own: as a dependency of the project it would bring a hundred optional packages with it. */
async function ensureTool() {
  const folder = join(toolFolder, `cyclonedx-npm-${TOOL_VERSION}`);
  const tool = join(folder, 'node_modules', '.bin', 'cyclonedx-npm');
  await withLock(join(toolFolder, 'cyclonedx-npm.lock'), async () => {
    if (existsSync(tool)) return;
    const making = `${folder}-${process.pid}`;
    await mkdir(making, { recursive: true });
    try {
      await writeFile(join(making, 'package.json'), '{ "private": true }\n');
      const options = ['--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
      await run('npm', ['install', `${TOOL}@${TOOL_VERSION}`, ...options], { cwd: making });
      await rename(making, folder);
    } catch (error) {
      throw new Error(`${TOOL} could not be installed (${lastLine(error)}): check the network`, {
        cause: error,
      });
    } finally {
      await rm(making, { recursive: true, force: true });
    }
  });
  return tool;
}

if (isMain(import.meta)) {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const bill = await billOfMaterials();
  if (values.out) await writeFile(values.out, bill);
  else process.stdout.write(bill);
}
