import { common, type analytics, type conversation } from '@parley/contracts';
import type { ConversationFact } from '../definitions/fact.js';
import { emptyFact, evolveFact } from '../definitions/facts.js';
import {
  emptyLoad,
  emptyTally,
  figuresOf,
  tallyFact,
  tallyQueues,
  type Tally,
} from '../definitions/tally.js';

export type Event = NonNullable<conversation.ConversationEvent['event']>;
export const visitor = common.Actor.fromPartial({ kind: common.Actor_Kind.KIND_VISITOR, id: 'v' });
export const anna = common.Actor.fromPartial({ kind: common.Actor_Kind.KIND_AGENT, id: 'anna' });
export const system = common.Actor.fromPartial({ kind: common.Actor_Kind.KIND_SYSTEM, id: 'presence' });
export const bot = common.Actor.fromPartial({ kind: common.Actor_Kind.KIND_BOT, id: 'bot' });

export const into = (queueId: string): Event => ({
  $case: 'queueEntered',
  value: { queueId, reason: 1, preferredAgentId: '', transferredBy: '' },
});
export const entered = into('care');
export const joined: Event = {
  $case: 'agentJoined',
  value: { agentId: 'anna', agentName: 'Anna', queueId: 'care', offerId: 'o', transferId: '' },
};
export const said: Event = {
  $case: 'messageSent',
  value: { messageId: 'm', content: undefined, clientSeq: 0 },
};
export const closed = (reason: conversation.CloseReason, effectiveAt?: Date): Event => ({
  $case: 'closed',
  value: { reason, effectiveAt },
});

/** Folds [second, actor, event] triples. */
export const factOf = (...history: [number, common.Actor, Event][]): ConversationFact => {
  const fact = emptyFact();
  for (const [second, actor, event] of history) evolveFact(fact, { event }, { time: second * 1000, actor });
  return fact;
};
export const figures = (...facts: ConversationFact[]): analytics.Figures => {
  const tally = emptyTally();
  for (const fact of facts) tallyFact(tally, { fact, wrapUpMs: 0, serviceLevelSeconds: 30 });
  return figuresOf(tally, emptyLoad());
};
/** The figures of each queue. */
export const queueFigures = (...facts: ConversationFact[]): Record<string, analytics.Figures> => {
  const tallies = new Map<string, Tally>();
  const of = (queueId: string): Tally => {
    const tally = tallies.get(queueId) ?? emptyTally();
    tallies.set(queueId, tally);
    return tally;
  };
  for (const fact of facts) tallyQueues(of, { fact, wrapUpMs: 0, serviceLevelSeconds: 30 });
  return Object.fromEntries([...tallies].map(([queueId, tally]) => [queueId, figuresOf(tally, emptyLoad())]));
};

export const leftQueueForBot: Event = { $case: 'handedToBot', value: { botId: '' } };
export const movedTo = (queueId: string): Event => ({
  $case: 'visitorInformed',
  value: { next: 2, times: 1, queueId },
});
export const placedIn = (queueId: string): Event => ({
  $case: 'visitorInformed',
  value: { next: 5, times: 0, queueId },
});
export const messageAsked: Event = {
  $case: 'messageRequested',
  value: { reason: 1, replyBy: undefined, opensAt: undefined },
};
export const messageTaken: Event = {
  $case: 'messageTaken',
  value: { queueId: 'care', replyBy: new Date(100_000) },
};
export const parked: Event = { $case: 'parked', value: { agentId: 'anna' } };
export const held: Event = { $case: 'held', value: { agentId: 'anna' } };
export const resumed: Event = { $case: 'resumed', value: { agentId: 'anna' } };
export const transferred: Event = {
  $case: 'transferred',
  value: { transferId: 't', fromAgentId: 'anna', toAgentId: '', toQueueId: 'sales', mode: 1 },
};
export const leftFor = (reason: number): Event => ({
  $case: 'agentLeft',
  value: { agentId: 'anna', reason },
});
