import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from '@parley/kernel';
import type { Command } from './domain/commands.js';
import { conversationCodec, type ConversationFact } from './domain/events.js';
import { isOpen, type State } from './domain/state.js';
import { emptyView, evolveView } from './domain/view.js';
import {
  ann,
  bob,
  boss,
  by,
  decider,
  HOUR,
  integration,
  joinWish,
  leaveMessageWish,
  MINUTE,
  sendWish,
  startWish,
  stranger,
  system,
  T0,
  transferWish,
  visitor,
} from './testing/story.js';
import { conversation, log } from '@parley/contracts';

const anyone = fc.constantFrom(visitor, stranger, ann, bob, boss, integration);
const staff = fc.constantFrom(ann, bob, boss);
const ids = fc.constantFrom('m1', 'm2', 'm3', 'm4');
const agents = fc.constantFrom('ann', 'bob', 'boss');
const service = fc.constant(system);

type Wish = Parameters<typeof by>[1];
const transfers = fc.constantFrom('t1', 't2');
const address = fc.constantFrom(undefined, { name: 'Mia', email: 'mia@example.org', recorded: false });
const plain = (...types: readonly Plain['type'][]): fc.Arbitrary<Wish> =>
  fc.constantFrom(...types).map((type) => ({ type }));
type Plain = Extract<
  Wish,
  { type: 'hold' | 'resume' | 'park' | 'unpark' | 'leave' | 'joinAsSupervisor' | 'takeOver' }
>;
const careWishes: fc.Arbitrary<Wish> = fc.oneof(
  plain('hold', 'resume', 'park', 'unpark', 'leave', 'joinAsSupervisor', 'takeOver'),
  plain('unpark', 'joinAsSupervisor', 'joinAsSupervisor', 'takeOver'),
  fc
    .record({ transferId: transfers, toAgentId: fc.constantFrom('', 'ann', 'bob', 'boss'), mode: fc.nat(2) })
    .map(({ toAgentId, ...more }): Wish =>
      transferWish({ ...more, toAgentId, toQueueId: toAgentId ? '' : 'sales' }),
    ),
  transfers.map((transferId): Wish => ({ type: 'cancelTransfer', transferId })),
  ids.map((whisperId): Wish => ({ type: 'whisper', whisperId, text: 'psst' })),
  fc
    .tuple(ids, fc.constantFrom('', 'call me'))
    .map(([messageId, text]): Wish => ({ ...leaveMessageWish, messageId, text })),
  fc.constantFrom('', 'ann', 'bob').map((agentId): Wish => ({ type: 'assignFollowUp', agentId, dueAt: 0 })),
  fc
    .tuple(ids, address)
    .map(([messageId, where]): Wish => ({ type: 'answerFollowUp', messageId, text: 'so', address: where })),
  fc.constant<Wish>({ type: 'handToPeople', queueId: '' }),
);
const routingWishes: fc.Arbitrary<Wish> = fc.oneof(
  fc.tuple(agents, transfers).map(([agentId, transferId]): Wish => ({ ...joinWish(agentId), transferId })),
  transfers.map((transferId): Wish => ({ type: 'refuseTransfer', transferId, reason: 1, note: '' })),
  fc.constant<Wish>({ type: 'handToBot', queueVersion: 0 }),
  fc.constant<Wish>({ type: 'requestMessage', reason: 3, replyBy: T0 + HOUR, opensAt: 0, queueVersion: 0 }),
  fc.constant<Wish>({ type: 'inform', informed: { next: 1, times: 1, queueId: '' } }),
  fc.constant<Wish>({
    type: 'showEstimate',
    shown: { position: 1, lowSeconds: undefined, highSeconds: undefined, queueId: 'default' },
  }),
);
const wishes: fc.Arbitrary<{ who: typeof visitor; wish: Wish }> = fc.oneof(
  fc.record({
    who: fc.constant(visitor),
    wish: fc.constant<Wish>({ ...startWish, name: 'Mia', text: 'hi', messageId: 'm0' }),
  }),
  fc.record({ who: anyone, wish: fc.tuple(ids, fc.nat(5)).map(([id, seq]): Wish => sendWish(id, seq)) }),
  fc.record({ who: anyone, wish: ids.map((noteId): Wish => ({ type: 'note', noteId, text: 'psst' })) }),
  fc.record({ who: anyone, wish: fc.nat(30).map((version): Wish => ({ type: 'read', version })) }),
  fc.record({ who: service, wish: agents.map((id): Wish => joinWish(id)) }),
  // Handing on, holding, supervising, answering later: about half of what happens.
  ...[anyone, staff, staff, staff].map((who) => fc.record({ who, wish: careWishes })),
  ...[1, 2, 3].map(() => fc.record({ who: service, wish: routingWishes })),
  fc.record({
    who: service,
    wish: agents.map((agentId): Wish => ({ type: 'releaseAgent', agentId, reason: 0 })),
  }),
  fc.record({ who: service, wish: fc.constant<Wish>({ type: 'expire' }) }),
  fc.record({
    who: service,
    wish: fc
      .nat(HOUR)
      .map((at): Wish => ({ type: 'visitorLeft', lastContactAt: Date.UTC(2026, 0, 5, 9) + at })),
  }),
  fc.record({ who: anyone, wish: fc.nat(4).map((reason): Wish => ({ type: 'close', reason })) }),
  fc.record({ who: anyone, wish: fc.constant<Wish>({ type: 'reopen' }) }),
  fc.record({
    who: anyone,
    wish: fc.integer({ min: 1, max: 5 }).map((score): Wish => ({ type: 'rate', score, comment: '' })),
  }),
  fc.record({
    who: anyone,
    wish: ids.map((conversionId): Wish => ({
      type: 'convert',
      conversionId,
      name: 'order',
      value: 1n,
      currency: 'EUR',
    })),
  }),
  fc.record({ who: fc.constant(boss), wish: fc.constant<Wish>({ type: 'erase', reason: 'test' }) }),
  fc.record({
    who: anyone,
    wish: ids.map((id): Wish => ({
      type: 'changePage',
      page: { url: `https://shop.example/${id}`, title: '' },
    })),
  }),
);
const rest = fc.array(fc.tuple(wishes, fc.nat(5 * MINUTE)), { minLength: 1, maxLength: 60 });
type Step = [{ who: typeof visitor; wish: Wish }, number];
/** Most begin with a chat that Ann has joined: what follows is worth more there. */
const begun: Step[] = [
  [{ who: visitor, wish: { ...startWish, name: 'Mia', text: 'hi', messageId: 'm0' } }, 0],
  [{ who: system, wish: joinWish('ann') }, 1000],
];
const script = fc
  .tuple(fc.constantFrom([], begun.slice(0, 1), begun, begun), rest)
  .map(([first, more]): Step[] => [...first, ...more]);

const AFTER_CLOSING = new Set([
  'reopened',
  'queueEntered',
  'ratingGiven',
  'conversionRecorded',
  'contentErased',
  'readUpTo',
  // A follow-up is answered while the conversation stays closed.
  'visitorIdentified',
  'messageSent',
  'followUpAssigned',
  'followUpAnswered',
]);

const checkStep = (
  before: State,
  command: Command,
  events: readonly ConversationFact[],
  state: State,
): void => {
  expect(state.version).toBe(before.version + events.length);
  const cases = events.map(({ fact }) => fact.$case);
  if (before.version > 0) expect(cases).not.toContain('started');
  else if (events.length > 0) expect(cases[0]).toBe('started');
  if (before.version > 0 && !isOpen(before)) for (const name of cases) expect(AFTER_CLOSING).toContain(name);
  if (cases.includes('queueEntered') && !isOpen(before) && before.version > 0)
    expect(cases[0]).toBe('reopened');
  if (cases.includes('messageSent') && !isOpen(before) && before.version > 0)
    expect(cases).toContain('followUpAnswered');
  if (command.by === stranger) expect(cases).toEqual([]);
  if (command.by === bob && command.type === 'send' && !before.agentIds.includes('bob'))
    expect(cases).toEqual([]);
  checkHands(before, cases, state);
  expect(isOpen(state)).toBe(state.version > 0 && state.closedAt === 0);
  expect(new Set(state.agentIds).size).toBe(state.agentIds.length);
  expect(state.visitorRead).toBeLessThanOrEqual(state.version);
  expect(state.erasedUpTo).toBeLessThan(Math.max(1, state.version));
};

const { ConversationState: Status } = conversation;
const WITH_AGENT: readonly conversation.ConversationState[] = [
  Status.CONVERSATION_STATE_ACTIVE,
  Status.CONVERSATION_STATE_ON_HOLD,
];

/** Nobody falls between: an open chat has an agent, waits, is parked, with a bot, or is asked for a message. */
const checkHands = (before: State, cases: readonly string[], state: State): void => {
  if (!isOpen(state)) {
    expect(state.transfer).toBeUndefined();
    expect(state.parkedBy).toBe('');
    if (isOpen(before) && cases.includes('messageTaken')) expect(state.followUp?.answeredAt).toBe(0);
    return;
  }
  expect(state.agentIds.length > 0).toBe(WITH_AGENT.includes(state.status));
  expect(state.parkedBy !== '').toBe(state.status === Status.CONVERSATION_STATE_PARKED);
  if (state.transfer) expect(state.agentIds.length).toBeGreaterThan(0);
  // Two are in charge after a warm transfer only.
  if (state.agentIds.length > Math.max(1, before.agentIds.length)) expect(cases).toContain('transferred');
  expect(new Set([...state.agentIds, ...state.supervisorIds]).size).toBe(
    state.agentIds.length + state.supervisorIds.length,
  );
};

describe('a conversation under random commands', () => {
  it('keeps its promises', () => {
    fc.assert(
      fc.property(script, (steps) => {
        let state = decider.initialState;
        let at = 0;
        const history: ConversationFact[] = [];
        for (const [{ who, wish }, pause] of steps) {
          const command = by(who, wish, (at += pause));
          const decision = decider.decide(state, command);
          if (!decision.ok) {
            expect(decision.error.message).not.toBe('');
            expect(decision.error.details.reason).toMatch(/^[A-Z_]+$/);
            continue;
          }
          const next = fold(decider, state, decision.value);
          checkStep(state, command, decision.value, next);
          history.push(...decision.value);
          state = next;
        }
        const sent = history.flatMap(({ fact }) =>
          fact.$case === 'messageSent' ? [fact.value.messageId] : [],
        );
        expect(new Set(sent).size).toBe(sent.length);
        expect(history.filter(({ fact }) => fact.$case === 'started').length).toBeLessThanOrEqual(1);
        replayed(history, state);
      }),
      { numRuns: 400 },
    );
  });
});

/** What comes back from the log's bytes leads to the same state, and lists agree with it. */
const replayed = (history: readonly ConversationFact[], state: State): void => {
  const decoded = history.map((event) => {
    const commit = log.Commit.fromPartial({ actor: event.actor, time: new Date(event.time) });
    const back = conversationCodec.decode(conversationCodec.encode(event), commit);
    if (!back) throw new Error(`not decoded: ${event.fact.$case}`);
    return back;
  });
  expect(fold(decider, decider.initialState, decoded)).toEqual(state);
  const view = decoded.reduce(evolveView, emptyView);
  expect(view).toMatchObject({
    version: state.version,
    status: state.status,
    agentIds: state.agentIds,
    queueId: state.queueId,
    rating: state.rating,
    closeReason: state.closeReason,
    supervisorIds: state.supervisorIds,
    parkedBy: state.parkedBy,
    transferId: state.transfer?.id ?? '',
  });
};
