import type { routing } from '@parley/contracts';

/** What routing can be asked to do. Time is given beside the command; ids are inside. */
export type Command =
  | { readonly kind: 'putQueue'; readonly queue: routing.Queue; readonly expectedVersion: number }
  | { readonly kind: 'removeQueue'; readonly queueId: string }
  | { readonly kind: 'putAgent'; readonly agent: routing.Agent; readonly expectedVersion: number }
  | { readonly kind: 'acceptOffer'; readonly offerId: string; readonly agentId: string }
  | {
      readonly kind: 'declineOffer';
      readonly offerId: string;
      readonly agentId: string;
      readonly reason: string;
    }
  | { readonly kind: 'endWrapUp'; readonly conversationId: string; readonly agentId: string }
  | { readonly kind: 'enqueue'; readonly entry: routing.ConversationEnqueued }
  | {
      readonly kind: 'endConversation';
      readonly conversationId: string;
      readonly reason: routing.AssignmentEnded_Reason;
      /** Only this agent's assignment; empty: all of the conversation. */
      readonly agentId: string;
      readonly sourceVersion: number;
    }
  | { readonly kind: 'setPresence'; readonly report: routing.AgentPresenceChanged }
  /** What is due by now happens, TICK_LIMIT things at most; `nextDueAt` tells whether more is. */
  | { readonly kind: 'tick' }
  /** Offers whatever can be offered: once after taking over, in case a decision was cut short. */
  | { readonly kind: 'settle' };

/** A routing event by the name of its case. */
export type EventCase = NonNullable<routing.RoutingEvent['event']>;
