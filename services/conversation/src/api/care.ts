import type { Handlers } from '@parley/contracts';
import type { RequestContext } from '@parley/kernel';
import type { Commands, Wish } from '../commands.js';
import { knowsTransfer } from '../domain/transfers.js';
import type { QueueIsUnknown, RequireOpenQueue } from '../open-queues.js';
import type { Views } from '../views.js';
import { conversationOf, messagePlace } from './answers.js';

type Service = Handlers<'parley.conversation.v1.ConversationService'>;

export interface CareParts {
  readonly commands: Commands;
  readonly views: Views;
  readonly requireOpenQueue: RequireOpenQueue;
  readonly queueIsUnknown: QueueIsUnknown;
}

interface Asked {
  readonly conversationId: string;
  readonly commandId: string;
}

/** Handing on, holding and supervising: commands of ConversationService. */
export const careHandlers = ({ commands, views, requireOpenQueue, queueIsUnknown }: CareParts) => {
  const plain =
    (type: PlainWish['type']) =>
    async ({ conversationId, commandId }: Asked, context: RequestContext): Promise<{ version: number }> => {
      const { version } = await commands.execute(context, conversationId, commandId, { type });
      return { version };
    };

  return {
    transferConversation: async ({ conversationId, ...wish }, context) => {
      const { transferId, toAgentId, toQueueId } = wish;
      if (toQueueId && !toAgentId) {
        const state = await commands.stateFor(context, conversationId);
        // Asked again, it is answered as before: the queue may have closed since.
        if (!knowsTransfer(state, transferId)) await requireOpenQueue(context, 'toQueueId', toQueueId);
      }
      const { version } = await commands.execute(context, conversationId, transferId, {
        type: 'transfer',
        ...wish,
      });
      return { version };
    },

    cancelTransfer: async ({ conversationId, commandId, transferId }, context) => {
      const { version } = await commands.execute(context, conversationId, commandId, {
        type: 'cancelTransfer',
        transferId,
      });
      return { version };
    },

    holdConversation: plain('hold'),
    resumeConversation: plain('resume'),
    parkConversation: plain('park'),
    unparkConversation: plain('unpark'),
    leaveConversation: plain('leave'),
    joinAsSupervisor: plain('joinAsSupervisor'),
    takeOverConversation: plain('takeOver'),

    // Unseen: nothing of it stands in the conversation's log. The gateway writes the audit log.
    monitorConversation: async ({ conversationId }, context) => {
      const state = await commands.stateFor(context, conversationId);
      const view = await views.load(context.tenant, conversationId);
      return { conversation: conversationOf(context, conversationId, state, view) };
    },

    whisperToAgent: async ({ conversationId, whisperId, text }, context) => {
      const done = await commands.execute(context, conversationId, whisperId, {
        type: 'whisper',
        whisperId,
        text,
      });
      return { version: messagePlace(done.envelope.state, whisperId, done).version };
    },

    // A bot's word that people take over. Refused, a bot may leave its visitor to nobody: a wrong queue stops nothing.
    queueConversation: async ({ conversationId, commandId, queueId }, context) => {
      const queueUnknown = await queueIsUnknown(context, queueId);
      const { version } = await commands.execute(context, conversationId, commandId, {
        type: 'handToPeople',
        queueId: queueUnknown ? '' : queueId,
      });
      return { version, queueUnknown };
    },
  } satisfies Partial<Service>;
};

/** Wishes that say nothing but what they are. */
type PlainWish = Extract<
  Wish,
  { type: 'hold' | 'resume' | 'park' | 'unpark' | 'leave' | 'joinAsSupervisor' | 'takeOver' }
>;
