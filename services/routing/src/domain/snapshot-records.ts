import type { routing } from '@parley/contracts';
import type { Chat } from './state.js';

/** A chat's facts. */
export type ChatRecord = Omit<Chat, 'entryVersion' | 'escalated' | 'excluded' | 'lane' | 'due' | 'turn'> & {
  /** Missing in those of engines before 3. */
  readonly entryVersion?: number;
  /** Missing in those of engines before 5. */
  readonly escalated?: boolean;
  readonly excluded: readonly (readonly [string, number])[];
};

/** An agent's facts. */
export interface AgentRecord {
  readonly id: string;
  readonly config: routing.Agent | undefined;
  readonly reported: routing.AgentStatus;
  readonly online: boolean;
  readonly revision: string;
  readonly notResponding: boolean;
  readonly statusSince: number;
  /** Missing in those of earlier releases. */
  readonly onlineSince?: number;
  readonly idleSince: number;
  readonly shifts: number;
  readonly shiftDay: number;
  readonly overdue: readonly string[];
  readonly wrapUps: readonly (readonly [conversationId: string, until: number, weight: number])[];
}

export interface QueueRecord {
  readonly config: routing.Queue;
  readonly open: boolean;
  readonly hoursUntil: number;
  readonly hoursSince: number;
}

/** A state as JSON: facts only, every index is rebuilt from them. Bump `format` when a reader must know. */
export interface Snapshot {
  readonly format: 2;
  readonly version: number;
  readonly time: number;
  readonly settings: routing.RoutingSettings;
  readonly teams: readonly routing.Team[];
  readonly skills: readonly routing.Skill[];
  readonly schedules: readonly routing.Schedule[];
  readonly workflows: readonly unknown[];
  readonly published: number;
  readonly draft: unknown;
  readonly draftRevision: number;
  readonly queues: readonly QueueRecord[];
  readonly agents: readonly AgentRecord[];
  readonly chats: readonly ChatRecord[];
  readonly ended: readonly (readonly [string, number])[];
}
