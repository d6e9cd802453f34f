/** Copies by schedule: what the pods are told and let do, tried on real servers. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TENANT_PARTITIONS } from '@parley/contracts';
import { openEventLog } from '@parley/eventlog';
import { connectBus } from '@parley/messaging';
import { startMongo, startNats, type MongoServer, type TestNats } from '@parley/testkit';
import { containerOf, environmentOf, refusal, render, type KubeObject } from './helm.js';

// Each rendering is a process of its own, which is slow on a busy machine.
jest.setTimeout(60_000);

const root = join(import.meta.dirname, '..', '..');
const values = ['values-small.yaml'];
const set = { 'backup.enabled': 'true', 'backup.keep': '2', 'nats.embedded.existingSecret': 'parley-nats' };
const users = 'gateway conversation routing presence transcript analytics notification cluster backup';
const passwords = Object.fromEntries(users.split(' ').map((user) => [user, `${user}1234567890`]));

interface Job {
  readonly args: readonly string[];
  readonly env: Parameters<typeof environmentOf>[0]['env'];
}

const jobOf = (objects: readonly KubeObject[], name: string): Job => {
  const { spec } = objects.find(({ kind, metadata }) => kind === 'CronJob' && metadata.name === name)!;
  const { jobTemplate } = spec as {
    jobTemplate: { spec: { template: { spec: { containers: [Job] } } } };
  };
  return jobTemplate.spec.template.spec.containers[0];
};

describe('copies by schedule', () => {
  let objects: readonly KubeObject[];
  let nats: TestNats;
  let mongo: MongoServer;
  let backups: string;

  beforeAll(async () => {
    objects = await render({ values, set });
    const { stringData } = objects.find(({ metadata }) => metadata.name.endsWith('nats-config'))!;
    const text = stringData!['nats.conf']!;
    nats = await startNats({
      settings: text.slice(text.lastIndexOf('\nauthorization {')),
      env: environmentOf(containerOf(objects, 'nats'), { 'parley-nats': passwords }),
    });
    mongo = await startMongo();
    backups = mkdtempSync(join(tmpdir(), 'parley-backups-'));
    const bus = await connectBus({
      url: nats.url,
      name: 'gateway',
      user: 'gateway',
      password: passwords['gateway']!,
    });
    await openEventLog({ bus, name: 'tenant', partitions: TENANT_PARTITIONS });
    await bus.drain();
  });
  afterAll(async () => {
    await mongo.stop();
    await nats.stop();
    rmSync(backups, { recursive: true, force: true });
  });

  /** Does what the pod does, with its own words and its own user, to servers of this machine. */
  const runJob = async (name: string): Promise<unknown> => {
    const { args, env } = jobOf(objects, name);
    const own = environmentOf({ env }, { 'parley-nats': passwords, 'parley-mongodb': { MONGODB_URL: '' } });
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        ...['scripts/run.mjs', 'tools/backup/main.ts'],
        ...args.map((arg) => arg.replace(/^\/backups/, backups)),
      ],
      {
        cwd: root,
        env: {
          ...process.env,
          ...own,
          NATS_URL: nats.url,
          MONGODB_URL: mongo.url,
          PARLEY_NATS_REPLICAS: '1',
        },
      },
    );
    return JSON.parse(stdout);
  };

  it('are made into a folder each, by the user who may do nothing else', async () => {
    expect(await runJob('parley-backup')).toMatchObject({ create: { messages: 0 }, removed: 0 });
    const [made, ...others] = readdirSync(backups);
    expect(others).toEqual([]);
    const { streams } = JSON.parse(readFileSync(join(backups, made!, 'backup.json'), 'utf8')) as {
      streams: object[];
    };
    expect(streams).toHaveLength(TENANT_PARTITIONS);
  });

  it('have the list of erasures beside them', async () => {
    expect(await runJob('parley-backup-erasures')).toEqual({ erasures: 0 });
    expect(existsSync(join(backups, 'erasures.jsonl'))).toBe(true);
  });

  it('are let to NATS and MongoDB and to nothing else', () => {
    const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
    const component = ({ metadata }: KubeObject): string => metadata.labels!['app.kubernetes.io/component']!;
    const letIn = policies
      .filter(({ spec }) =>
        JSON.stringify((spec as { ingress: unknown }).ingress).includes('component":"backup"'),
      )
      .map(component);
    expect(letIn.toSorted()).toEqual(['mongodb', 'nats']);
    const own = policies.find((policy) => component(policy) === 'backup')!.spec as {
      ingress: object[];
      egress: { ports: { port: number }[] }[];
    };
    expect(own.ingress).toEqual([]);
    expect(own.egress.map(({ ports }) => ports[0]!.port)).toEqual([53, 4222, 27017]);
  });

  it('go to a claim that is there, or to one of the chart', async () => {
    const claims = (rendered: readonly KubeObject[]): string[] => [
      ...new Set([...JSON.stringify(rendered).matchAll(/"claimName":"([^"]+)"/g)].map(([, claim]) => claim!)),
    ];
    expect(claims(objects)).toEqual(['parley-backup']);
    expect(objects.filter(({ kind }) => kind === 'PersistentVolumeClaim')).toHaveLength(1);
    const elsewhere = await render({ values, set: { ...set, 'backup.existingClaim': 'copies' } });
    expect(claims(elsewhere)).toEqual(['copies']);
    expect(elsewhere.filter(({ kind }) => kind === 'PersistentVolumeClaim')).toEqual([]);
  });

  it('are off unless they are wanted, and want a schedule', async () => {
    const without = await render({ values });
    expect(without.filter(({ kind }) => kind === 'CronJob' || kind === 'PersistentVolumeClaim')).toEqual([]);
    expect(await refusal({ values, set: { ...set, 'backup.schedule': 'daily' } })).toMatch(
      /backup\/schedule.*does not match pattern/,
    );
  });
});
