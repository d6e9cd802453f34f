import { routing } from '@parley/contracts';
import { FAILSAFE_SECONDS } from './chats.js';
import { NO_REQUIREMENTS, type Phase } from './state.js';
import type { AgentRecord, ChatRecord, Snapshot } from './snapshot-records.js';

interface ChatOfFormat1 {
  readonly id: string;
  readonly phase: Phase;
  readonly queueId: string;
  readonly weight: number;
  readonly priority: number;
  readonly enteredAt: number;
  readonly seq: number;
  readonly sourceVersion: number;
  readonly contactId: string;
  readonly lastAgentId: string;
  readonly language: string;
  readonly topic: string;
  readonly pageUrl: string;
  readonly offerId: string;
  readonly agentId: string;
  readonly expiresAt: number;
  readonly acceptedAt: number;
  readonly excluded: readonly (readonly [string, number])[];
}

/** What engine 1 stored: one offer or agent a chat, no rules. */
export interface SnapshotOfFormat1 {
  readonly format: 1;
  readonly version: number;
  readonly time: number;
  readonly queues: readonly Partial<routing.Queue>[];
  readonly agents: readonly Omit<AgentRecord, 'statusSince' | 'shifts' | 'shiftDay' | 'overdue'>[];
  readonly chats: readonly ChatOfFormat1[];
  readonly ended: readonly (readonly [string, number])[];
}

/** The same state as the format of today has it. */
export const upgrade = (old: SnapshotOfFormat1): Snapshot => ({
  format: 2,
  version: old.version,
  time: old.time,
  settings: { channelWeights: {}, ageingSeconds: 0, version: 0 },
  teams: [],
  skills: [],
  schedules: [],
  workflows: [],
  published: 0,
  draft: undefined,
  draftRevision: 0,
  queues: old.queues.map((queue) => ({
    config: routing.Queue.fromPartial(queue),
    open: true,
    hoursUntil: 0,
    hoursSince: 0,
  })),
  agents: old.agents.map((agent) => ({
    ...agent,
    statusSince: agent.idleSince,
    shifts: 0,
    shiftDay: 0,
    overdue: [],
  })),
  chats: old.chats.map(upgradeChat),
  ended: old.ended,
});

const upgradeChat = (old: ChatOfFormat1): ChatRecord => {
  const { offerId, agentId, expiresAt, acceptedAt, excluded, ...same } = old;
  return {
    ...same,
    firstEnteredAt: old.enteredAt,
    pageTitle: '',
    channel: '',
    requirements: NO_REQUIREMENTS,
    workflowVersion: 0,
    filter: 0,
    filterName: '',
    target: 0,
    targetUntil: 0,
    preferredAgentId: '',
    preferredUntil: 0,
    parked: false,
    failsafeAt: old.enteredAt + FAILSAFE_SECONDS * 1000,
    failsafeTimes: 0,
    offers:
      old.phase === 'offered'
        ? [
            {
              id: offerId,
              agentId,
              expiresAt,
              kind: routing.OfferMade_Kind.KIND_QUEUE,
              transferId: '',
              autoAccept: false,
              reasons: [],
            },
          ]
        : [],
    assignments:
      old.phase === 'active' ? [{ agentId, offerId, acceptedAt, weight: old.weight, transferId: '' }] : [],
    transfer: undefined,
    warm: false,
    leavingAgentId: '',
    excluded,
  };
};
