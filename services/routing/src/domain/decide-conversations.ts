import { conversation, routing } from '@parley/contracts';
import { invalidArgument } from '@parley/kernel';
import { ensureDefaultQueue } from './decide-config.js';
import { endTransfer } from './decide-transfers.js';
import { enterTarget, overflow, reasonOf, stageOf, type Stage } from './decide-targets.js';
import type { Decision } from './decision.js';
import { meets, needsOf, weightOf } from './lanes.js';
import type { Refusal } from './refusal.js';
import { isReturning, routeOf, type Route } from './routes.js';
import { isAvailable, type Agent, type Assignment, type Chat, type RoutingState } from './state.js';
import { rescindOffers } from './withdraw.js';

const Ended = routing.AssignmentEnded_Reason;
const Entry = conversation.QueueEntered_Reason;
const { CAUSE_ENTERED } = routing.TargetEntered_Cause;
const { OVERFLOW_TAKE_MESSAGE } = routing.Overflow;

/** Offer ids are made of the conversation's id and a number, and must stay ids themselves. */
const LONGEST_ID = 44;
/** For so long a parked chat is kept for its own agent, s. */
export const PARKED_SECONDS = 120;

const isHistory = (
  state: RoutingState,
  known: Chat | undefined,
  conversationId: string,
  version: number,
): boolean => version <= (known?.sourceVersion ?? state.ended.get(conversationId) ?? -1);

/**
 * Lets a conversation wait where the workflow sends it, or leave at once when nothing takes it. What is not newer than
 * what is known of it changes nothing.
 */
export const enqueue = (
  decision: Decision,
  entry: routing.ConversationEnqueued,
  attributes: routing.EntryAttributes | undefined,
): Refusal => {
  const { state, ports } = decision;
  const { conversationId } = entry;
  if (conversationId.length > LONGEST_ID)
    return invalidArgument('entry.conversationId', `must have ${LONGEST_ID} characters at most`);
  const known = state.chats.get(conversationId);
  if (isHistory(state, known, conversationId, entry.sourceVersion)) return undefined;
  if (known) letGo(decision, known, entry.reason);
  if (!state.queues.has(entry.queueId)) ensureDefaultQueue(decision);
  const route = routeOf(state, ports, entry, attributes, known);
  const enteredAt = entry.enteredAt ?? new Date(decision.now);
  const parkedFor = ownAgent(state, entry);
  const stage = stageOf(decision, route, entry, {
    from: route.from,
    enteredAt: enteredAt.getTime(),
    evenIfFull: isReturning(entry.reason) || parkedFor !== undefined,
    evenIfClosed: parkedFor !== undefined,
  });
  const first = known && isReturning(entry.reason) ? new Date(known.firstEnteredAt) : undefined;
  const weight = weightOf(state, entry.channel, entry.weight);
  decision.emit({
    $case: 'conversationEnqueued',
    value: {
      ...entry,
      queueId: stage.queueId || entry.queueId,
      weight,
      priority: stage.priority,
      enteredAt,
      firstEnteredAt: first ?? entry.firstEnteredAt ?? enteredAt,
      workflowVersion: route.workflowVersion,
      filter: route.filter,
      filterName: route.filterName,
      requirements: stage.requirements,
      ...preferenceOf(decision, route, stage, entry, { parkedFor, weight, known }),
    },
  });
  const chat = state.chats.get(conversationId)!;
  if (stage.overflow !== undefined) {
    // Back to the bot that has just given it up, it would go to and fro.
    const to = entry.reason === Entry.REASON_BOT_HANDOVER ? OVERFLOW_TAKE_MESSAGE : stage.overflow;
    overflow(decision, chat, to, reasonOf(CAUSE_ENTERED, stage.skipped));
    return undefined;
  }
  if (route.filter > 0) enterTarget(decision, conversationId, stage, CAUSE_ENTERED);
  decision.touchChat(conversationId);
  return undefined;
};

/** What is still held for a chat that enters anew. */
const letGo = (decision: Decision, known: Chat, reason: conversation.QueueEntered_Reason): void => {
  endTransfer(decision, known, routing.TransferEnded_Outcome.OUTCOME_CANCELLED);
  rescindOffers(decision, known, routing.OfferRescinded_Reason.REASON_REQUEUED);
  const why =
    reason === Entry.REASON_TRANSFERRED
      ? Ended.REASON_TRANSFERRED
      : reason === Entry.REASON_NO_REPLY
        ? Ended.REASON_NO_REPLY
        : Ended.REASON_AGENT_LEFT;
  for (const assignment of known.assignments) endAssignment(decision, known, assignment, why, 0);
};

/** The agent of a parked chat, if they are there at all. */
const ownAgent = (state: RoutingState, entry: routing.ConversationEnqueued): Agent | undefined => {
  if (entry.reason !== Entry.REASON_UNPARKED) return undefined;
  const agent = state.agents.get(entry.preferredAgentId);
  return agent?.config && agent.online && agent.reported !== routing.AgentStatus.AGENT_STATUS_OFFLINE
    ? agent
    : undefined;
};

interface Preferring {
  readonly parkedFor: Agent | undefined;
  readonly weight: number;
  readonly known: Chat | undefined;
}

const preferenceOf = (
  { state, now }: Decision,
  { lastAgentSeconds }: Route,
  { queueId, requirements }: Stage,
  { lastAgentId, transferredBy }: routing.ConversationEnqueued,
  { parkedFor, weight, known }: Preferring,
): Pick<routing.ConversationEnqueued, 'preferredAgentId' | 'preferredUntil'> => {
  if (parkedFor)
    return { preferredAgentId: parkedFor.id, preferredUntil: new Date(now + PARKED_SECONDS * 1000) };
  const nobody = { preferredAgentId: '', preferredUntil: undefined };
  const agent = state.agents.get(lastAgentId);
  if (lastAgentSeconds === 0 || !agent || !isAvailable(agent)) return nobody;
  if (lastAgentId === transferredBy || known?.excluded.has(lastAgentId)) return nobody;
  if (!meets(agent, needsOf({ queueId, weight, requirements }))) return nobody;
  return { preferredAgentId: agent.id, preferredUntil: new Date(now + lastAgentSeconds * 1000) };
};

interface End {
  readonly conversationId: string;
  readonly reason: routing.AssignmentEnded_Reason;
  readonly agentId: string;
  readonly offerId?: string;
  readonly sourceVersion: number;
}

/** Reasons that end one agent's part only: the conversation itself goes on. */
const ONE_AGENTS: ReadonlySet<routing.AssignmentEnded_Reason> = new Set([
  Ended.REASON_AGENT_LEFT,
  Ended.REASON_JOIN_REFUSED,
  Ended.REASON_PARKED,
  Ended.REASON_TRANSFERRED,
  Ended.REASON_TAKEN_OVER,
  Ended.REASON_NO_REPLY,
]);

/** Ends what routing holds for a conversation: its place in the queue, its offers, its agents' capacity. */
export const endConversation = (decision: Decision, end: End): undefined => {
  const { state } = decision;
  const { conversationId, reason, agentId, sourceVersion } = end;
  const chat = state.chats.get(conversationId);
  if (sourceVersion > 0 && isHistory(state, chat, conversationId, sourceVersion)) return;
  const oneOf = agentId !== '' || ONE_AGENTS.has(reason);
  if (chat && oneOf) return endTheirs(decision, chat, end);
  if (!chat || chat.phase === 'detached') {
    // What comes again from before this is history, also when nothing is held any more.
    if (chat || sourceVersion > 0)
      decision.emit({ $case: 'conversationEndRecorded', value: { conversationId, sourceVersion } });
    return;
  }
  endTransfer(decision, chat, routing.TransferEnded_Outcome.OUTCOME_CONVERSATION_ENDED);
  rescindOffers(decision, chat, routing.OfferRescinded_Reason.REASON_CONVERSATION_ENDED);
  for (const assignment of chat.assignments) endAssignment(decision, chat, assignment, reason, sourceVersion);
  if (state.chats.get(conversationId) !== chat) return;
  decision.emit({
    $case: 'conversationDequeued',
    value: {
      conversationId,
      queueId: chat.queueId,
      reason: routing.ConversationDequeued_Reason.REASON_CLOSED,
      sourceVersion,
    },
  });
};

const endTheirs = (decision: Decision, chat: Chat, end: End): undefined => {
  const { agentId, offerId, reason, sourceVersion } = end;
  const theirs = chat.assignments.filter(
    (each) => (!agentId || each.agentId === agentId) && (!offerId || each.offerId === offerId),
  );
  if (theirs.length === 0) return;
  // Nobody is left who could go on if it were refused.
  if (theirs.length === chat.assignments.length)
    endTransfer(decision, chat, routing.TransferEnded_Outcome.OUTCOME_CANCELLED);
  for (const assignment of theirs) endAssignment(decision, chat, assignment, reason, sourceVersion);
};

/** Frees an agent of a chat; after one that was closed with the after-chat work of its queue. */
export const endAssignment = (
  decision: Decision,
  chat: Chat,
  { agentId, weight }: Assignment,
  reason: routing.AssignmentEnded_Reason,
  sourceVersion: number,
): void => {
  const { id: conversationId, queueId } = chat;
  const agent = decision.state.agents.get(agentId);
  decision.emit({ $case: 'assignmentEnded', value: { conversationId, agentId, reason, sourceVersion } });
  decision.touchAgent(agent);
  const seconds = decision.state.queues.get(queueId)?.config.wrapUpSeconds ?? 0;
  if (reason !== Ended.REASON_CLOSED || seconds === 0) return;
  if (agent?.wrapUps.has(conversationId))
    decision.emit({ $case: 'wrapUpEnded', value: { conversationId, agentId } });
  const until = new Date(decision.now + seconds * 1000);
  decision.emit({ $case: 'wrapUpStarted', value: { conversationId, agentId, until, weight } });
};
