import { conversation, visibleTo, type Handlers } from '@parley/contracts';
import { permissionDenied, type RequestContext } from '@parley/kernel';
import type { AgentQueues } from '@parley/service';
import type { Collection, Filter, Page } from '@parley/store';
import type { Commands } from '../commands.js';
import { keyOf, type InboxDoc, type SeatDoc } from '../documents.js';
import { rowOf } from '../domain/rows.js';
import type { History } from '../history.js';
import { viewOf } from '../inbox-documents.js';
import type { Views } from '../views.js';
import { conversationOf } from './answers.js';

type Service = Handlers<'parley.conversation.v1.ConversationService'>;

const EVENTS_BY_DEFAULT = 500;
/** Of one page of events: a frame of a socket, so that its reader can follow, and far below what gRPC holds. */
const EVENTS_BYTES = 256 << 10;
const ROWS_BY_DEFAULT = 50;
const { InboxScope: Scope } = conversation;

export interface ReadParts {
  readonly commands: Pick<Commands, 'stateFor'>;
  readonly history: History;
  readonly views: Views;
  readonly inbox: Collection<InboxDoc>;
  readonly seats: Collection<SeatDoc>;
  readonly agentQueues: Pick<AgentQueues, 'of'>;
}

/** The reads of ConversationService. */
export const readHandlers = ({ commands, history, views, inbox, seats, agentQueues }: ReadParts) =>
  ({
    getConversation: async ({ conversationId }, context) => {
      const state = await commands.stateFor(context, conversationId);
      const view = await views.load(context.tenant, conversationId);
      return { conversation: conversationOf(context, conversationId, state, view) };
    },

    listEvents: async ({ conversationId, afterVersion, limit }, context) => {
      const state = await commands.stateFor(context, conversationId);
      const events =
        afterVersion >= state.version
          ? []
          : await history.events(context.tenant, conversationId, afterVersion, {
              limit: limit || EVENTS_BY_DEFAULT,
              bytes: EVENTS_BYTES,
            });
      return {
        events: events.map((event) => visibleTo(context.principal.role, event)),
        headVersion: Math.max(state.version, events.at(-1)?.version ?? 0),
      };
    },

    listInbox: async (request, context) => {
      const { docs, next } = await inboxPage(request, context, { inbox, seats, agentQueues });
      return { rows: docs.map((doc) => rowOf(doc.conversationId, viewOf(doc))), nextCursor: next ?? '' };
    },
  }) satisfies Partial<Service>;

const inboxPage = async (
  { scope, queueId, page }: conversation.ListInboxRequest,
  context: RequestContext,
  { inbox, seats, agentQueues }: Pick<ReadParts, 'inbox' | 'seats' | 'agentQueues'>,
): Promise<{ docs: readonly InboxDoc[]; next?: string }> => {
  const { tenant, principal } = context;
  const paging = { limit: page?.limit || ROWS_BY_DEFAULT, ...(page?.cursor ? { cursor: page.cursor } : {}) };
  const whole = ({ items, next }: Page<InboxDoc>) => ({ docs: items, next });
  const own = async (kind: SeatDoc['scope']) => {
    const { items, next } = await seats.find({
      filter: { agentKey: keyOf(tenant, principal.id), scope: kind },
      sort: { field: 'at', direction: 'desc' },
      ...paging,
    });
    const docs = await inbox.getMany(items.map((seat) => seat.inboxId));
    return { docs: items.flatMap((seat) => docs.get(seat.inboxId) ?? []), next };
  };
  const seesAll = principal.role !== 'agent';
  switch (scope) {
    case Scope.INBOX_SCOPE_UNSPECIFIED:
    case Scope.INBOX_SCOPE_MINE:
      return own('open');
    case Scope.INBOX_SCOPE_QUEUE:
      return whole(
        await inbox.find({
          filter: { tenant, list: 'queued', ...(await queuesIn(queueId, context, agentQueues)) },
          sort: { field: 'queuedAt', direction: 'asc' },
          ...paging,
        }),
      );
    case Scope.INBOX_SCOPE_CLOSED:
      if (!seesAll) return own('closed');
      return whole(
        await inbox.find({
          filter: { tenant, list: 'closed' },
          sort: { field: 'closedAt', direction: 'desc' },
          ...paging,
        }),
      );
    case Scope.INBOX_SCOPE_ALL:
      if (!seesAll)
        throw permissionDenied(
          'ROLE_NOT_ALLOWED',
          'Only supervisors see every chat: list your own or a queue.',
        );
      return whole(
        await inbox.find({
          filter: { tenant, open: true },
          sort: { field: 'startedAt', direction: 'desc' },
          ...paging,
        }),
      );
    default:
      return own('open');
  }
};

/** An agent sees who waits in the queues that they serve, everybody else all queues. */
const queuesIn = async (
  queueId: string,
  context: RequestContext,
  agentQueues: Pick<AgentQueues, 'of'>,
): Promise<Filter> => {
  if (context.principal.role !== 'agent') return queueId ? { queueId } : {};
  const own = await agentQueues.of(context);
  if (queueId && !own.has(queueId))
    throw permissionDenied(
      'NOT_YOUR_QUEUE',
      'You do not serve that queue: leave it out to list all of yours.',
    );
  return { queueId: queueId || { in: [...own] } };
};
