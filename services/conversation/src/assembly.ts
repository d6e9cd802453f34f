import { purgedFrom, type AgentQueues } from '@parley/service';
import type { Client } from '@parley/contracts';
import { createOwner, type DueIndex, type EventLog, type UnknownEventError } from '@parley/eventlog';
import type { Clock } from '@parley/kernel';
import type { Bus } from '@parley/messaging';
import type { Collection } from '@parley/store';
import type { Logger } from '@parley/telemetry';
import { Arrivals } from './arrivals.js';
import { Addresses } from './addresses.js';
import { Commands } from './commands.js';
import { Contacts } from './contacts/contacts.js';
import type { ContactDoc, FollowUpDoc, InboxDoc, SeatDoc } from './documents.js';
import { conversationDecider } from './domain.js';
import { conversationCodec } from './domain/events.js';
import type { Policy } from './domain/rules.js';
import { History } from './history.js';
import { Live } from './live.js';
import { Opening } from './opening.js';
import { queueIsUnknown, requireOpenQueue, requireQueue, type OpenQueuesOptions } from './open-queues.js';
import { InboxProjection } from './projection.js';
import { replyPromise } from './promises.js';
import { nextDueAt } from './timeouts.js';
import { Views } from './views.js';

export interface Surroundings {
  readonly eventLog: EventLog;
  readonly bus: Pick<Bus, 'publish'>;
  readonly documents: {
    readonly contacts: Collection<ContactDoc>;
    readonly inbox: Collection<InboxDoc>;
    readonly seats: Collection<SeatDoc>;
    readonly followUps: Collection<FollowUpDoc>;
  };
  /** Calls to whoever owns a conversation, to transcript and to presence. */
  readonly calls: Pick<Client<'parley.conversation.v1.ConversationService'>, 'eraseConversation'> &
    Pick<Client<'parley.conversation.v1.ConversationInternalService'>, 'recordIdentity'> &
    Pick<Client<'parley.presence.v1.PresenceService'>, 'getVisitor'> &
    Pick<Client<'parley.transcript.v1.TranscriptInternalService'>, 'readCommits'> &
    Pick<Client<'parley.routing.v1.RoutingService'>, 'getAvailability' | 'listQueues'>;
  readonly agentQueues: Pick<AgentQueues, 'of'>;
  /** What is promised for a message when routing does not say, ms. */
  readonly replyPromiseMs: number;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  readonly isOwned: (partition: number) => boolean;
  readonly timers?: DueIndex;
  readonly onUnknownEvent?: (partition: number, error: UnknownEventError) => void;
}

/** The parts of the service over what it stands on; main.ts gives them to the handlers, the consumer and the timers. */
export const assemble = (on: Surroundings) => {
  const { eventLog, documents, calls, policy, clock } = on;
  const now = (): number => clock.now();
  const history = new History(eventLog, purgedFrom(calls, 'conversation', clock));
  const views = new Views(documents.inbox, history);
  const live = new Live(on.bus, views, (error, tenant, conversationId) =>
    on.logger.warn({ err: error, tenant, conversationId }, 'an inbox row is late'),
  );
  const contacts = new Contacts(documents.contacts, now);
  const arrivals = new Arrivals({ presence: calls, contacts, clock });
  const owner = createOwner({
    log: eventLog,
    decider: conversationDecider(policy),
    codec: conversationCodec,
    onCommitted: live.committed,
    loadPurged: history.loadPurged,
    nextDueAt: nextDueAt(policy, arrivals),
    isOwned: on.isOwned,
    clock,
    timers: on.timers,
    onUnknownEvent: on.onUnknownEvent,
  });
  const commands = new Commands(owner, contacts);
  const addresses = new Addresses(views, contacts);
  const promised = replyPromise({
    getAvailability: calls.getAvailability,
    defaultMs: on.replyPromiseMs,
    now,
    onError: (error) => on.logger.warn({ err: error }, 'routing did not say when an answer can be promised'),
  });
  const queues: OpenQueuesOptions = {
    listQueues: calls.listQueues,
    now,
    onError: (error) => on.logger.warn({ err: error }, 'routing did not say which queues there are'),
  };
  const opening = new Opening({
    commands,
    contacts,
    inbox: documents.inbox,
    owner,
    eventLog,
    history,
    promised,
    requireQueue: requireQueue(queues),
    now,
  });
  const { inbox, seats, followUps } = documents;
  const projection = new InboxProjection(inbox, seats, followUps, views);
  const { eraseConversation, recordIdentity } = calls;
  return {
    owner,
    arrivals,
    projection,
    /** What the handlers need. */
    parts: {
      addresses,
      commands,
      contacts,
      followUps,
      promised,
      requireOpenQueue: requireOpenQueue(queues),
      queueIsUnknown: queueIsUnknown(queues),
      opening,
      history,
      views,
      inbox,
      seats,
      agentQueues: on.agentQueues,
      owner,
      now,
      eraseAtOwner: eraseConversation,
      recordIdentity,
    },
  };
};
