import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { nextDueAt, position, type Command } from '../../../services/routing/src/domain.js';
import { Load, SKILLS } from './load.js';

export const ROUTING_USAGE = `  routing [--agents N] [--waiting N] [--decisions N] [--seed N]
    The routing engine alone, on one core: N agents (10000) with 40 skills, N waiting chats (100000, and a hundredth and
    a tenth of it), N decisions each (200000) of arrivals, answers and completions at once.`;

/** Simulated decisions a second: how fast the engine's time goes by. */
const PACE = 5_000;

/** Measures the routing engine alone: decisions a second on one core, delays, memory, growth. */
export const benchRouting = async (args: string[]): Promise<void> => {
  const { values } = parseArgs({
    args,
    options: {
      agents: { type: 'string', default: '10000' },
      waiting: { type: 'string', default: '100000' },
      decisions: { type: 'string', default: '200000' },
      seed: { type: 'string', default: '1' },
    },
  });
  const agents = Number(values.agents);
  const waiting = Number(values.waiting);
  const decisions = Number(values.decisions);
  const seed = Number(values.seed);
  console.log(`${agents} agents, ${SKILLS} skills, seed ${seed}`);
  const curve: Figures[] = [];
  for (const size of [waiting / 100, waiting / 10, waiting]) {
    const figures = measure({ agents, waiting: size, decisions, seed });
    curve.push(figures);
    console.log(line(figures));
  }
  const [small, , large] = curve as [Figures, Figures, Figures];
  const growth = large.perDecision / small.perDecision;
  const allowed = Math.log(large.waiting) / Math.log(small.waiting);
  console.log(
    `a decision costs ${growth.toFixed(2)} times as much at ${large.waiting} as at ${small.waiting}; n log n allows ${allowed.toFixed(2)}`,
  );
  const { perSecond, p50, p99, most, bytes, cpuPerSecond, rankMicros, eventsPerDecision } = large;
  console.log(
    JSON.stringify({
      decisionsPerSecond: Math.round(perSecond),
      decisionsPerCpuSecond: Math.round(cpuPerSecond),
      p50Ms: round(p50, 4),
      p99Ms: round(p99, 4),
      maxMs: round(most, 1),
      bytesPerWaitingChat: Math.round(bytes),
      rankMicros: round(rankMicros, 2),
      eventsPerDecision: round(eventsPerDecision, 2),
      growth: round(growth, 2),
      growthAllowed: round(allowed, 2),
    }),
  );
};

interface Setup {
  readonly agents: number;
  readonly waiting: number;
  readonly decisions: number;
  readonly seed: number;
}

interface Figures {
  readonly waiting: number;
  readonly lanes: number;
  readonly perSecond: number;
  readonly cpuPerSecond: number;
  /** µs */
  readonly perDecision: number;
  /** ms */
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  readonly bytes: number;
  readonly rankMicros: number;
  readonly eventsPerDecision: number;
  readonly kinds: string;
}

const line = ({
  waiting,
  lanes,
  perSecond,
  cpuPerSecond,
  p50,
  p99,
  most,
  bytes,
  rankMicros,
  kinds,
}: Figures): string =>
  `${waiting} waiting in ${lanes} lanes: ${Math.round(perSecond)} decisions/s (${Math.round(cpuPerSecond)} a CPU second), ` +
  `p50 ${(p50 * 1000).toFixed(1)} µs, p99 ${(p99 * 1000).toFixed(1)} µs, at most ${most.toFixed(1)} ms; ` +
  `${Math.round(bytes)} bytes a waiting chat; place in line ${rankMicros.toFixed(2)} µs\n  ${kinds}`;

const measure = ({ agents, waiting, decisions, seed }: Setup): Figures => {
  const load = new Load(seed);
  load.populate(agents);
  // First every agent has all they can have; then the line grows.
  while (load.state.free.size > agents / 100) {
    load.carryOut(load.arrival(true));
    for (let answer = load.answer(); answer; answer = load.answer()) load.carryOut(answer);
  }
  const before = heap();
  const inLine = load.waiting();
  // Two a millisecond: 100,000 have come within a minute.
  for (let i = 0; load.waiting() < waiting; i++) {
    load.now += i % 2;
    load.carryOut(load.arrival());
  }
  const bytes = (heap() - before) / Math.max(1, load.waiting() - inLine);
  drive(load, Math.round(decisions / 5), waiting);
  const run = drive(load, decisions, waiting);
  return { waiting, lanes: load.state.lanes.size, bytes, rankMicros: ranks(load), ...run };
};

/** Arrivals and completions at once, with the line kept at its length; each decision is timed. */
const drive = (
  load: Load,
  decisions: number,
  waiting: number,
): Omit<Figures, 'waiting' | 'lanes' | 'bytes' | 'rankMicros'> => {
  const times = new Float64Array(decisions);
  const sums = new Map<string, [count: number, ms: number]>();
  const { events } = load;
  const start = load.now;
  const cpu = process.cpuUsage();
  let spent = 0;
  let length = load.waiting();
  for (let i = 0; i < decisions; i++) {
    load.now = start + Math.floor((i * 1000) / PACE);
    if (i % 64 === 0) length = load.waiting();
    const command = nextCommand(load, i, length < waiting);
    const from = performance.now();
    load.carryOut(command);
    const took = performance.now() - from;
    times[i] = took;
    spent += took;
    const sum = sums.get(command.kind) ?? [0, 0];
    sums.set(command.kind, [sum[0] + 1, sum[1] + took]);
  }
  const used = process.cpuUsage(cpu);
  times.sort();
  const kinds = [...sums].map(
    ([kind, [count, ms]]) => `${kind} ${count} × ${((ms / count) * 1000).toFixed(1)} µs`,
  );
  return {
    perSecond: (decisions / spent) * 1000,
    cpuPerSecond: decisions / ((used.user + used.system) / 1_000_000),
    perDecision: (spent / decisions) * 1000,
    p50: times[Math.floor(decisions / 2)]!,
    p99: times[Math.floor(decisions * 0.99)]!,
    most: times[decisions - 1]!,
    eventsPerDecision: (load.events - events) / decisions,
    kinds: kinds.join(', '),
  };
};

/** Arrivals, answers and completions in equal parts; more of one kind where the line, or the offers, run short. */
const nextCommand = (load: Load, i: number, short: boolean): Command => {
  if ((nextDueAt(load.state) ?? Infinity) <= load.now) return { kind: 'tick' };
  if (i % 200 === 199) return load.presence();
  const turn = i % 3;
  const answer = turn === 0 ? load.answer() : undefined;
  if (answer) return answer;
  const completion = turn !== 1 || !short ? load.completion() : undefined;
  return completion ?? load.arrival();
};

const ranks = (load: Load): number => {
  const questions = 20_000;
  const ids = Array.from({ length: questions }, () => load.someChat());
  const from = performance.now();
  for (const id of ids) position(load.state, id);
  return ((performance.now() - from) / questions) * 1000;
};

/** Bytes in use once everything that nobody needs is gone. */
const heap = (): number => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
