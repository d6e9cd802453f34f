import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from '../../replay/score.js';
import type { Pair } from './pair.js';
import { openPairs, type Place } from './setup.js';
import { inTime } from './socket.js';

/** What the bench asks of the process that makes the load. */
export type Order =
  | { readonly kind: 'open'; readonly place: Place }
  /** One message in flight a pair, for so long. */
  | { readonly kind: 'closedLoop'; readonly ms: number }
  /** So many messages a second over all pairs, whatever becomes of them, for so long. */
  | { readonly kind: 'fixedRate'; readonly ms: number; readonly perSecond: number }
  | { readonly kind: 'check' };

/** Messages that were acknowledged and shown to the other side. */
export interface Measured {
  readonly messages: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What was shown twice, too late, out of order or not at all, since the pairs were opened. */
  readonly faults: number;
}

export type Answer = { readonly measured: Measured } | { readonly error: string };

const TICK_MS = 2;

/** The load of the bench, in a process of its own: carries out the orders that its parent sends. */
export const generate = async (): Promise<void> => {
  let pairs: Pair[] = [];
  const carryOut = async (order: Order): Promise<Measured> => {
    switch (order.kind) {
      case 'open':
        pairs = await openPairs(order.place);
        return measured([], 0, pairs);
      case 'closedLoop':
        return closedLoop(pairs, order.ms);
      case 'fixedRate':
        return fixedRate(pairs, order.ms, order.perSecond);
      case 'check':
        return measured([], 0, pairs);
    }
  };
  process.on('message', (order: Order) => {
    carryOut(order).then(
      (result) => process.send?.({ measured: result } satisfies Answer),
      (error: Error) => process.send?.({ error: error.message } satisfies Answer),
    );
  });
  await new Promise<void>((resolve) => process.once('disconnect', resolve));
  for (const pair of pairs) pair.close();
};

const closedLoop = async (pairs: readonly Pair[], ms: number): Promise<Measured> => {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const until = startedAt + ms;
  const talk = async (pair: Pair): Promise<void> => {
    while (performance.now() < until) {
      const sentAt = performance.now();
      latencies.push((await pair.exchange()) - sentAt);
    }
  };
  await inTime('the messages', Promise.all(pairs.map(talk)), ms);
  return measured(latencies, performance.now() - startedAt, pairs);
};

const fixedRate = async (pairs: readonly Pair[], ms: number, perSecond: number): Promise<Measured> => {
  const latencies: number[] = [];
  const underWay: Promise<void>[] = [];
  const startedAt = performance.now();
  const wanted = Math.floor((ms / 1000) * perSecond);
  for (let n = 0; n < wanted; n++) {
    // From when it was due, not from when this process came to send it: a stall counts for all whom it kept waiting.
    const dueAt = startedAt + (n * 1000) / perSecond;
    while (performance.now() < dueAt) await pause(Math.min(TICK_MS, Math.max(0, dueAt - performance.now())));
    const exchange = pairs[n % pairs.length]!.exchange();
    underWay.push(exchange.then((shownAt) => void latencies.push(shownAt - dueAt)));
  }
  await inTime('the messages', Promise.all(underWay));
  return measured(latencies, performance.now() - startedAt, pairs);
};

const measured = (latencies: number[], ms: number, pairs: readonly Pair[]): Measured => {
  latencies.sort((a, b) => a - b);
  return {
    messages: latencies.length,
    seconds: ms / 1000,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    faults: pairs.reduce((sum, pair) => sum + pair.faults(), 0),
  };
};
