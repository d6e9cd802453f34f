import { conversation, conversationLiveSubject, log, visibleTo, type HandlerTable } from '@parley/contracts';
import { notFound, type RequestContext } from '@parley/kernel';
import type { Bus } from '@parley/messaging';

/**
 * The smallest conversation service that a gateway can be tested against, over the real transports: logs in memory,
 * live fan-out that a test can switch off, and the rule that a visitor sees only their own.
 */
export class Conversations {
  private readonly logs = new Map<string, { contactId: string; commits: log.Commit[] }>();
  private bus: Bus | undefined;
  /** Commits are no longer sent live while true: as if the network had lost them. */
  muted = false;
  /** Most of a page of events, as far as one has several. */
  pageBytes = 256 << 10;
  /** Rows of every inbox. */
  inbox: conversation.InboxRow[] = [];
  /** Called when GetConversation arrives; what it throws is the answer. */
  onGet: () => void = () => undefined;
  /** Called with the message id when a SendMessage arrives; what it returns is waited for. */
  onSend: (messageId: string) => Promise<void> = async () => undefined;

  open(tenant: string, id: string, contactId: string): void {
    this.logs.set(`${tenant}/${id}`, { contactId, commits: [] });
    this.append(tenant, id, {
      $case: 'started',
      value: conversation.ConversationStarted.fromPartial({ contactId }),
    });
  }

  append(
    tenant: string,
    id: string,
    event: NonNullable<conversation.ConversationEvent['event']>,
    by = 'ann',
  ): number {
    const entry = this.logs.get(`${tenant}/${id}`);
    if (!entry) throw notFound('NO_SUCH_CONVERSATION', 'no such conversation');
    const firstVersion = entry.commits.length + 1;
    const commit = log.Commit.fromPartial({
      tenant,
      aggregateId: id,
      firstVersion,
      time: new Date(0),
      commandId: `c${firstVersion}`,
      actor: { kind: 2, id: by, name: by },
      events: [Buffer.from(conversation.ConversationEvent.encode({ event }).finish())],
    });
    entry.commits.push(commit);
    if (!this.muted)
      this.bus?.publish(conversationLiveSubject(tenant, id), log.Commit.encode(commit).finish());
    return firstVersion;
  }

  /** Handlers for a service on this bus. Methods that no test calls are not there and answer `internal`. */
  handlers(bus: Bus): HandlerTable {
    this.bus = bus;
    const publicOnes = {
      listEvents: async (request: conversation.ListEventsRequest, context: RequestContext) =>
        this.listEvents(request, context),
      sendMessage: async (request: conversation.SendMessageRequest, context: RequestContext) => {
        await this.onSend(request.messageId);
        this.visible(context, request.conversationId);
        const value = conversation.MessageSent.fromPartial({
          messageId: request.messageId,
          content: { $case: 'text', value: { text: request.text } },
        });
        const event = { $case: 'messageSent' as const, value };
        return { version: this.append(context.tenant, request.conversationId, event), time: new Date(0) };
      },
      getConversation: async ({ conversationId }: { conversationId: string }, context: RequestContext) => {
        this.onGet();
        const agentIds = this.listEvents(
          { conversationId, afterVersion: 0, limit: 1_000 },
          context,
        ).events.flatMap(({ event }) =>
          event?.event?.$case === 'agentJoined' ? [event.event.value.agentId] : [],
        );
        return { conversation: conversation.Conversation.fromPartial({ conversationId, agentIds }) };
      },
      listInbox: async () => ({ rows: this.inbox, nextCursor: '' }),
      getContact: async () => ({ contact: undefined }),
    };
    const internalOnes = {
      identifyContact: async ({ externalId }: conversation.IdentifyContactRequest) => ({
        contact: conversation.Contact.fromPartial({
          contactId: `known-${externalId}`,
          openConversationId: '0-open',
        }),
      }),
      getHeads: async (request: conversation.GetHeadsRequest, { tenant }: RequestContext) => ({
        heads: Object.fromEntries(
          request.conversationIds.flatMap((id) => {
            const entry = this.logs.get(`${tenant}/${id}`);
            return entry ? [[id, entry.commits.length]] : [];
          }),
        ),
      }),
    };
    return {
      'parley.conversation.v1.ConversationService': withoutOthers(publicOnes),
      'parley.conversation.v1.ConversationInternalService': withoutOthers(internalOnes),
    } as unknown as HandlerTable;
  }

  private listEvents(
    { conversationId, afterVersion, limit }: conversation.ListEventsRequest,
    context: RequestContext,
  ): conversation.ListEventsResponse {
    const { commits } = this.visible(context, conversationId);
    const page = commits.slice(afterVersion, afterVersion + limit);
    let bytes = 0;
    const full = page.findIndex(
      ({ events }, i) => (bytes += events[0]?.length ?? 0) > this.pageBytes && i > 0,
    );
    const events = (full < 0 ? page : page.slice(0, full)).map((commit) =>
      visibleTo(context.principal.role, {
        version: commit.firstVersion,
        time: commit.time,
        actor: commit.actor,
        event: conversation.ConversationEvent.decode(commit.events[0] ?? Buffer.alloc(0)),
        commandId: commit.commandId,
      }),
    );
    return { events, headVersion: commits.length };
  }

  private visible({ tenant, principal }: RequestContext, id: string): { commits: log.Commit[] } {
    const entry = this.logs.get(`${tenant}/${id}`);
    if (!entry || (principal.role === 'visitor' && principal.id !== entry.contactId))
      throw notFound('NO_SUCH_CONVERSATION', 'no such conversation');
    return entry;
  }
}

/** Handlers of a service as far as a test calls them; its other methods are not there and answer `internal`. */
export const withoutOthers = <T extends object>(handlers: T): T =>
  new Proxy(handlers, {
    get: (target, name) => (target as Record<string | symbol, unknown>)[name] ?? refuse,
  });

const refuse = async (): Promise<never> => {
  throw new Error('not part of this test');
};
