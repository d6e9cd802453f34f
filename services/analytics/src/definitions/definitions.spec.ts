import { describe, expect, it } from '@jest/globals';
import { analytics, conversation, type common } from '@parley/contracts';
import fc from 'fast-check';
import type { ConversationFact } from './fact.js';
import { loadOf } from './load.js';
import { outcomeOf } from './outcome.js';
import { addTo, emptySketch, mergeInto, quantileOf } from './sketch.js';
import { emptyLoad, emptyTally, figuresOf, mergeTally, tallyFact } from './tally.js';
import {
  type Event,
  visitor,
  anna,
  system,
  bot,
  into,
  entered,
  joined,
  said,
  closed,
  factOf,
  figures,
  queueFigures,
  leftQueueForBot,
  movedTo,
  messageAsked,
  messageTaken,
  parked,
  held,
} from '../testing/facts.js';
const { CloseReason } = conversation;

const answered = factOf(
  [0, visitor, said],
  [0, visitor, entered],
  [10, anna, joined],
  [15, anna, said],
  [20, visitor, said],
  [22, visitor, said],
  [30, anna, said],
  [60, anna, closed(CloseReason.CLOSE_REASON_RESOLVED)],
  [70, visitor, { $case: 'ratingGiven', value: { score: 5, comment: '' } }],
  [
    100,
    visitor,
    { $case: 'conversionRecorded', value: { name: 'o', value: 0n, currency: '', conversionId: 'x' } },
  ],
);
const abandonedAfter = (seconds: number): ConversationFact =>
  factOf(
    [0, visitor, said],
    [0, visitor, entered],
    [seconds + 60, visitor, closed(CloseReason.CLOSE_REASON_ABANDONED, new Date(seconds * 1000))],
  );

describe('the definitions', () => {
  it('measure an answered chat', () => {
    const f = figures(answered);
    expect(f).toMatchObject({
      offered: 1,
      answered: 1,
      abandoned: 0,
      closed: 1,
      handled: 1,
      ratings: 1,
      csat: 1,
    });
    expect(f.waitOfAnswered?.mean).toBe(15);
    expect(f.firstResponseFromEntry?.mean).toBe(15);
    expect(f.firstResponseFromAcceptance?.mean).toBe(5);
    expect(f.responseInChat).toMatchObject({ count: 1, sum: 10 });
    expect(f.handleTime?.sum).toBe(50);
    expect(f).toMatchObject({ serviceLevel: 1, converted: 1, conversionRate: 1, dropped: 0 });
    expect(f).toMatchObject({ messagesByVisitors: 3, messagesByAgents: 2 });
  });

  it('date an abandonment at the last contact, and tell short ones apart', () => {
    const f = figures(answered, abandonedAfter(5), abandonedAfter(40));
    expect(f).toMatchObject({ offered: 3, answered: 1, abandoned: 2, shortAbandoned: 1 });
    expect(f.abandonRate).toBeCloseTo(2 / 3);
    expect(f.abandonRateWithoutShort).toBeCloseTo(1 / 2);
    expect(f.serviceLevel).toBeCloseTo(1 / 2);
    expect(f.abandonWaitMean).toBeCloseTo(22.5);
  });

  it('do not take a bot for an answer', () => {
    const f = factOf([0, visitor, entered], [1, bot, said]);
    expect(outcomeOf(f)).toBe(analytics.Fact_Outcome.OUTCOME_WAITING);
  });

  it('count a chat that ends on an unanswered message as dropped', () => {
    const f = factOf(
      [0, visitor, entered],
      [1, anna, joined],
      [2, anna, said],
      [3, visitor, said],
      [9, anna, closed(CloseReason.CLOSE_REASON_RESOLVED)],
    );
    expect(figures(f).dropped).toBe(1);
  });

  it('keep a conversion that came too late out', () => {
    const late = { ...answered, convertedAt: answered.closedAt! + 24 * 3_600_000 + 1 };
    expect(figures(late).converted).toBe(0);
  });

  it('count a chat that was answered, reopened and left as answered, and once; dropped by what they wrote', () => {
    const again: Parameters<typeof factOf> = [
      [0, visitor, entered],
      [10, anna, joined],
      [15, anna, said],
      [60, anna, closed(CloseReason.CLOSE_REASON_RESOLVED)],
      [100, visitor, { $case: 'reopened', value: { agentId: '' } }],
      [100, visitor, entered],
    ];
    const ended = closed(CloseReason.CLOSE_REASON_VISITOR_ENDED, new Date(120_000));
    const silent = factOf(...again, [180, system, ended]);
    const wrote = factOf(...again, [110, visitor, said], [180, system, ended]);
    expect(figures(silent)).toMatchObject({ offered: 1, answered: 1, abandoned: 0, handled: 1, dropped: 0 });
    expect(figures(wrote)).toMatchObject({ offered: 1, answered: 1, abandoned: 0, dropped: 1 });
    for (const fact of [silent, wrote]) {
      expect(fact.closedAt).toBe(120_000);
      expect(figures(fact).waitOfAnswered?.mean).toBe(15);
    }
  });

  it('go on after a reopening', () => {
    const f = factOf(
      [0, visitor, entered],
      [1, anna, joined],
      [2, anna, said],
      [10, anna, closed(CloseReason.CLOSE_REASON_RESOLVED)],
      [100, visitor, { $case: 'reopened', value: { agentId: '' } }],
      [100, visitor, { ...entered }],
    );
    expect(figures(f)).toMatchObject({ offered: 1, answered: 1, closed: 0 });
  });

  it('have no share of nothing', () => {
    const f = figures();
    expect([f.abandonRate, f.serviceLevel, f.csat, f.conversionRate, f.concurrency]).toEqual(
      Array(5).fill(undefined),
    );
  });

  it('always add up: offered is the sum of its parts, however chats went', () => {
    const events: Event[] = [
      entered,
      into('sales'),
      joined,
      said,
      said,
      leftQueueForBot,
      movedTo('sales'),
      messageAsked,
      messageTaken,
      parked,
      held,
      { $case: 'reopened', value: { agentId: '' } },
      ...[1, 2, 3, 4, 5, 6, 7].map((r) => closed(r)),
    ];
    const step = fc.tuple(fc.constantFrom(visitor, anna, bot), fc.constantFrom(...events));
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 12 }), { maxLength: 20 }), (chats) => {
        const facts = chats.map((chat) =>
          factOf(...chat.map(([a, e], i) => [i, a, e] as [number, common.Actor, Event])),
        );
        const f = figures(...facts);
        const queues = queueFigures(...facts);
        for (const each of [f, ...Object.values(queues)]) {
          expect(each.offered).toBe(
            each.answered + each.abandoned + each.messageTaken + each.flowedOut + each.waiting,
          );
          expect(each.shortAbandoned).toBeLessThanOrEqual(each.abandoned);
        }
        // Each chat is offered to a queue at least once, and what is no offer is the same counted by queue or not.
        const sum = (figure: 'offered' | 'handled' | 'messagesByVisitors' | 'transfers') =>
          Object.values(queues).reduce((total, each) => total + each[figure], 0);
        expect(sum('offered')).toBeGreaterThanOrEqual(f.offered);
        for (const figure of ['handled', 'messagesByVisitors', 'transfers'] as const)
          expect(sum(figure)).toBe(f[figure]);
        expect(f.shortAbandoned).toBeLessThanOrEqual(f.abandoned);
        expect(f.handled).toBeLessThanOrEqual(f.answered);
      }),
    );
  });

  it('give the same figures merged from parts as computed at once', () => {
    const facts = [answered, abandonedAfter(3), abandonedAfter(50), answered];
    const one = emptyTally();
    const two = emptyTally();
    facts.forEach((fact, i) => tallyFact(i % 2 ? one : two, { fact, wrapUpMs: 0, serviceLevelSeconds: 30 }));
    mergeTally(one, two);
    expect(figuresOf(one, emptyLoad())).toEqual(figures(...facts));
  });
});

describe('the quantile sketch', () => {
  it('is within 1 % of the true quantile, merged or not', () => {
    const values = fc.array(fc.double({ min: 0.01, max: 1e5, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(values, fc.constantFrom(0, 0.5, 0.9, 0.99, 1), (list, share) => {
        const a = emptySketch();
        const b = emptySketch();
        list.forEach((value, i) => addTo(i % 2 ? a : b, value));
        mergeInto(a, b);
        const truth = [...list].sort((x, y) => x - y)[Math.floor(share * (list.length - 1))]!;
        expect(Math.abs(quantileOf(a, share)! - truth)).toBeLessThanOrEqual(truth * 0.0101);
      }),
    );
  });

  it('counts zeros and negatives as zero', () => {
    const sketch = emptySketch();
    addTo(sketch, 0);
    addTo(sketch, -3);
    expect(quantileOf(sketch, 0.5)).toBe(0);
    expect(sketch.sum).toBe(0);
  });
});

describe("an agent's load", () => {
  it('adds chats up and counts overlapping time once', () => {
    const spans = [
      { from: 0, to: 10 },
      { from: 5, to: 20 },
      { from: 30, to: 40 },
    ];
    expect(loadOf(spans, [], 0, 100)).toMatchObject({ openMs: 35, busyMs: 30 });
    expect(loadOf(spans, [], 8, 32)).toMatchObject({ openMs: 16, busyMs: 14 });
    expect(loadOf([], [], 0, 100)).toEqual(emptyLoad());
  });

  it('fills the slots of the time in which they were available, and never more', () => {
    const spans = [
      { from: 0, to: 20 },
      { from: 10, to: 30 },
      { from: 12, to: 14 },
    ];
    const available = [{ from: 5, to: 25, slots: 2 }];
    // 5–10 one, 10–12 two, 12–14 three of two, 14–20 two, 20–25 one.
    expect(loadOf(spans, available, 0, 100)).toMatchObject({ usedMs: 32, staffedMs: 42 });
    expect(loadOf(spans, [], 0, 100)).toMatchObject({ usedMs: 0, staffedMs: 0 });
    expect(loadOf([], available, 10, 15)).toMatchObject({ usedMs: 0, staffedMs: 10 });
  });
});
