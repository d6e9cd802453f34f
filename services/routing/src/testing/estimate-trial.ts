import { WaitEstimates } from '../estimates/wait-estimates.js';
import { simulateQueue, type SimulatedQueue } from './queue-simulation.js';

/** How estimates did in a simulated queue. Seconds; shares 0 to 1. */
export interface Trial {
  /** Chats that waited after the first half, which is for learning. */
  readonly waited: number;
  readonly left: number;
  /** Of these, the share for which a range was shown, and of those the share that lay in it. */
  readonly shown: number;
  readonly covered: number;
  /** What the estimates themselves hold their coverage for, at the end. */
  readonly measured: number | undefined;
  readonly meanWait: number;
  readonly meanMedian: number;
  /** Mean distance of the median from the wait. */
  readonly medianError: number;
  readonly meanWidth: number;
}

/** Plays a queue, asks for an estimate whenever somebody has to wait, and compares it with the wait. */
export const tryEstimates = (queue: SimulatedQueue, estimates = new WaitEstimates()): Trial => {
  const given = new Map<string, { low: number; median: number; high: number }>();
  const sums = { waited: 0, left: 0, shown: 0, covered: 0, wait: 0, median: 0, error: 0, width: 0 };
  simulateQueue(queue, {
    committed: (events, at, placeOf) => {
      for (const { event } of events) {
        if (event?.$case !== 'conversationEnqueued') continue;
        const place = placeOf(event.value.conversationId);
        const trusted = place > 0 && estimates.isTrusted('q');
        const range = trusted ? estimates.rangeAt('q', place) : undefined;
        if (range) given.set(event.value.conversationId, range);
      }
      estimates.committed(events, at, placeOf);
    },
    waited: ({ id, seconds, left }) => {
      if (Number(id.slice(1)) < queue.chats / 2) return;
      sums.waited++;
      sums.wait += seconds;
      if (left) sums.left++;
      const range = given.get(id);
      if (!range) return;
      sums.shown++;
      if (range.low <= seconds && seconds <= range.high) sums.covered++;
      sums.median += range.median;
      sums.error += Math.abs(range.median - seconds);
      sums.width += range.high - range.low;
    },
  });
  const each = (sum: number): number => sum / Math.max(1, sums.shown);
  return {
    waited: sums.waited,
    left: sums.left / Math.max(1, sums.waited),
    shown: sums.shown / Math.max(1, sums.waited),
    covered: each(sums.covered),
    measured: estimates.coverage('q'),
    meanWait: sums.wait / Math.max(1, sums.waited),
    meanMedian: each(sums.median),
    medianError: each(sums.error),
    meanWidth: each(sums.width),
  };
};
