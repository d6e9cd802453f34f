import { partitionOfContact, type conversation } from '@parley/contracts';
import type { EventLog, Owner } from '@parley/eventlog';
import {
  ApiError,
  failedPrecondition,
  invalidArgument,
  newAggregateId,
  unavailable,
  type RequestContext,
} from '@parley/kernel';
import type { Collection } from '@parley/store';
import type { Commands, Wish } from './commands.js';
import type { Contacts } from './contacts/contacts.js';
import { keyOf, type ContactDoc, type InboxDoc } from './documents.js';
import type { Command } from './domain/commands.js';
import { maskCards } from './domain/mask.js';
import { isOpen, senderKey, type State } from './domain/state.js';
import { nothingWritten } from './domain/messages-taken.js';
import type { History } from './history.js';
import { actorOf } from './principals.js';
import type { RequireQueue } from './open-queues.js';
import type { ReplyPromise, Whereabouts } from './promises.js';

type Request = conversation.StartConversationRequest;
type Response = conversation.StartConversationResponse;
type Situation = 'open' | 'closed' | 'dangling';

export interface OpeningParts {
  readonly commands: Commands;
  readonly contacts: Contacts;
  readonly inbox: Collection<InboxDoc>;
  readonly owner: Owner<State, Command>;
  readonly eventLog: EventLog;
  readonly history: History;
  readonly promised: (context: RequestContext, where: Whereabouts) => Promise<ReplyPromise>;
  readonly requireQueue: RequireQueue;
  readonly now: () => number;
}

/** Opens conversations so that a contact never has two: the contact's document is reserved before the log is written. */
export class Opening {
  private readonly commands: Commands;
  private readonly contacts: Contacts;
  private readonly inbox: Collection<InboxDoc>;
  private readonly owner: Owner<State, Command>;
  private readonly now: () => number;

  constructor(private readonly on: OpeningParts) {
    ({
      commands: this.commands,
      contacts: this.contacts,
      inbox: this.inbox,
      owner: this.owner,
      now: this.now,
    } = on);
  }

  /** Starts a conversation or finds the open one, whose log then gets the text as a message. */
  async start(request: Request, context: RequestContext): Promise<Response> {
    const contactId = context.principal.role === 'visitor' ? context.principal.id : request.contactId;
    if (!contactId) throw invalidArgument('contactId', 'say for which contact the conversation is.');
    if (request.leaveMessage && !request.text.trim()) throw nothingWritten();
    let over = '';
    while (this.now() < context.deadline) {
      const { contact, made } = await this.reserve(request, context, contactId, over);
      const id = contact.openConversationId;
      const begin = (): Promise<Response | undefined> => this.begin(request, context, contact, id);
      const response = made ? await this.on.history.withFresh(id, begin) : await begin();
      if (response) return response;
      const joined = await this.join(request, context, id);
      if (joined) return joined;
      over = id;
    }
    throw unavailable('CONTACT_BUSY', 'This could not be done in time. Try again with the same command id.');
  }

  /** Makes a conversation that is to be reopened the contact's open one. ApiError when another one is open. */
  async claim(context: RequestContext, id: string, state: State): Promise<void> {
    const { tenant } = context;
    const contact = await this.contacts.find(tenant, state.contactId);
    const other = contact?.openConversationId;
    if (contact && other && other !== id && (await this.situation(contact)) !== 'closed')
      throw failedPrecondition(
        'OTHER_CONVERSATION_OPEN',
        'The visitor has another open conversation: go on in that one.',
      );
    await this.contacts.change(tenant, state.contactId, (latest) => {
      if (latest.openConversationId !== (other ?? ''))
        throw failedPrecondition(
          'OTHER_CONVERSATION_OPEN',
          'The visitor just opened another one: go on there.',
        );
      return { ...latest, openConversationId: id, openedBy: '', openAfter: state.version };
    });
  }

  /** Its open conversation; empty when there is none. Believes the inbox, which may be a moment behind. */
  async openIds(contacts: readonly ContactDoc[]): Promise<ReadonlyMap<string, string>> {
    const reserved = contacts.filter((contact) => contact.openConversationId);
    const rows = await this.inbox.getMany(
      reserved.map(({ tenant, openConversationId }) => keyOf(tenant, openConversationId)),
    );
    return new Map(
      reserved
        .filter((contact) => !isOver(contact, rows.get(keyOf(contact.tenant, contact.openConversationId))))
        .map((contact) => [contact.id, contact.openConversationId]),
    );
  }

  /** Whether its last conversation is open or about to begin; believes the log where the inbox may be behind. */
  async inChat(contact: ContactDoc): Promise<boolean> {
    return contact.openConversationId !== '' && (await this.situation(contact)) !== 'closed';
  }

  private async situation(contact: ContactDoc): Promise<Situation> {
    const { tenant, openConversationId } = contact;
    if (isOver(contact, await this.inbox.get(keyOf(tenant, openConversationId)))) return 'closed';
    const envelope = await this.owner.read(tenant, openConversationId);
    if (!envelope) return 'dangling';
    return isOpen(envelope.state) ? 'open' : 'closed';
  }

  /**
   * The contact with its open conversation, if need be a new one (`made`) that nobody has started yet. `over`: one
   * that is known to be closed, whatever documents say.
   */
  private async reserve(
    request: Request,
    context: RequestContext,
    contactId: string,
    over: string,
  ): Promise<{ contact: ContactDoc; made: boolean }> {
    const { tenant, principal } = context;
    const before = await this.contacts.find(tenant, contactId);
    if (before?.openConversationId && before.openConversationId !== over) {
      const mine = before.openedBy === request.commandId;
      if (mine || (await this.situation(before)) !== 'closed') return { contact: before, made: false };
    }
    // Visitors cannot mend it: whose page names a queue that was just removed chats all the same, in the default queue.
    if (principal.role === 'integration') await this.on.requireQueue(context, request.queueId);
    const now = this.now();
    const id = newAggregateId(partitionOfContact(tenant, contactId, this.on.eventLog.partitions), now);
    const contact = await this.contacts.change(tenant, contactId, (latest) =>
      // Somebody else was faster: theirs it is.
      latest.openConversationId !== (before?.openConversationId ?? '')
        ? undefined
        : {
            ...latest,
            ...(latest.verified
              ? {}
              : { name: maskCards(request.name) || latest.name, email: request.email || latest.email }),
            locale: request.locale || latest.locale,
            lastSeenAt: now,
            hidden: false,
            openConversationId: id,
            openedBy: request.commandId,
            openAfter: 0,
          },
    );
    return { contact, made: contact.openConversationId === id };
  }

  /** Starts what is reserved, whoever reserved it; undefined when it has been started by another command. */
  private async begin(
    request: Request,
    context: RequestContext,
    contact: ContactDoc,
    id: string,
  ): Promise<Response | undefined> {
    const later = request.leaveMessage ? await this.on.promised(context, request) : undefined;
    // What is known of the visitor is where the answer goes: the conversation has to say so itself.
    const known = later && !request.email ? contact : request;
    const wish: Wish = {
      type: 'start',
      contactId: contact.contactId,
      channel: request.channel || DEFAULT_CHANNEL,
      locale: request.locale,
      page: request.page,
      topic: request.topic,
      prechat: request.prechat,
      name: request.name || known.name,
      email: known.email,
      queueId: later?.queueId ?? request.queueId,
      messageId: request.messageId || request.commandId,
      text: request.text,
      ...(later ? { replyBy: later.replyBy } : {}),
    };
    let startedBefore = false;
    const executed = await this.commands.execute(context, id, request.commandId, (state) => {
      startedBefore = state.version > 0;
      return wish;
    });
    if (startedBefore) return undefined;
    const replyBy = promisedIn(executed.envelope.state);
    return { conversationId: id, version: executed.version, created: true, replyBy };
  }

  /** Found an open one that nobody has taken: the text is the message that ends it. */
  private async leave(
    request: Request,
    context: RequestContext,
    id: string,
  ): Promise<Response | 'in a chat' | undefined> {
    const messageId = request.messageId || request.commandId;
    const sender = senderKey(actorOf(context.principal));
    const { replyBy } = await this.on.promised(context, request);
    try {
      const { version, envelope } = await this.commands.execute(context, id, messageId, (state) => ({
        type: 'leaveMessage',
        messageId,
        text: request.text,
        name: request.name,
        email: request.email,
        clientSeq: context.principal.role === 'visitor' ? (state.clientSeqs[sender] ?? 0) + 1 : 0,
        replyBy,
      }));
      return { conversationId: id, version, created: false, replyBy: promisedIn(envelope.state) };
    } catch (error) {
      const reason = error instanceof ApiError ? error.details.reason : undefined;
      if (reason === 'AGENT_IN_CHAT') return 'in a chat';
      if (reason === 'CONVERSATION_CLOSED') return undefined;
      throw error;
    }
  }

  /** Found an open one: the text becomes its next message. Undefined when it was closed meanwhile. */
  private async join(request: Request, context: RequestContext, id: string): Promise<Response | undefined> {
    if (!request.text) {
      const envelope = await this.owner.read(context.tenant, id);
      if (!envelope || !isOpen(envelope.state)) return undefined;
      return { conversationId: id, version: envelope.head.version, created: false, replyBy: undefined };
    }
    if (request.leaveMessage) {
      const left = await this.leave(request, context, id);
      if (left !== 'in a chat') return left;
    }
    const messageId = request.messageId || request.commandId;
    const sender = senderKey(actorOf(context.principal));
    const counts = context.principal.role === 'visitor';
    try {
      const { version } = await this.commands.execute(context, id, messageId, (state) => ({
        type: 'send',
        messageId,
        text: request.text,
        clientSeq: counts ? (state.clientSeqs[sender] ?? 0) + 1 : 0,
      }));
      return { conversationId: id, version, created: false, replyBy: undefined };
    } catch (error) {
      if (error instanceof ApiError && error.details.reason === 'CONVERSATION_CLOSED') return undefined;
      throw error;
    }
  }
}

const DEFAULT_CHANNEL = 1;

const promisedIn = ({ followUp }: State): Date | undefined =>
  followUp && followUp.dueAt > 0 ? new Date(followUp.dueAt) : undefined;

/** True when the inbox has seen it close, and nobody has reopened it since. */
const isOver = (contact: ContactDoc, row: InboxDoc | undefined): boolean =>
  row?.list === 'closed' && row.version > contact.openAfter;
