import { conversation, inboxLiveQueues, type Client } from '@parley/contracts';
import { permissionDenied, type Clock, type RequestContext } from '@parley/kernel';
import type { AgentQueues } from '@parley/service';
import { inboxChangedFrame, inboxResyncFrame } from './frames.js';
import type { SocketPort } from './port.js';
import type { Topics } from './topics.js';

const { InboxScope } = conversation;
type Scope = conversation.InboxScope;

const READ_MS = 10_000;
const MOST_ROWS = 200;
const QUEUE = 'queue-';

export interface InboxOptions {
  readonly topics: Topics;
  readonly conversations: Pick<Client<'parley.conversation.v1.ConversationService'>, 'listInbox'>;
  readonly agentQueues: Pick<AgentQueues, 'of'>;
  readonly clock: Clock;
}

/** A row as it came in, decoded and made into text at most once for all sockets of this gateway. */
class LiveRow {
  private text: string | undefined;
  constructor(private readonly data: Uint8Array) {}
  get frame(): string {
    return (this.text ??= inboxChangedFrame(conversation.InboxRow.decode(this.data)));
  }
}

let latest: { data: Uint8Array; row: LiveRow } | undefined;
/** Listeners of one message are called one after the other: the last row made is the one they share. */
const liveRow = (data: Uint8Array): LiveRow => {
  if (latest?.data !== data) latest = { data, row: new LiveRow(data) };
  return latest.row;
};

/** The inbox that one socket watches: all rows of a scope first and from time to time, changes in between. */
export class InboxFeed {
  private scopes = new Set<Scope>();
  private leave: (() => void) | undefined;
  /** Rows that came while a scope was read: sent after it, since what a resync lacks counts as gone. */
  private held: { target: string; row: LiveRow }[] | undefined;
  private again = false;
  /** Queues whose waiting chats an agent sees; nothing is left out for who supervises. */
  private queues: ReadonlySet<string> = new Set();

  constructor(
    private readonly options: InboxOptions,
    private readonly socket: SocketPort,
  ) {}

  /** Replaces what is watched. Throws when the socket's role may not. */
  watch(scopes: readonly Scope[]): void {
    const { tenant, principal } = this.socket.session;
    const { role } = principal;
    if (role === 'visitor' || role === 'integration')
      throw permissionDenied('ROLE_NOT_ALLOWED', 'inboxes are for agents, supervisors and admins');
    if (role === 'agent' && scopes.includes(InboxScope.INBOX_SCOPE_ALL))
      throw permissionDenied('ROLE_NOT_ALLOWED', 'INBOX_SCOPE_ALL is for supervisors and admins');
    this.scopes = new Set(scopes.filter((scope) => scope !== InboxScope.INBOX_SCOPE_UNSPECIFIED));
    this.leave?.();
    this.leave =
      this.scopes.size > 0
        ? this.options.topics.join(inboxLiveQueues(tenant), (data, subject) => this.onRow(data, subject))
        : undefined;
    void this.resync();
  }

  /** Sends all rows of every watched scope. A failed read is tried again with the next resync. */
  async resync(): Promise<void> {
    if (this.held) {
      this.again = true;
      return;
    }
    const held: { target: string; row: LiveRow }[] = (this.held = []);
    do {
      this.again = false;
      for (const scope of [...this.scopes]) await this.resyncOne(scope).catch(() => undefined);
    } while (this.again && this.socket.open);
    this.held = undefined;
    for (const { target, row } of held) if (this.concerns(target)) this.socket.send(row.frame);
  }

  close(): void {
    this.leave?.();
    this.leave = undefined;
    this.scopes.clear();
  }

  private async resyncOne(scope: Scope): Promise<void> {
    const { tenant, principal } = this.socket.session;
    const context = { tenant, principal, deadline: this.options.clock.now() + READ_MS };
    const rows =
      scope === InboxScope.INBOX_SCOPE_QUEUE
        ? await this.waiting(context)
        : await this.read(scope, '', context);
    if (this.socket.open && this.scopes.has(scope)) this.socket.send(inboxResyncFrame(scope, rows.rows));
  }

  private read(
    scope: Scope,
    queueId: string,
    context: RequestContext,
  ): Promise<conversation.ListInboxResponse> {
    const page = { limit: MOST_ROWS, cursor: '' };
    return this.options.conversations.listInbox({ scope, queueId, page }, context);
  }

  /** The waiting chats of all queues, or of those that an agent serves. */
  private async waiting(context: RequestContext): Promise<{ rows: conversation.InboxRow[] }> {
    const all = await this.read(InboxScope.INBOX_SCOPE_QUEUE, '', context);
    if (context.principal.role !== 'agent') return all;
    this.queues = await this.options.agentQueues.of(context);
    // A conversation service of the release before lists every queue to an agent.
    if (!all.nextCursor) return { rows: all.rows.filter(({ queueId }) => this.queues.has(queueId)) };
    const rows: conversation.InboxRow[] = [];
    for (const queueId of this.queues)
      rows.push(...(await this.read(InboxScope.INBOX_SCOPE_QUEUE, queueId, context)).rows);
    return { rows };
  }

  private onRow(data: Uint8Array, subject: string): void {
    const target = subject.slice(subject.lastIndexOf('.') + 1);
    if (this.held) this.held.push({ target, row: liveRow(data) });
    else if (this.concerns(target)) this.socket.send(liveRow(data).frame);
  }

  /** `target`: `all`, `queue-<id>` or `agent-<id>`. */
  private concerns(target: string): boolean {
    if (target === 'all') return this.scopes.has(InboxScope.INBOX_SCOPE_ALL);
    const { role, id } = this.socket.session.principal;
    if (target.startsWith(QUEUE))
      return (
        this.scopes.has(InboxScope.INBOX_SCOPE_QUEUE) &&
        (role !== 'agent' || this.queues.has(target.slice(QUEUE.length)))
      );
    return this.scopes.has(InboxScope.INBOX_SCOPE_MINE) && target === `agent-${id}`;
  }
}
