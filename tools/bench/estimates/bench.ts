import { performance } from 'node:perf_hooks';
import { WaitEstimates } from '../../../services/routing/src/estimates/wait-estimates.js';
import {
  delayOfErlangC,
  erlangQuantile,
  offeredDelayOfErlangA,
  type TextbookQueue,
} from '../../../services/routing/src/testing/erlang.js';
import { tryEstimates, type Trial } from '../../../services/routing/src/testing/estimate-trial.js';
import {
  simulateQueue,
  type SimulatedQueue,
} from '../../../services/routing/src/testing/queue-simulation.js';

export const ESTIMATES_USAGE = `  estimates [--chats N] [--seeds N]
      estimates of waits against Erlang C, Erlang A and simulated queues`;

const TALK = 300;
const AGENTS = 10;
const PATIENCE = 600;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const seconds = (value: number): string => `${value.toFixed(0)} s`;
const error = (found: number, expected: number): string => percent((found - expected) / expected);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): void => {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]?.length ?? 0)));
  for (const row of [head, widths.map((width) => '-'.repeat(width)), ...rows])
    console.log(
      `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`,
    );
  console.log('');
};

const textbook = (load: number, abandon: number): TextbookQueue => ({
  arrivals: (load * AGENTS) / TALK,
  servers: AGENTS,
  service: 1 / TALK,
  abandon,
});

const queueOf = (
  { arrivals, servers, service, abandon }: TextbookQueue,
  seed: number,
  chats: number,
): SimulatedQueue => ({
  seed,
  chats,
  agents: servers,
  interarrival: (_, random) => random.exponential(1 / arrivals),
  talk: (_, random) => random.exponential(1 / service),
  ...(abandon > 0 ? { patience: (random) => random.exponential(1 / abandon) } : {}),
});

interface Delays {
  readonly estimated: number;
  readonly simulated: number;
}

/** Mean over everybody who had to wait: of what the model expected, and of what it was. */
const delaysOf = (queue: SimulatedQueue, estimates: WaitEstimates): Delays => {
  const sums = { estimated: 0, simulated: 0, count: 0 };
  const expected = new Map<string, number>();
  simulateQueue(queue, {
    committed: (events, at, placeOf) => {
      for (const { event } of events)
        if (event?.$case === 'conversationEnqueued') {
          const { conversationId } = event.value;
          const mean = estimates.meanAt('q', placeOf(conversationId));
          if (mean !== undefined) expected.set(conversationId, mean);
        }
      estimates.committed(events, at, placeOf);
    },
    waited: ({ id, seconds: waited }) => {
      const mean = expected.get(id);
      if (mean === undefined) return;
      sums.count++;
      sums.estimated += mean;
      sums.simulated += waited;
    },
  });
  return { estimated: sums.estimated / sums.count, simulated: sums.simulated / sums.count };
};

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const againstTextbooks = (chats: number, seeds: readonly number[]): number => {
  console.log(`Mean delay of those who wait, ${AGENTS} agents, ${TALK} s a chat (before calibration)\n`);
  const cases: readonly (readonly [string, TextbookQueue, (queue: TextbookQueue) => number])[] = [
    ['Erlang C, load 0.80', textbook(0.8, 0), delayOfErlangC],
    ['Erlang C, load 0.90', textbook(0.9, 0), delayOfErlangC],
    [`Erlang A, load 0.90, patience ${PATIENCE} s`, textbook(0.9, 1 / PATIENCE), offeredDelayOfErlangA],
    [`Erlang A, load 1.10, patience ${PATIENCE} s`, textbook(1.1, 1 / PATIENCE), offeredDelayOfErlangA],
    [`Erlang A, load 1.50, patience ${PATIENCE} s`, textbook(1.5, 1 / PATIENCE), offeredDelayOfErlangA],
  ];
  let worst = 0;
  const rows = cases.map(([name, queue, formula]) => {
    const runs = seeds.map((seed) => delaysOf(queueOf(queue, seed, chats), new WaitEstimates()));
    const estimated = meanOf(runs.map((run) => run.estimated));
    const simulated = meanOf(runs.map((run) => run.simulated));
    const exact = formula(queue);
    worst = Math.max(worst, Math.abs(estimated / simulated - 1));
    return [
      name,
      seconds(exact),
      seconds(simulated),
      seconds(estimated),
      error(estimated, exact),
      error(estimated, simulated),
    ];
  });
  table(['', 'formula', 'simulated', 'estimated', 'error to formula', 'to simulated'], rows);
  return worst;
};

const againstPlaces = (chats: number, seed: number): void => {
  console.log(
    '10th, 50th and 90th percentile by place, load 0.90, against Erlang(place) with the true rate\n',
  );
  const queue = textbook(0.9, 0);
  const estimates = new WaitEstimates();
  // Long enough that all are busy at the end of most moments; asked while they are.
  const found = new Map<number, { low: number; median: number; high: number }>();
  simulateQueue(queueOf(queue, seed, chats), {
    committed: (events, at, placeOf) => {
      estimates.committed(events, at, placeOf);
      const entered = events.find(({ event }) => event?.$case === 'conversationEnqueued')?.event;
      if (entered?.$case !== 'conversationEnqueued' || placeOf(entered.value.conversationId) === 0) return;
      for (const place of [1, 3, 10, 30]) {
        const range = estimates.rangeAt('q', place);
        if (range) found.set(place, range);
      }
    },
    waited: () => undefined,
  });
  const rate = queue.servers * queue.service;
  table(
    ['place', 'Erlang', 'estimated and calibrated', 'error of the median'],
    [...found].map(([place, { low, median, high }]) => {
      const exact = [0.1, 0.5, 0.9].map((share) => erlangQuantile(place, rate, share));
      return [
        String(place),
        exact.map(seconds).join(', '),
        [low, median, high].map(seconds).join(', '),
        error(median, exact[1]!),
      ];
    }),
  );
};

const beyondTextbooks = (chats: number, seeds: readonly number[]): number => {
  console.log('Calibrated 80 % ranges in simulated queues, second half of each run\n');
  const base = queueOf(textbook(0.9, 0), 0, chats);
  const patience: SimulatedQueue['patience'] = (random) => random.lognormal(PATIENCE, 1);
  const bursts: SimulatedQueue['interarrival'] = (now, random) =>
    random.exponential(TALK / (Math.floor(now / 1800) % 3 === 0 ? 18 : 4));
  const lunch: SimulatedQueue['staff'] = (now) => (Math.floor(now / 3600) % 4 === 3 ? 5 : AGENTS);
  const unlike: SimulatedQueue['talk'] = (agent, random) => random.exponential(agent % 2 ? 190 : 750);
  const cases: readonly (readonly [string, SimulatedQueue])[] = [
    ['M/M/10, load 0.90', base],
    ['M/M/10+M, load 1.10', queueOf(textbook(1.1, 1 / PATIENCE), 0, chats)],
    ['talk times lognormal, cv 1.5', { ...base, talk: (_, random) => random.lognormal(TALK, 1.5) }],
    ['talk times constant', { ...base, talk: () => TALK }],
    ['agents unlike each other, 1 : 4', { ...base, talk: unlike }],
    ['bursts, 18 : 4, patience lognormal', { ...base, interarrival: bursts, patience }],
    ['half of the agents away, one hour in four', { ...base, staff: lunch, patience }],
    [
      'all of these together',
      {
        ...base,
        interarrival: bursts,
        staff: lunch,
        patience,
        talk: (agent, random) => random.lognormal(agent % 2 ? 200 : 400, 1.2),
      },
    ],
  ];
  let worst = 0;
  const rows = cases.map(([name, queue]) => {
    const runs = seeds.map((seed) => tryEstimates({ ...queue, seed }));
    const mean = (of: (trial: Trial) => number): number => meanOf(runs.map(of));
    const covered = mean((run) => run.covered);
    worst = Math.max(worst, Math.abs(covered - 0.8));
    return [
      name,
      percent(covered),
      percent(mean((run) => run.measured ?? NaN)),
      percent(mean((run) => run.shown)),
      percent(mean((run) => run.left)),
      seconds(mean((run) => run.meanWait)),
      seconds(mean((run) => run.meanMedian)),
      seconds(mean((run) => run.medianError)),
      seconds(mean((run) => run.meanWidth)),
    ];
  });
  table(
    ['', 'in range', 'as measured', 'shown', 'left', 'mean wait', 'mean median', 'error of it', 'width'],
    rows,
  );
  return worst;
};

const numberOf = (args: readonly string[], flag: string, otherwise: number): number => {
  const at = args.indexOf(flag);
  const value = at < 0 ? otherwise : Number(args[at + 1]);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${flag} needs a whole number\n${ESTIMATES_USAGE}`);
  return value;
};

/** Compares estimates with formulas where these hold and with simulated queues; prints tables, last one line of JSON. */
export const benchEstimates = async (args: string[]): Promise<void> => {
  const chats = numberOf(args, '--chats', 20_000);
  const seeds = Array.from({ length: numberOf(args, '--seeds', 5) }, (_, i) => i + 1);
  const began = performance.now();
  const textbookError = againstTextbooks(chats, seeds);
  againstPlaces(chats, seeds[0]!);
  const coverageError = beyondTextbooks(chats, seeds);
  console.log(
    JSON.stringify({
      chats,
      seeds: seeds.length,
      worstMeanError: Number(textbookError.toFixed(4)),
      worstCoverageError: Number(coverageError.toFixed(4)),
      seconds: Math.round((performance.now() - began) / 1000),
    }),
  );
};
