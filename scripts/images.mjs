/**
 * Builds the image of Parley, and stand-ins of the servers that the chart brings where no registry is reached:
 *
 *   node scripts/images.mjs [--build 'docker build'] [--load 'kind load docker-image'] [--bring-npm] [--twice] [NAME…]
 *
 * `--build` is any builder that knows Docker's options; `--load` puts an image, named after it, into a cluster;
 * `--bring-npm` is for a Node image without npm; `--twice` builds Parley's image twice from nothing and fails when they
 * differ. Without names, all of IMAGES are built.
 */
import { copyFile, cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { ensureFerretdb } from './ferretdb.mjs';
import { ensureNatsServer } from './nats-server.mjs';
import { findOnPath, isMain, root, run } from './lib/process.mjs';

/** The images by what they are; the chart's values and helm/parley/ci name the same ones. */
export const IMAGES = {
  parley: 'docker.io/library/parley:dev',
  nats: 'docker.io/library/nats:2.15.2-scratch',
  mongodb: 'docker.io/library/parley-ferretdb:1.24.2',
};

const NODE_IMAGE = 'docker.io/library/node:26-bookworm-slim';
const NODE_WITH_NPM = 'docker.io/library/parley-node:26';

const makers = {
  parley: buildParley,
  nats: (builder) => buildAround(builder, 'nats', ensureNatsServer, 'nats-server'),
  mongodb: (builder) => buildAround(builder, 'mongodb', ensureFerretdb, 'ferretdb'),
};

/**
 * Builds the named images, all by default. `build` and `load` are commands as lists of words; without `load` they stay
 * where the builder puts them. `bringNpm`: the Node image lacks npm, so this machine's goes into the build. Fails when a
 * command does, whose output goes to standard error.
 */
export async function buildImages({ build, load, bringNpm = false, names = Object.keys(IMAGES) }) {
  for (const name of names) {
    const started = Date.now();
    await makers[name](build, bringNpm);
    if (load) await command([...load, IMAGES[name]]);
    console.error(`${IMAGES[name]}: ${Math.round((Date.now() - started) / 1000)} s`);
  }
}

async function buildParley(build, bringNpm) {
  if (bringNpm) await buildNodeWithNpm(build);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const revision = await run('git', ['rev-parse', 'HEAD'], { cwd: root }).catch(() => 'unknown');
  const epoch = await sourceDateEpoch();
  await command([
    ...build,
    ...secrets(),
    ...(bringNpm ? ['--build-arg', `NODE_IMAGE=${NODE_WITH_NPM}`] : []),
    ...(bringNpm ? ['--build-arg', `BASE_IMAGE=${NODE_IMAGE}`] : []),
    ...['--build-arg', `VERSION=${version}`, '--build-arg', `REVISION=${revision}`],
    ...['--build-arg', `SOURCE_DATE_EPOCH=${epoch}`],
    ...['-t', IMAGES.parley, '-f', join(root, 'deploy/docker/Dockerfile'), root],
  ]);
}

/**
 * Builds Parley's image twice, with nothing kept from an earlier build, and returns its id. Fails when the second one has
 * another id, which covers every byte of its layers.
 */
export async function buildTwice(build, bringNpm) {
  return withFolder(async (folder) => {
    const ids = [];
    for (const name of ['first', 'second']) {
      const file = join(folder, name);
      await buildParley([...build, '--no-cache', '--iidfile', file], bringNpm);
      ids.push(readFileSync(file, 'utf8').trim());
    }
    if (ids[0] !== ids[1])
      throw new Error(`The same code gave two images: ${ids.join(' and ')}. Does the builder set times?`);
    return ids[0];
  });
}

/** When the code was committed, seconds since 1970: builds of the same commit then have the same bytes. */
export async function sourceDateEpoch() {
  return (
    process.env.SOURCE_DATE_EPOCH ||
    (await run('git', ['log', '-1', '--format=%ct'], { cwd: root }).catch(() => '0')).trim()
  );
}

/** What lets npm in the build reach the registry that it reaches here: its configuration, and whom this machine trusts. */
function secrets() {
  const npmrc = join(homedir(), '.npmrc');
  const ca = process.env.NODE_EXTRA_CA_CERTS || '/etc/ssl/certs/ca-certificates.crt';
  return [
    ...(existsSync(npmrc) ? ['--secret', `id=npmrc,src=${npmrc}`] : []),
    ...(existsSync(ca) ? ['--secret', `id=ca,src=${ca}`] : []),
  ];
}

async function buildNodeWithNpm(build) {
  const npm = join(await realpath(findOnPath('npm')[0]), '..', '..');
  await buildStandIn(build, 'node', NODE_WITH_NPM, (folder) =>
    cp(npm, join(folder, 'npm'), { recursive: true }),
  );
}

/** An image of nothing but one program. */
async function buildAround(build, name, ensure, program) {
  const file = await ensure();
  await buildStandIn(build, name, IMAGES[name], (folder) => copyFile(file, join(folder, program)));
}

async function buildStandIn(build, name, tag, fill) {
  await withFolder(async (folder) => {
    await fill(folder);
    await command([
      ...build,
      ...['-t', tag, '-f', join(root, 'deploy/docker/stand-ins', `${name}.Dockerfile`), folder],
    ]);
  });
}

/** What `use` resolves with, given a folder that is there only for so long. */
async function withFolder(use) {
  const folder = await mkdtemp(join(tmpdir(), 'parley-image-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function command([program, ...args]) {
  const child = spawn(program, args, { stdio: ['ignore', process.stderr, process.stderr] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} failed`);
}

if (isMain(import.meta)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      build: { type: 'string', default: 'docker build' },
      load: { type: 'string' },
      'bring-npm': { type: 'boolean' },
      twice: { type: 'boolean' },
    },
  });
  const unknown = positionals.find((name) => !(name in IMAGES));
  if (unknown) {
    console.error(`No image is called ${unknown}: there are ${Object.keys(IMAGES).join(', ')}`);
    process.exit(2);
  }
  const words = (text) => text?.split(' ').filter(Boolean);
  const build = words(values.build);
  const bringNpm = values['bring-npm'];
  const names = positionals.length > 0 ? positionals : undefined;
  const work = values.twice
    ? buildTwice(build, bringNpm).then((id) => console.log(`the same twice: ${id}`))
    : buildImages({ build, load: words(values.load), bringNpm, names });
  await work.catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
