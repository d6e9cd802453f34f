import { conversation, inboxLiveQueues, type Client } from '@parley/contracts';
import { permissionDenied, type Clock } from '@parley/kernel';
import { inboxChangedFrame, inboxResyncFrame } from './frames.js';
import type { SocketPort } from './port.js';
import type { Topics } from './topics.js';

const { InboxScope } = conversation;
type Scope = conversation.InboxScope;

const READ_MS = 10_000;
const MOST_ROWS = 200;

export interface InboxOptions {
  readonly topics: Topics;
  readonly conversations: Pick<Client<'parley.conversation.v1.ConversationService'>, 'listInbox'>;
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
  private held: LiveRow[] | undefined;
  private again = false;

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
    const held: LiveRow[] = (this.held = []);
    do {
      this.again = false;
      for (const scope of [...this.scopes]) await this.resyncOne(scope).catch(() => undefined);
    } while (this.again && this.socket.open);
    this.held = undefined;
    for (const row of held) this.socket.send(row.frame);
  }

  close(): void {
    this.leave?.();
    this.leave = undefined;
    this.scopes.clear();
  }

  private async resyncOne(scope: Scope): Promise<void> {
    const { tenant, principal } = this.socket.session;
    const { rows } = await this.options.conversations.listInbox(
      { scope, queueId: '', page: { limit: MOST_ROWS, cursor: '' } },
      { tenant, principal, deadline: this.options.clock.now() + READ_MS },
    );
    if (this.socket.open && this.scopes.has(scope)) this.socket.send(inboxResyncFrame(scope, rows));
  }

  private onRow(data: Uint8Array, subject: string): void {
    if (!this.concerns(subject.slice(subject.lastIndexOf('.') + 1))) return;
    const row = liveRow(data);
    if (this.held) this.held.push(row);
    else this.socket.send(row.frame);
  }

  /** `target`: `all`, `queue-<id>` or `agent-<id>`. */
  private concerns(target: string): boolean {
    if (target === 'all') return this.scopes.has(InboxScope.INBOX_SCOPE_ALL);
    if (target.startsWith('queue-')) return this.scopes.has(InboxScope.INBOX_SCOPE_QUEUE);
    return (
      this.scopes.has(InboxScope.INBOX_SCOPE_MINE) && target === `agent-${this.socket.session.principal.id}`
    );
  }
}
