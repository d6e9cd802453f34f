import { conversation, routing } from '@parley/contracts';

const Status = routing.AgentStatus;

export interface ModelAgent {
  readonly id: string;
  config: routing.Agent | undefined;
  reported: routing.AgentStatus;
  online: boolean;
  notResponding: boolean;
  shifts: number;
  readonly wrapUps: Map<string, number>;
  readonly overdue: Set<string>;
}

export interface ModelChat {
  readonly id: string;
  queueId: string;
  weight: number;
  priority: number;
  enteredAt: number;
  firstEnteredAt: number;
  requirements: routing.Requirements;
  language: string;
  workflowVersion: number;
  filter: number;
  target: number;
  /** The failsafe has put it in front of everybody; so until it enters a queue anew. */
  escalated: boolean;
  preferredAgentId: string;
  /** Its own agent parked it: they need not meet what others must. */
  parked: boolean;
  /** A bot has handed it to people. */
  byBot: boolean;
  /** Pending offers: id to agent. */
  readonly offers: Map<string, { readonly agentId: string; readonly kind: routing.OfferMade_Kind }>;
  /** Who has it, with the capacity that takes. */
  readonly assigned: Map<string, number>;
  /** Who must not be offered it, until when (ms), or until they set themselves available again (0). */
  readonly barred: Map<string, number>;
  transfer: routing.TransferRequested | undefined;
  /** A transfer was accepted: two may have it, for good when it was warm. */
  shared: boolean;
  /** Last time the visitor was seen to: entry, or an act of the failsafe. */
  seenToAt: number;
}

const COOL_DOWN_MS = 30_000;
const { REASON_AGENT_LEFT, REASON_CLOSED, REASON_JOIN_REFUSED, REASON_NO_REPLY } =
  routing.AssignmentEnded_Reason;
/** Whoever went out of a chat is not offered it at once again. */
const LEFT: ReadonlySet<routing.AssignmentEnded_Reason> = new Set([REASON_AGENT_LEFT, REASON_NO_REPLY]);
/** Nothing is left of it for routing. */
const OVER: ReadonlySet<routing.AssignmentEnded_Reason> = new Set([REASON_CLOSED, REASON_JOIN_REFUSED]);

/**
 * What events say, folded by the comments of the contracts and not by the engine's code: simple maps, no indexes. The
 * oracle compares the engine's decisions with it.
 */
export class Model {
  readonly queues = new Map<string, { config: routing.Queue; open: boolean }>();
  readonly teams = new Map<string, routing.Team>();
  readonly agents = new Map<string, ModelAgent>();
  readonly chats = new Map<string, ModelChat>();
  readonly workflows = new Map<number, routing.Workflow>();
  settings: routing.RoutingSettings = routing.RoutingSettings.fromPartial({});

  fold({ event }: routing.RoutingEvent, time: number): void {
    if (!event) return;
    const { conversationId = '' } = event.value as { conversationId?: string };
    const chat = this.chats.get(conversationId);
    const ofChat = OF_CHATS[event.$case] as ChatHandler | undefined;
    if (chat && ofChat) ofChat(chat, event.value, time, this);
    const handler = OF_ALL[event.$case] as Handler | undefined;
    handler?.(this, event.value, time);
  }

  agent(id: string): ModelAgent {
    const known = this.agents.get(id);
    if (known) return known;
    const agent: ModelAgent = {
      id,
      config: undefined,
      reported: Status.AGENT_STATUS_OFFLINE,
      online: false,
      notResponding: false,
      shifts: 0,
      wrapUps: new Map(),
      overdue: new Set(),
    };
    this.agents.set(id, agent);
    return agent;
  }

  enqueued(entry: routing.ConversationEnqueued, time: number): void {
    const barred = new Map(this.chats.get(entry.conversationId)?.barred);
    if (entry.transferredBy) barred.set(entry.transferredBy, time + 1);
    const enteredAt = entry.enteredAt?.getTime() ?? time;
    this.chats.set(entry.conversationId, {
      id: entry.conversationId,
      queueId: entry.queueId,
      weight: entry.weight,
      priority: entry.priority,
      enteredAt,
      firstEnteredAt: entry.firstEnteredAt?.getTime() ?? enteredAt,
      requirements: entry.requirements ?? { skills: {}, language: '' },
      language: entry.language,
      workflowVersion: entry.workflowVersion,
      filter: entry.filter,
      target: -1,
      escalated: false,
      preferredAgentId: entry.preferredAgentId,
      parked: entry.reason === conversation.QueueEntered_Reason.REASON_UNPARKED,
      byBot: entry.reason === conversation.QueueEntered_Reason.REASON_BOT_HANDOVER,
      offers: new Map(),
      assigned: new Map(),
      barred,
      transfer: undefined,
      shared: false,
      seenToAt: enteredAt,
    });
  }

  started(value: routing.AssignmentStarted, time: number): void {
    if (!this.chats.has(value.conversationId))
      this.enqueued(
        routing.ConversationEnqueued.fromPartial({
          conversationId: value.conversationId,
          weight: value.weight,
          enteredAt: new Date(time),
        }),
        time,
      );
    this.chats.get(value.conversationId)?.assigned.set(value.agentId, value.weight);
  }

  presence(report: routing.AgentPresenceChanged): void {
    const agent = this.agent(report.agentId);
    const available = Status.AGENT_STATUS_AVAILABLE;
    const clickedBack = report.status === available && agent.reported !== available;
    agent.reported = report.status;
    agent.online = report.online;
    if (!clickedBack) return;
    agent.notResponding = false;
    for (const chat of this.chats.values()) if (chat.barred.get(agent.id) === 0) chat.barred.delete(agent.id);
  }

  removeQueue(queueId: string): void {
    this.queues.delete(queueId);
    const heir = [...this.queues.values()].find(({ config }) => config.isDefault)?.config.queueId ?? '';
    for (const chat of this.chats.values()) if (chat.queueId === queueId) chat.queueId = heir;
    for (const agent of this.agents.values())
      if (agent.config)
        agent.config = { ...agent.config, queueIds: agent.config.queueIds.filter((id) => id !== queueId) };
  }
}

type Case = NonNullable<routing.RoutingEvent['event']>;
type ValueOf<C extends Case['$case']> = Extract<Case, { $case: C }>['value'];
type ChatHandler = (chat: ModelChat, value: unknown, time: number, model: Model) => void;
type Handler = (model: Model, value: unknown, time: number) => void;

const returned = (chat: ModelChat, { offerId, agentId }: routing.OfferDeclined, until: number): void => {
  chat.offers.delete(offerId);
  chat.barred.set(agentId, until);
  if (chat.preferredAgentId === agentId) chat.preferredAgentId = '';
};

/** What events mean for a chat that is known. */
const OF_CHATS: {
  readonly [C in Case['$case']]?: (chat: ModelChat, value: ValueOf<C>, time: number, model: Model) => void;
} = {
  targetEntered: (chat, { queueId, target, requirements, priority }) => {
    Object.assign(chat, { queueId, target, priority });
    chat.requirements = requirements ?? { skills: {}, language: '' };
  },
  preferenceEnded: (chat) => {
    chat.preferredAgentId = '';
  },
  failsafeActed: (chat, { action }, time) => {
    chat.seenToAt = time;
    if (action !== routing.FailsafeAction.FAILSAFE_ACTION_ESCALATE) return;
    chat.escalated = true;
    chat.priority = 9;
  },
  offerMade: (chat, { offerId, agentId, kind }) => {
    chat.offers.set(offerId, { agentId, kind });
  },
  offerAccepted: (chat, { offerId, agentId }) => {
    if (chat.offers.get(offerId)?.kind === routing.OfferMade_Kind.KIND_TRANSFER) chat.shared = true;
    chat.offers.delete(offerId);
    chat.assigned.set(agentId, chat.weight);
  },
  offerDeclined: (chat, declined, time) => returned(chat, declined, time + COOL_DOWN_MS),
  offerTimedOut: (chat, missed) => returned(chat, { ...missed, reason: '' }, 0),
  offerRescinded: (chat, { offerId }) => {
    chat.offers.delete(offerId);
  },
  transferRequested: (chat, requested) => {
    chat.transfer = requested;
  },
  transferEnded: (chat, { transferId }) => {
    if (chat.transfer?.transferId === transferId) chat.transfer = undefined;
  },
  exclusionEnded: (chat, { agentId }) => {
    chat.barred.delete(agentId);
  },
  assignmentEnded: (chat, { agentId, reason }, time, model) => {
    chat.assigned.delete(agentId);
    model.agent(agentId).overdue.delete(chat.id);
    if (chat.assigned.size > 0) return;
    chat.shared = false;
    if (LEFT.has(reason)) chat.barred.set(agentId, time + COOL_DOWN_MS);
    if (OVER.has(reason)) model.chats.delete(chat.id);
  },
  conversationDequeued: (chat, { reason }, _time, model) => {
    if (reason !== routing.ConversationDequeued_Reason.REASON_TAKEN_OVER) model.chats.delete(chat.id);
  },
  conversationEndRecorded: (chat, _value, _time, model) => {
    model.chats.delete(chat.id);
  },
};

/** What events mean for everything else. */
const OF_ALL: {
  readonly [C in Case['$case']]?: (model: Model, value: ValueOf<C>, time: number) => void;
} = {
  queueConfigured: ({ queues }, { queue: config }) => {
    if (config) queues.set(config.queueId, { config, open: queues.get(config.queueId)?.open ?? true });
  },
  queueRemoved: (model, { queueId }) => model.removeQueue(queueId),
  queueHoursChanged: ({ queues }, { queueId, open }) => {
    const queue = queues.get(queueId);
    if (queue) queue.open = open;
  },
  teamConfigured: ({ teams }, { team }) => {
    if (team) teams.set(team.teamId, team);
  },
  teamRemoved: ({ teams }, { teamId }) => {
    teams.delete(teamId);
  },
  settingsConfigured: (model, { settings }) => {
    if (settings) model.settings = settings;
  },
  workflowPublished: ({ workflows }, { workflow }) => {
    if (workflow) workflows.set(workflow.version, workflow);
  },
  agentConfigured: (model, { agent }) => {
    if (agent) model.agent(agent.agentId).config = agent;
  },
  agentRemoved: (model, { agentId }) => {
    const agent = model.agent(agentId);
    agent.config = undefined;
    if (agent.online) return;
    // Whoever comes again after they were gone is somebody new.
    model.agents.delete(agentId);
    for (const chat of model.chats.values()) chat.barred.delete(agentId);
  },
  shiftStarted: (model, { agentId, shifts }) => {
    model.agent(agentId).shifts = shifts;
  },
  agentPresenceChanged: (model, report) => model.presence(report),
  agentNotResponding: (model, { agentId }) => {
    model.agent(agentId).notResponding = true;
  },
  wrapUpStarted: (model, { agentId, conversationId, weight }) => {
    model.agent(agentId).wrapUps.set(conversationId, weight);
  },
  wrapUpEnded: (model, { agentId, conversationId }) => {
    model.agent(agentId).wrapUps.delete(conversationId);
  },
  replyOverdue: (model, { agentId, conversationId }) => {
    model.agent(agentId).overdue.add(conversationId);
  },
  replyCaughtUp: (model, { agentId, conversationId }) => {
    model.agent(agentId).overdue.delete(conversationId);
  },
  conversationEnqueued: (model, entry, time) => model.enqueued(entry, time),
  assignmentStarted: (model, started, time) => model.started(started, time),
};
