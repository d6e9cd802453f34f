import { conversation, routing } from '@parley/contracts';
import { leavesAt } from './chats.js';
import { membersOf } from './eligible.js';
import { excludedBy } from './explain.js';
import { isMember, isSkilled, laneOf } from './lanes.js';
import {
  freeOf,
  isAvailable,
  isInLine,
  slackOf,
  type Agent,
  type Chat,
  type Lane,
  type RoutingState,
} from './state.js';
import { offerView, position } from './views.js';

/** Agents that are listed at most. */
const AGENTS_SHOWN = 50;

/** Why a chat waits, at this moment (ms): rule by rule, who could take it, and what happens by itself next. */
export const explainWaiting = (
  state: RoutingState,
  conversationId: string,
  now: number,
): routing.ExplainWaitingResponse => {
  const chat = state.chats.get(conversationId);
  if (!isInLine(chat)) return routing.ExplainWaitingResponse.fromPartial({});
  const lane = laneOf(state, chat);
  return {
    waiting: true,
    entry: entryOf(chat),
    target: targetOf(chat),
    position: position(state, conversationId).position,
    excluded: excludedBy(state, lane, chat),
    considered: state.configuredAgents,
    agents: blockedAgents(state, lane, chat),
    ...nextOf(state, chat, now),
    offers: chat.offers.map((offer) => offerView(state, chat, offer)),
    estimate: undefined,
  };
};

/** Who serves the queue, and what keeps each from the chat: who is nearest to getting it first. */
const blockedAgents = (state: RoutingState, lane: Lane, chat: Chat): routing.BlockedAgent[] => {
  const near: routing.BlockedAgent[] = [];
  const away: routing.BlockedAgent[] = [];
  const unfit: routing.BlockedAgent[] = [];
  const note = (list: routing.BlockedAgent[], { id, config }: Agent, rule: string): void => {
    if (list.length < AGENTS_SHOWN) list.push({ agentId: id, name: config?.name ?? '', rule });
  };
  for (const agent of membersOf(state, lane))
    note(isAvailable(agent) ? near : away, agent, ruleAgainst(chat, agent));
  for (const agent of state.queues.get(lane.needs.queueId)?.agents ?? [])
    if (!isMember(lane, agent)) note(unfit, agent, isSkilled(agent, lane.needs) ? 'language' : 'skill');
  return [...near, ...away, ...unfit].slice(0, AGENTS_SHOWN);
};

const ruleAgainst = (chat: Chat, agent: Agent): string => {
  if (!isAvailable(agent)) return 'available';
  if (freeOf(agent) < chat.weight) return 'free_capacity';
  if (slackOf(agent.team) < chat.weight) return 'team_limit';
  if (agent.overdue.size > 0) return 'reply_overdue';
  if (chat.excluded.has(agent.id)) return 'declined_or_timed_out';
  return chat.preferredAgentId && chat.preferredAgentId !== agent.id ? 'preferred' : '';
};

const dateOf = (time: number): Date | undefined => (time ? new Date(time) : undefined);

const entryOf = (chat: Chat): routing.ConversationEnqueued => ({
  conversationId: chat.id,
  queueId: chat.queueId,
  weight: chat.weight,
  priority: chat.priority,
  enteredAt: new Date(chat.enteredAt),
  contactId: chat.contactId,
  lastAgentId: chat.lastAgentId,
  language: chat.language,
  topic: chat.topic,
  pageUrl: chat.pageUrl,
  sourceVersion: chat.entryVersion,
  reason: conversation.QueueEntered_Reason.REASON_UNSPECIFIED,
  channel: chat.channel,
  pageTitle: chat.pageTitle,
  workflowVersion: chat.workflowVersion,
  filter: chat.filter,
  filterName: chat.filterName,
  requirements: chat.requirements,
  preferredAgentId: chat.preferredAgentId,
  preferredUntil: chat.preferredAgentId ? dateOf(chat.preferredUntil) : undefined,
  transferredBy: '',
  firstEnteredAt: new Date(chat.firstEnteredAt),
});

const targetOf = (chat: Chat): routing.TargetEntered => ({
  conversationId: chat.id,
  target: chat.target,
  queueId: chat.queueId,
  requirements: chat.requirements,
  priority: chat.priority,
  until: dateOf(chat.targetUntil),
  skipped: [],
  cause: routing.TargetEntered_Cause.CAUSE_UNSPECIFIED,
});

const nextOf = (
  state: RoutingState,
  chat: Chat,
  now: number,
): Pick<routing.ExplainWaitingResponse, 'nextAt' | 'next'> => {
  const coming: [at: number, what: string][] = [[chat.failsafeAt, 'failsafe']];
  if (chat.phase === 'waiting') coming.push([leavesAt(state, chat), 'target']);
  if (chat.preferredAgentId) coming.push([chat.preferredUntil, 'preferred']);
  for (const offer of chat.offers) coming.push([offer.expiresAt, 'offer']);
  for (const until of chat.excluded.values()) if (until > 0) coming.push([until, 'exclusion']);
  const hours = state.queues.get(chat.queueId)?.hoursUntil ?? 0;
  if (hours > 0) coming.push([hours, 'hours']);
  const [next] = coming.filter(([at]) => Number.isFinite(at)).sort(([a], [b]) => a - b);
  return next ? { nextAt: new Date(Math.max(now, next[0])), next: next[1] } : { nextAt: undefined, next: '' };
};
