import { mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Platform } from '../../../deploy/local/platform.mjs';
import { startTemporaryPlatform } from '../../lib/platform.js';
import { whole } from '../whole.js';
import { jetStreamCeiling } from './ceiling.js';
import { idleShare, microsOf, readCpu, spent, total, type CpuByProcess } from './cpu.js';
import type { Measured } from './generator.js';
import { startLoad, type Load } from './load.js';
import { consumersRest } from './settled.js';

export const MESSAGES_USAGE = `  messages [--pairs N] [--seconds N] [--profile FOLDER]
    N pairs of visitor and agent over WebSockets (64), on a platform of its own; N seconds a phase (10).
    --profile writes a CPU profile of every service to FOLDER (for Chromium's DevTools).`;

const FIXED_RATE = 200;
const NO_LIMIT = '1000000';

/** Measures messages end to end; see docs/benchmarks.md for what the figures mean. */
export const benchMessages = async (args: string[]): Promise<void> => {
  const { values } = parseArgs({
    args,
    options: {
      pairs: { type: 'string', default: '64' },
      seconds: { type: 'string', default: '10' },
      profile: { type: 'string' },
    },
  });
  const pairs = whole(values.pairs, '--pairs');
  const ms = whole(values.seconds, '--seconds') * 1000;
  const own = await startTemporaryPlatform({
    name: 'bench',
    env: {
      PARLEY_SOCKET_RATE: NO_LIMIT,
      PARLEY_TENANT_RATE: NO_LIMIT,
      PARLEY_ANONYMOUS_RATE: NO_LIMIT,
      ...profiling(values.profile),
    },
    onEvent: (name, kind, text) => console.error(`${name}: ${kind}: ${text}`),
  });
  const { platform } = own;
  const load = startLoad();
  try {
    const figures = await Promise.race([measure(platform, load, pairs, ms), platform.failure]);
    console.log(JSON.stringify(figures));
    if (figures.faults > 0) process.exitCode = 1;
  } finally {
    load.stop();
    await own.close();
  }
};

const measure = async (platform: Platform, load: Load, pairs: number, ms: number) => {
  const tenant = 'demo';
  const admin = { email: 'admin@demo.example', password: 'parley-demo' };
  say(`${pairs} pairs, ${cpus().length} cores`);
  await load.do({ kind: 'open', place: { http: platform.httpUrl, tenant, admin, pairs } });
  say('warm-up');
  await load.do({ kind: 'closedLoop', ms });
  await rest(platform);

  say('one message in flight a pair');
  const closed = await withCpu(platform, load, () => load.do({ kind: 'closedLoop', ms }));
  printCpu(closed);

  say(`${FIXED_RATE} messages a second`);
  const fixed = await withCpu(platform, load, () =>
    load.do({ kind: 'fixedRate', ms, perSecond: FIXED_RATE }),
  );
  printCpu(fixed);
  const { faults } = await load.do({ kind: 'check' });
  if (faults > 0) console.error(`${faults} messages were lost, repeated or out of order`);

  say('bare JetStream publishes');
  const ceilingPerSecond = await jetStreamCeiling(platform.natsUrl, pairs, ms / 4);
  return {
    pairs,
    cores: cpus().length,
    messages: closed.measured.messages,
    faults,
    messagesPerSecond: Math.round(closed.measured.messages / closed.measured.seconds),
    p50Ms: tenth(closed.measured.p50Ms),
    p99Ms: tenth(closed.measured.p99Ms),
    cpuMicrosPerMessage: Math.round(total(closed.cpu) / closed.measured.messages),
    loadMicrosPerMessage: Math.round(closed.load / closed.measured.messages),
    ceilingPerSecond,
    p50At200Ms: tenth(fixed.measured.p50Ms),
    p99At200Ms: tenth(fixed.measured.p99Ms),
    cpuMicrosPerMessageAt200: Math.round(total(fixed.cpu) / fixed.measured.messages),
  };
};

interface Phase {
  readonly measured: Measured;
  /** With what the consumers do afterwards. */
  readonly cpu: CpuByProcess;
  /** CPU of the process that makes the load, µs. */
  readonly load: number;
  /** Share of their time in which the cores had nothing to do, until the last message was shown. */
  readonly idle: number;
}

/** What a phase costs. */
const withCpu = async (platform: Platform, load: Load, phase: () => Promise<Measured>): Promise<Phase> => {
  const before = readCpu(platform);
  const loadBefore = microsOf(load.pid);
  const cores = cpus();
  const measured = await phase();
  const idle = idleShare(cores, cpus());
  await rest(platform);
  return {
    measured,
    cpu: spent(before, readCpu(platform)),
    load: microsOf(load.pid) - loadBefore,
    idle,
  };
};

const rest = async (platform: Platform): Promise<void> => {
  if (!(await consumersRest(Object.values(platform.metricsUrls))))
    console.error('consumers were still at work after 10 s: what they owe is not counted');
};

const printCpu = ({ cpu, measured: { messages }, load, idle }: Phase): void => {
  const all = total(cpu);
  for (const [name, micros] of [...cpu].sort((a, b) => b[1] - a[1]))
    console.log(
      `  ${name.padEnd(14)}${(micros / 1e6).toFixed(2).padStart(8)} s${String(Math.round(micros / messages)).padStart(7)} µs a message${String(Math.round((micros / all) * 100)).padStart(5)} %`,
    );
  console.log(
    `  beside it: the load ${Math.round(load / messages)} µs a message; the cores were idle for ${Math.round(idle * 100)} %`,
  );
};

const profiling = (folder: string | undefined): Record<string, string> => {
  if (folder === undefined) return {};
  const path = resolve(folder);
  mkdirSync(path, { recursive: true });
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${path}` };
};

const tenth = (ms: number): number => Math.round(ms * 10) / 10;
const say = (text: string): void => console.log(`bench: ${text}`);
