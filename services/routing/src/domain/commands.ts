import type { routing } from '@parley/contracts';
import type { Expected } from './versions.js';

/** What routing can be asked to do. Time is given beside the command; ids are inside. */
export type Command = ConfigCommand | ChatCommand | AgentCommand | TimeCommand;

/** Changes of configuration, each with what its caller believes of the version. */
export type ConfigCommand = Expected & ConfigChange;

type ConfigChange =
  | { readonly kind: 'putQueue'; readonly queue: routing.Queue }
  | { readonly kind: 'removeQueue'; readonly queueId: string }
  | { readonly kind: 'putAgent'; readonly agent: routing.Agent }
  | { readonly kind: 'removeAgent'; readonly agentId: string }
  | { readonly kind: 'putTeam'; readonly team: routing.Team }
  | { readonly kind: 'removeTeam'; readonly teamId: string }
  | { readonly kind: 'putSkill'; readonly skill: routing.Skill }
  | { readonly kind: 'removeSkill'; readonly skillId: string }
  | { readonly kind: 'putSchedule'; readonly schedule: routing.Schedule }
  | { readonly kind: 'removeSchedule'; readonly scheduleId: string }
  | { readonly kind: 'putSettings'; readonly settings: routing.RoutingSettings }
  /** The version is the draft's revision. */
  | { readonly kind: 'saveWorkflowDraft'; readonly workflow: routing.Workflow }
  /** Publishes the draft, which must have this revision. */
  | {
      readonly kind: 'publishWorkflow';
      readonly draftRevision: number;
      readonly comment: string;
      readonly publishedBy: string;
    }
  /** Publishes an earlier version again, as a new one; what is expected is the version in force. */
  | {
      readonly kind: 'rollBackWorkflow';
      readonly version: number;
      readonly comment: string;
      readonly publishedBy: string;
    };

/** What happens in conversations, and what supervisors do with them. */
export type ChatCommand =
  /** `attributes` are for the workflow's filters only: nothing of them gets into the log. */
  | {
      readonly kind: 'enqueue';
      readonly entry: routing.ConversationEnqueued;
      readonly attributes?: routing.EntryAttributes | undefined;
    }
  | {
      readonly kind: 'endConversation';
      readonly conversationId: string;
      readonly reason: routing.AssignmentEnded_Reason;
      /** Only this agent's assignment; empty: all of the conversation. */
      readonly agentId: string;
      /** Only the assignment by this offer: the agent may have got the chat again since. */
      readonly offerId?: string;
      readonly sourceVersion: number;
    }
  /** To an agent, or to anybody of a queue; without a time it ends after TRANSFER_SECONDS. */
  | { readonly kind: 'requestTransfer'; readonly transfer: routing.TransferRequested }
  | { readonly kind: 'cancelTransfer'; readonly conversationId: string; readonly transferId: string }
  /** A waiting chat to an agent or to a queue: one of the two. */
  | {
      readonly kind: 'assignConversation';
      readonly conversationId: string;
      readonly agentId: string;
      readonly queueId: string;
    }
  /** Taken over: whoever had it or was offered it has it no more. Never refused: it has happened. */
  | {
      readonly kind: 'startAssignment';
      readonly conversationId: string;
      readonly agentId: string;
      /** 0: as the chat weighs, or 1. */
      readonly weight: number;
      readonly sourceVersion: number;
    };

/** What agents do, and what is known of them. */
export type AgentCommand =
  | { readonly kind: 'acceptOffer'; readonly offerId: string; readonly agentId: string }
  | {
      readonly kind: 'declineOffer';
      readonly offerId: string;
      readonly agentId: string;
      readonly reason: string;
    }
  | { readonly kind: 'endWrapUp'; readonly conversationId: string; readonly agentId: string }
  | { readonly kind: 'setPresence'; readonly report: routing.AgentPresenceChanged }
  /** The visitor has waited for a reply since then (ms) for longer than the limit of the agent's team. */
  | {
      readonly kind: 'replyOverdue';
      readonly conversationId: string;
      readonly agentId: string;
      readonly since: number;
    }
  | { readonly kind: 'replyCaughtUp'; readonly conversationId: string; readonly agentId: string };

export type TimeCommand =
  /** What is due by now happens, TICK_LIMIT things at most; `nextDueAt` tells whether more is. */
  | { readonly kind: 'tick' }
  /** Offers whatever can be offered: once after taking over, in case a decision was cut short. */
  | { readonly kind: 'settle' };

/** A routing event by the name of its case. */
export type EventCase = NonNullable<routing.RoutingEvent['event']>;
