import { conversation, DEFAULT_QUEUE_ID, routing, type Client } from '@parley/contracts';
import type { RequestContext } from '@parley/kernel';
import type { Chat, RoutingState } from './domain.js';

/** What routing asks of conversations. */
export type Conversations = Pick<
  Client<'parley.conversation.v1.ConversationInternalService'>,
  'refuseTransfer' | 'requestMessage' | 'handToBot' | 'informVisitor'
>;

/** What has to be done in a conversation because of an event of routing. */
export interface Reaction {
  readonly kind: 'refuse_transfer' | 'request_message' | 'hand_to_bot' | 'inform_visitor';
  readonly conversationId: string;
  /** Version of the event in routing's log; with the kind it makes the command's id. */
  readonly version: number;
  /** False once it is pointless. Asked before it is repeated. */
  readonly stillWanted: (chat: Chat | undefined) => boolean;
  readonly carryOut: (conversations: Conversations, context: RequestContext) => Promise<unknown>;
}

const Outcome = routing.TransferEnded_Outcome;
const Refused = conversation.TransferRefused_Reason;
const Next = conversation.VisitorInformed_Next;
const Action = routing.FailsafeAction;

const REFUSED: Readonly<Partial<Record<routing.TransferEnded_Outcome, conversation.TransferRefused_Reason>>> =
  {
    [Outcome.OUTCOME_DECLINED]: Refused.REASON_DECLINED,
    [Outcome.OUTCOME_TIMED_OUT]: Refused.REASON_TIMED_OUT,
    [Outcome.OUTCOME_UNAVAILABLE]: Refused.REASON_UNAVAILABLE,
    [Outcome.OUTCOME_CANCELLED]: Refused.REASON_CANCELLED,
  };

const MESSAGE_REASONS: Readonly<
  Record<routing.OverflowReached_Reason, conversation.MessageRequested_Reason>
> = {
  [routing.OverflowReached_Reason.REASON_UNSPECIFIED]:
    conversation.MessageRequested_Reason.REASON_UNSPECIFIED,
  [routing.OverflowReached_Reason.REASON_CLOSED_HOURS]:
    conversation.MessageRequested_Reason.REASON_CLOSED_HOURS,
  [routing.OverflowReached_Reason.REASON_QUEUE_FULL]: conversation.MessageRequested_Reason.REASON_QUEUE_FULL,
  [routing.OverflowReached_Reason.REASON_WAITED_TOO_LONG]:
    conversation.MessageRequested_Reason.REASON_WAITED_TOO_LONG,
  [routing.OverflowReached_Reason.REASON_WORKFLOW]: conversation.MessageRequested_Reason.REASON_WORKFLOW,
  [routing.OverflowReached_Reason.REASON_FAILSAFE]: conversation.MessageRequested_Reason.REASON_FAILSAFE,
};

const INFORMED: Readonly<Partial<Record<routing.FailsafeAction, conversation.VisitorInformed_Next>>> = {
  [Action.FAILSAFE_ACTION_UNSPECIFIED]: Next.NEXT_STILL_WAITING,
  [Action.FAILSAFE_ACTION_TELL]: Next.NEXT_STILL_WAITING,
  [Action.FAILSAFE_ACTION_MOVE]: Next.NEXT_MOVED,
  [Action.FAILSAFE_ACTION_ESCALATE]: Next.NEXT_ESCALATED,
};

/** What an event (with its version in routing's log) asks of its conversation; undefined: nothing. */
export const reactionTo = ({ event }: routing.RoutingEvent, version: number): Reaction | undefined => {
  if (event?.$case === 'transferEnded') return refusal(event.value, version);
  if (event?.$case === 'overflowReached') return overflowing(event.value, version);
  if (event?.$case === 'failsafeActed') return informing(event.value, version);
  if (event?.$case === 'targetEntered') return moving(event.value, version);
  if (event?.$case === 'conversationEnqueued') return placing(event.value, version);
  return undefined;
};

const refusal = (ended: routing.TransferEnded, version: number): Reaction | undefined => {
  const { conversationId, transferId, outcome, reason: note } = ended;
  const reason = REFUSED[outcome];
  if (reason === undefined) return undefined;
  const commandId = `${conversationId}-r${version}-refuse`;
  return {
    kind: 'refuse_transfer',
    conversationId,
    version,
    stillWanted: () => true,
    carryOut: (conversations, context) =>
      conversations.refuseTransfer({ conversationId, commandId, transferId, reason, note }, context),
  };
};

const overflowing = (reached: routing.OverflowReached, version: number): Reaction => {
  const { conversationId, to, reason, replyBy, opensAt, sourceVersion: queueVersion } = reached;
  // It has entered again since: somebody may take it.
  const stillWanted = (chat: Chat | undefined): boolean => chat === undefined || chat.phase === 'detached';
  if (to === routing.Overflow.OVERFLOW_BOT) {
    const commandId = `${conversationId}-r${version}-bot`;
    return {
      kind: 'hand_to_bot',
      conversationId,
      version,
      stillWanted,
      carryOut: (conversations, context) =>
        conversations.handToBot({ conversationId, commandId, queueVersion }, context),
    };
  }
  const commandId = `${conversationId}-r${version}-message`;
  const request = { reason: MESSAGE_REASONS[reason], replyBy, opensAt };
  return {
    kind: 'request_message',
    conversationId,
    version,
    stillWanted,
    carryOut: (conversations, context) =>
      conversations.requestMessage({ conversationId, commandId, request, queueVersion }, context),
  };
};

const informing = (acted: routing.FailsafeActed, version: number): Reaction | undefined => {
  const { conversationId, action, times, queueId } = acted;
  const next = INFORMED[action];
  // For the overflow they are asked for a message, which says it.
  if (next === undefined) return undefined;
  const commandId = `${conversationId}-r${version}-inform`;
  return {
    kind: 'inform_visitor',
    conversationId,
    version,
    stillWanted: (chat) => chat?.phase === 'waiting' || chat?.phase === 'offered',
    carryOut: (conversations, context) =>
      conversations.informVisitor({ conversationId, commandId, informed: { next, times, queueId } }, context),
  };
};

const ENTERED = routing.TargetEntered_Cause.CAUSE_ENTERED;
/** Stages to which a chat has come while it waited. What the failsafe does is told as that. */
const MOVED = new Set([
  routing.TargetEntered_Cause.CAUSE_TIMED_OUT,
  routing.TargetEntered_Cause.CAUSE_QUEUE_CLOSED,
  routing.TargetEntered_Cause.CAUSE_MOVED,
]);

const moving = (entered: routing.TargetEntered, version: number): Reaction | undefined => {
  const { conversationId, cause, queueId } = entered;
  const next = cause === ENTERED ? Next.NEXT_PLACED : MOVED.has(cause) ? Next.NEXT_MOVED : undefined;
  if (next === undefined || !queueId) return undefined;
  return tellingQueue(conversationId, `${conversationId}-r${version}-moved`, { next, queueId, version });
};

/** A conversation that asked for no queue, or for one that there is not, does not know where its chat waits. */
const placing = (entry: routing.ConversationEnqueued, version: number): Reaction | undefined => {
  const { conversationId, queueId, filter } = entry;
  if (filter > 0 || queueId === DEFAULT_QUEUE_ID) return undefined;
  const commandId = `${conversationId}-r${version}-placed`;
  return tellingQueue(conversationId, commandId, { next: Next.NEXT_PLACED, queueId, version });
};

const tellingQueue = (
  conversationId: string,
  commandId: string,
  told: {
    readonly next: conversation.VisitorInformed_Next;
    readonly queueId: string;
    readonly version: number;
  },
): Reaction => {
  const { next, queueId, version } = told;
  return {
    kind: 'inform_visitor',
    conversationId,
    version,
    // A stage after it tells its own queue.
    stillWanted: (chat) =>
      (chat?.phase === 'waiting' || chat?.phase === 'offered') && chat.queueId === queueId,
    carryOut: (conversations, context) =>
      conversations.informVisitor(
        { conversationId, commandId, informed: { next, times: 0, queueId } },
        context,
      ),
  };
};

type Known = Pick<RoutingState, 'chats' | 'queues'>;

/** A chat that no filter sent anywhere, and that did not fall to the default queue, waits where its conversation has it. */
const isAsAsked = ({ event }: routing.RoutingEvent, { chats, queues }: Known): boolean =>
  event?.$case === 'conversationEnqueued'
    ? !queues.get(event.value.queueId)?.config.isDefault
    : event?.$case === 'targetEntered' &&
      event.value.cause === ENTERED &&
      chats.get(event.value.conversationId)?.filter === 0;

/** Every reaction that a commit asks for; `state` is the one after it. */
export const reactionsTo = (
  events: readonly routing.RoutingEvent[],
  state: Known & Pick<RoutingState, 'version'>,
): Reaction[] => {
  const first = state.version - events.length + 1;
  return events.flatMap((event, i) => (isAsAsked(event, state) ? [] : (reactionTo(event, first + i) ?? [])));
};
