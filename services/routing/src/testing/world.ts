import { routing } from '@parley/contracts';
import type { EventCase, Command } from '../domain/commands.js';
import { decide } from '../domain/decide.js';
import { emptyState, type RoutingState } from '../domain/state.js';
import { enginePorts } from '../workflows/engine-ports.js';

/** Start of every test's time, ms. */
export const T0 = Date.UTC(2026, 0, 5, 9);

export const queue = (queueId: string, more: Partial<routing.Queue> = {}): Command => ({
  kind: 'putQueue',
  queue: routing.Queue.fromPartial({ queueId, name: queueId, ...more }),
  expectedVersion: 0,
});

export const agent = (agentId: string, queueIds: string[], more: Partial<routing.Agent> = {}): Command => ({
  kind: 'putAgent',
  agent: routing.Agent.fromPartial({ agentId, name: agentId, queueIds, capacity: 2, ...more }),
  expectedVersion: 0,
});

let revision = 0n;
/** A presence report; newer than all reports before unless a revision is given. */
export const presence = (
  agentId: string,
  status: 'AVAILABLE' | 'AWAY' | 'BUSY' | 'OFFLINE' = 'AVAILABLE',
  more: { online?: boolean; revision?: bigint } = {},
): Command => ({
  kind: 'setPresence',
  report: {
    agentId,
    status: routing.AgentStatus[`AGENT_STATUS_${status}`],
    online: more.online ?? true,
    revision: more.revision ?? ++revision,
  },
});

export const enter = (conversationId: string, more: Partial<routing.ConversationEnqueued> = {}): Command => ({
  kind: 'enqueue',
  entry: routing.ConversationEnqueued.fromPartial({
    conversationId,
    queueId: 'sales',
    sourceVersion: 2,
    ...more,
  }),
});

const Reason = routing.AssignmentEnded_Reason;
const ENDS = {
  CLOSED: Reason.REASON_CLOSED,
  AGENT_LEFT: Reason.REASON_AGENT_LEFT,
  JOIN_REFUSED: Reason.REASON_JOIN_REFUSED,
  PARKED: Reason.REASON_PARKED,
  TRANSFERRED: Reason.REASON_TRANSFERRED,
  TAKEN_OVER: Reason.REASON_TAKEN_OVER,
  NO_REPLY: Reason.REASON_NO_REPLY,
} as const;

export const end = (
  conversationId: string,
  reason: keyof typeof ENDS = 'CLOSED',
  sourceVersion = 9,
  agentId = '',
): Command => ({
  kind: 'endConversation',
  conversationId,
  reason: ENDS[reason],
  agentId,
  sourceVersion,
});

/** A supervisor has taken the chat over. */
export const takeOver = (conversationId: string, agentId: string, sourceVersion: number): Command => ({
  kind: 'startAssignment',
  conversationId,
  agentId,
  weight: 0,
  sourceVersion,
});

export const team = (teamId: string, more: Partial<routing.Team> = {}): Command => ({
  kind: 'putTeam',
  team: routing.Team.fromPartial({ teamId, name: teamId, ...more }),
  expectedVersion: 0,
});

export const skill = (skillId: string): Command => ({
  kind: 'putSkill',
  skill: { skillId, name: skillId, version: 0 },
  expectedVersion: 0,
});

/** Saves a draft with these filters. */
export const workflow = (...filters: Parameters<typeof filter>[0][]): Command => ({
  kind: 'saveWorkflowDraft',
  workflow: routing.Workflow.fromPartial({ filters: filters.map(filter) }),
  expectedVersion: 0,
});

type TargetOf = Partial<Omit<routing.Target, 'to'>> & ({ queue: string } | { overflow: routing.Overflow });

const filter = ({
  targets,
  ...more
}: Partial<Omit<routing.Filter, 'targets'>> & { targets: TargetOf[] }): routing.Filter =>
  routing.Filter.fromPartial({
    name: 'filter',
    ...more,
    targets: targets.map((target) =>
      'queue' in target
        ? { ...target, to: { $case: 'queueId', value: target.queue } }
        : { ...target, to: { $case: 'overflow', value: target.overflow } },
    ),
  });

export const publish = (draftRevision: number): Command => ({
  kind: 'publishWorkflow',
  draftRevision,
  comment: '',
  publishedBy: 'boss',
});

/** A transfer to an agent, or, with `toQueueId`, to anybody of a queue. */
export const transfer = (
  conversationId: string,
  fromAgentId: string,
  toAgentId: string,
  more: Partial<routing.TransferRequested> = {},
): Command => ({
  kind: 'requestTransfer',
  transfer: routing.TransferRequested.fromPartial({
    conversationId,
    transferId: `${conversationId}-t1`,
    fromAgentId,
    toAgentId,
    ...more,
  }),
});

export const accept = (offerId: string, agentId: string): Command => ({
  kind: 'acceptOffer',
  offerId,
  agentId,
});
export const decline = (offerId: string, agentId: string): Command => ({
  kind: 'declineOffer',
  offerId,
  agentId,
  reason: 'busy',
});
export const tick: Command = { kind: 'tick' };

type Step = Command | { readonly after: number };
/** Lets time pass between commands. */
export const after = (seconds: number): Step => ({ after: seconds * 1000 });

export interface Outcome {
  readonly events: readonly EventCase[];
  readonly error: string | undefined;
}

export interface World {
  readonly state: RoutingState;
  readonly history: { readonly event: routing.RoutingEvent; readonly time: number }[];
  /** Carries out a command and tells its events, or the reason of the refusal. */
  when(command: Step): Outcome;
  /** The id of the first pending offer of a conversation; fails when there is none. */
  offerOf(conversationId: string): string;
  now(): number;
}

/** A routing domain in which these things have happened; each of them must have been accepted. */
export const given = (...steps: readonly Step[]): World => {
  const state = emptyState();
  const history: { event: routing.RoutingEvent; time: number }[] = [];
  let now = T0;
  const world: World = {
    state,
    history,
    now: () => now,
    when(step) {
      if ('after' in step) {
        now += step.after;
        return { events: [], error: undefined };
      }
      const result = decide(state, step, now, enginePorts);
      if (!result.ok) return { events: [], error: result.error.details.reason };
      for (const event of result.value) history.push({ event, time: now });
      return { events: result.value.flatMap(({ event }) => (event ? [event] : [])), error: undefined };
    },
    offerOf(conversationId) {
      const offer = state.chats.get(conversationId)?.offers[0];
      if (!offer) throw new Error(`${conversationId} has no pending offer`);
      return offer.id;
    },
  };
  for (const step of steps) {
    const { error } = world.when(step);
    if (error) throw new Error(`given ${JSON.stringify(step)}: ${error}`);
  }
  return world;
};

/** Events in short: case, conversation and agent. */
export const short = ({ events }: Outcome): string[] =>
  events.map((event) => {
    const { conversationId = '', agentId = '' } = event.value as {
      conversationId?: string;
      agentId?: string;
    };
    return [event.$case, conversationId, agentId].filter(Boolean).join(' ');
  });
