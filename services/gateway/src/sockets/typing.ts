import { gateway, typingLiveSubject } from '@parley/contracts';
import type { Bus } from '@parley/messaging';
import type { SocketPort } from './port.js';

/** At most one publication a conversation in this time, ms; the latest state follows when it is over. */
const EVERY_MS = 500;
/** Typing that is not renewed ends, ms. */
const ENDS_MS = 5000;

interface Entry {
  preview: string;
  typing: boolean;
  sentAt: number;
  trailing: NodeJS.Timeout | undefined;
  expiry: NodeJS.Timeout | undefined;
}

/** What one socket's owner is typing, published to the others: throttled, and ended when it is not renewed. */
export class TypingOut {
  private readonly entries = new Map<string, Entry>();
  constructor(
    private readonly bus: Pick<Bus, 'publish'>,
    private readonly socket: SocketPort,
  ) {}

  /** The socket said so; it watches the conversation. */
  set(conversationId: string, typing: boolean, preview: string): void {
    let entry = this.entries.get(conversationId);
    if (!entry) {
      if (!typing) return;
      this.entries.set(
        conversationId,
        (entry = { preview, typing, sentAt: 0, trailing: undefined, expiry: undefined }),
      );
    }
    const changed = entry.typing !== typing;
    entry.typing = typing;
    entry.preview = preview;
    clearTimeout(entry.expiry);
    const waitMs = changed ? 0 : entry.sentAt + EVERY_MS - Date.now();
    if (waitMs <= 0) this.publish(conversationId, entry);
    else entry.trailing ??= setTimeout(() => this.publish(conversationId, entry), waitMs).unref();
    if (typing) entry.expiry = setTimeout(() => this.set(conversationId, false, ''), ENDS_MS).unref();
  }

  /** Events up to this version have reached the socket's client, which says so no more often than they come. */
  received(conversationId: string, receivedVersion: number): void {
    this.tell({ conversationId, receivedVersion });
  }

  /** Ends whatever was going on. */
  close(): void {
    for (const id of [...this.entries.keys()]) this.set(id, false, '');
  }

  private publish(conversationId: string, entry: Entry): void {
    clearTimeout(entry.trailing);
    entry.trailing = undefined;
    entry.sentAt = Date.now();
    const { typing } = entry;
    // Agents' drafts are their own; a visitor's is a sneak peek for agents.
    const preview = typing && this.socket.session.principal.role === 'visitor' ? entry.preview : '';
    this.tell({ conversationId, typing, preview });
    if (!typing) {
      clearTimeout(entry.expiry);
      this.entries.delete(conversationId);
    }
  }

  private tell(about: Pick<gateway.Typing, 'conversationId'> & Partial<gateway.Typing>): void {
    const { tenant, principal } = this.socket.session;
    const byVisitor = principal.role === 'visitor';
    const message = gateway.Typing.fromPartial({ ...about, authorId: principal.id, byVisitor });
    this.bus.publish(
      typingLiveSubject(tenant, about.conversationId),
      gateway.Typing.encode(message).finish(),
    );
  }
}
