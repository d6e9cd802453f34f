import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request, type RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { mongodbServerKind } from '@parley/store';
import { scriptOf } from './scripts.js';

export interface MongoServer {
  readonly url: string;
  readonly kind: 'mongodb' | 'ferretdb';
  /** Whether conditional updates hold among several writers: not in a FerretDB as it comes, which was given. */
  readonly isAtomic: boolean;
  stop(): Promise<void>;
}

const DOCKER_ANSWERS_WITHIN_MS = 1000;
const IMAGE_WITHIN_MS = 180_000;

/**
 * A server that speaks MongoDB's protocol: PARLEY_TEST_MONGODB_URL when set, a container of PARLEY_MONGO_IMAGE
 * (default mongo:8) where Docker answers and has the image, else FerretDB, built by scripts/ferretdb.mjs. Rejects
 * with a line that says what to install when none can be had. Allow it five minutes: the first build takes one.
 */
export const startMongo = async (): Promise<MongoServer> => {
  const given = process.env['PARLEY_TEST_MONGODB_URL'];
  if (given) {
    const kind = await mongodbServerKind(given);
    return { url: given, kind, isAtomic: kind === 'mongodb', stop: async () => {} };
  }
  if (await dockerAnswers()) {
    try {
      return await startContainer(process.env['PARLEY_MONGO_IMAGE'] ?? 'mongo:8');
    } catch (error) {
      process.stderr.write(
        `no MongoDB container, taking FerretDB: ${error instanceof Error ? error.message : String(error)}\n`,
      );
    }
  }
  return startFerretdb();
};

const dockerAnswers = (): Promise<boolean> => {
  const host = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  const options: RequestOptions = host.startsWith('unix://')
    ? { socketPath: host.slice('unix://'.length) }
    : { host: new URL(host).hostname, port: new URL(host).port };
  return new Promise((resolve) => {
    const ping = request({ ...options, path: '/_ping', timeout: DOCKER_ANSWERS_WITHIN_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.on('timeout', () => ping.destroy());
    ping.on('error', () => resolve(false));
    ping.on('close', () => resolve(false));
    ping.end();
  });
};

const startContainer = async (image: string): Promise<MongoServer> => {
  // Loaded only here: it takes a second, and machines without Docker never need it.
  const { GenericContainer } = await import('testcontainers');
  const starting = new GenericContainer(image).withExposedPorts(27017).withStartupTimeout(60_000).start();
  const container = await within(starting, IMAGE_WITHIN_MS, `${image} was not to be had within 3 minutes`);
  const url = `mongodb://${container.getHost()}:${container.getMappedPort(27017)}/?directConnection=true`;
  return { url, kind: 'mongodb', isAtomic: true, stop: async () => void (await container.stop()) };
};

const startFerretdb = async (): Promise<MongoServer> => {
  const binary = await buildFerretdb();
  const folder = await mkdtemp(join(tmpdir(), 'parley-ferretdb-'));
  const child = spawn(binary, ['-folder', folder], { stdio: ['pipe', 'pipe', 'pipe'] });
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const url = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([line]) => String(line)),
    ended.then(() => undefined),
  ]);
  if (url) return { url, kind: 'ferretdb', isAtomic: true, stop };
  await stop();
  throw new Error(`FerretDB did not start: ${Buffer.concat(errors).toString().trim()}`);
};

const buildFerretdb = async (): Promise<string> => {
  try {
    return (await promisify(execFile)(process.execPath, [scriptOf('ferretdb.mjs')])).stdout.trim();
  } catch (error) {
    const said =
      typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(said.split('\n').at(-1) || 'scripts/ferretdb.mjs failed', { cause: error });
  }
};

const within = async <T>(work: Promise<T>, ms: number, otherwise: string): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};
