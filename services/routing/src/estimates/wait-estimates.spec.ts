import { describe, expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import { tryEstimates } from '../testing/estimate-trial.js';
import { simulateQueue, type SimulatedQueue } from '../testing/queue-simulation.js';
import type { Random } from '../testing/random.js';
import { WaitEstimates } from './wait-estimates.js';

const BUSY: SimulatedQueue = {
  seed: 7,
  chats: 5_000,
  agents: 10,
  interarrival: (_, random) => random.exponential(300 / 9),
  talk: (_, random) => random.exponential(300),
};

/** Estimates after a queue was played. */
const learned = (queue: SimulatedQueue, estimates = new WaitEstimates()): WaitEstimates => {
  simulateQueue(queue, {
    committed: (...commit) => estimates.committed(...commit),
    waited: () => undefined,
  });
  return estimates;
};

type EventCase = NonNullable<routing.RoutingEvent['event']>;
const START = Date.UTC(2026, 0, 5);
const tell = (estimates: WaitEstimates, second: number, ...events: EventCase[]): void =>
  estimates.committed(
    events.map((event) => ({ event })),
    START + second * 1000,
    () => 1,
  );
const enqueued = (conversationId: string, queueId = 'q'): EventCase => ({
  $case: 'conversationEnqueued',
  value: routing.ConversationEnqueued.fromPartial({ conversationId, queueId }),
});
const offered = (conversationId: string, agentId: string): EventCase => ({
  $case: 'offerMade',
  value: routing.OfferMade.fromPartial({ conversationId, agentId, queueId: 'q' }),
});
const accepted = (conversationId: string, agentId: string): EventCase => ({
  $case: 'offerAccepted',
  value: { offerId: 'o', conversationId, agentId },
});
const ended = (conversationId: string, agentId: string): EventCase => ({
  $case: 'assignmentEnded',
  value: { conversationId, agentId, reason: routing.AssignmentEnded_Reason.REASON_CLOSED, sourceVersion: 2 },
});

describe('estimates of waits', () => {
  it('are hidden before enough waits have ended', () => {
    const estimates = learned({ ...BUSY, chats: 30 });
    expect(estimates.coverage('q')).toBeUndefined();
    expect(estimates.estimate('q', 5)).toBeUndefined();
    expect(estimates.estimate('unknown', 1)).toBeUndefined();
  });

  it('grow with the place in line, and are not given for what is short', () => {
    const estimates = new WaitEstimates(learned(BUSY).toJSON());
    const agents = Array.from({ length: 10 }, (_, i) => ({ agentId: `a${i}` }));
    const held = agents.map((agent, i) => ({
      id: `c${i}`,
      queueId: 'q',
      phase: 'active',
      offers: [],
      assignments: [agent],
    }));
    estimates.resume(held, START);
    const at = (place: number) => estimates.estimate('q', place);
    expect(at(4)?.medianSeconds).toBeGreaterThan(60);
    expect(at(4)?.medianSeconds).toBeLessThan(180);
    expect(at(40)?.lowSeconds).toBeGreaterThan(at(4)?.highSeconds ?? Infinity);
    for (const { lowSeconds, medianSeconds, highSeconds } of [at(4)!, at(10)!, at(40)!]) {
      expect(lowSeconds).toBeLessThan(medianSeconds);
      expect(medianSeconds).toBeLessThan(highSeconds);
    }
    expect(estimates.estimateForNext('q', 0, 3)).toBeUndefined();
    expect(estimates.estimateForNext('q', 9, 0)).toEqual(at(10));
  });

  it('are the same after a restart', () => {
    const estimates = learned(BUSY);
    const stored = JSON.parse(JSON.stringify(estimates)) as ReturnType<WaitEstimates['toJSON']>;
    const restored = new WaitEstimates(stored);
    expect(restored.coverage('q')).toBe(estimates.coverage('q'));
    expect(JSON.stringify(restored)).toBe(JSON.stringify(estimates));
  });

  it('keep to 80 % where the model holds and where it does not', () => {
    const bursts = (now: number, random: Random): number =>
      random.exponential(300 / (Math.floor(now / 1800) % 3 === 0 ? 20 : 3));
    const queues: readonly (readonly [string, SimulatedQueue])[] = [
      ['exponential', BUSY],
      [
        'impatient',
        { ...BUSY, interarrival: (_, r) => r.exponential(300 / 11), patience: (r) => r.exponential(600) },
      ],
      ['agents unlike each other', { ...BUSY, talk: (agent, r) => r.exponential(agent % 2 ? 190 : 750) }],
      ['bursts', { ...BUSY, interarrival: bursts, patience: (r) => r.lognormal(900, 1) }],
      [
        'lunch breaks',
        {
          ...BUSY,
          staff: (now) => (Math.floor(now / 3600) % 4 === 3 ? 5 : 10),
          patience: (r) => r.exponential(600),
        },
      ],
    ];
    for (const [name, queue] of queues) {
      const { shown, covered } = tryEstimates(queue);
      expect([name, covered > 0.72 && covered < 0.88, shown > 0.7]).toEqual([name, true, true]);
    }
  });

  it('are hidden when they turn out wrong, and come back when they have learned', () => {
    const estimates = learned(BUSY);
    expect(estimates.isTrusted('q')).toBe(true);
    // One agent, who takes a minute for each chat; and twenty others overtake everybody who waits.
    let now = 1e6;
    const wait = (i: number): void => {
      tell(estimates, now, enqueued(`w${i}`));
      for (let other = 0; other < 20; other++, now += 60) {
        tell(estimates, now, enqueued(`o${now}`), offered(`o${now}`, 'a'), accepted(`o${now}`, 'a'));
        tell(estimates, now + 60, ended(`o${now}`, 'a'));
      }
      tell(estimates, now, offered(`w${i}`, 'a'), accepted(`w${i}`, 'a'));
      tell(estimates, (now += 60), ended(`w${i}`, 'a'));
      tell(estimates, now, enqueued(`p${i}`), offered(`p${i}`, 'a'), accepted(`p${i}`, 'a'));
      if (i > 0) tell(estimates, now, ended(`p${i - 1}`, 'a'));
    };
    let i = 0;
    while (i < 400 && estimates.isTrusted('q')) wait(i++);
    expect(i).toBeLessThan(150);
    for (; i < 1000 && !estimates.isTrusted('q'); i++) wait(i);
    expect(estimates.isTrusted('q')).toBe(true);
  });

  it('learn nothing from chats that are offered to somebody at once', () => {
    const estimates = learned(BUSY);
    const before = JSON.stringify(estimates.toJSON().queues['q']?.resolved);
    tell(estimates, 1e6, enqueued('x'), offered('x', 'a'));
    tell(estimates, 1e6 + 5, accepted('x', 'a'));
    expect(JSON.stringify(estimates.toJSON().queues['q']?.resolved)).toBe(before);
  });

  it('forget a queue that is removed', () => {
    const estimates = learned(BUSY);
    tell(estimates, 1e6, { $case: 'queueRemoved', value: { queueId: 'q' } });
    expect(estimates.toJSON().queues).toEqual({});
  });
});
