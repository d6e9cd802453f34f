import type { Collection } from '@parley/store';
import { docId, type VisitorDoc } from './store.js';

const TRAIL_LENGTH = 50;
const FORGET_AFTER_MS = 24 * 3_600_000;

/**
 * The visitors of one partition with their page trails. Changes are gathered and written together, as a busy site
 * sends many page views a second; what is lost when the process dies is at most the last half second of trails.
 */
export class Visitors {
  readonly #known = new Map<string, VisitorDoc>();
  readonly #dirty = new Set<string>();

  constructor(
    private readonly partition: number,
    private readonly docs: Collection<VisitorDoc>,
  ) {}

  /** Those who were in a conversation when the partition had its last owner. */
  async inConversations(): Promise<VisitorDoc[]> {
    const found: VisitorDoc[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.docs.find({
        filter: { partition: this.partition, inConversation: true },
        limit: 1000,
        ...(cursor ? { cursor } : {}),
      });
      for (const doc of page.items) this.#known.set(doc.id, doc);
      found.push(...page.items);
      cursor = page.next;
    } while (cursor);
    return found;
  }

  async viewed(
    tenant: string,
    contactId: string,
    page: { url: string; title: string },
    now: number,
  ): Promise<void> {
    const doc = await this.#load(tenant, contactId, now);
    const trail = [...doc.trail, { ...page, at: now }].slice(-TRAIL_LENGTH);
    this.#set({ ...doc, trail, lastSeenAt: now });
  }

  /** A socket opened or closed, or they have left the conversation (empty id). */
  async seen(tenant: string, contactId: string, conversationId: string, at: number): Promise<void> {
    const doc = await this.#load(tenant, contactId, at);
    const lastSeenAt = Math.max(doc.lastSeenAt, at);
    this.#set({ ...doc, conversationId, inConversation: conversationId !== '', lastSeenAt });
  }

  async get(tenant: string, contactId: string): Promise<VisitorDoc | undefined> {
    const id = docId(tenant, contactId);
    return this.#known.get(id) ?? this.docs.get(id);
  }

  /** Writes what has changed. Keeps it for the next time when the store does not answer. */
  async flush(): Promise<void> {
    if (this.#dirty.size === 0) return;
    const ids = [...this.#dirty];
    this.#dirty.clear();
    try {
      await this.docs.put(ids.map((id) => this.#known.get(id)).filter((doc) => doc !== undefined));
    } catch (error) {
      for (const id of ids) this.#dirty.add(id);
      throw error;
    }
    // Only who is in a conversation is kept at hand; the others are read when they are asked for.
    for (const id of ids)
      if (!this.#dirty.has(id) && !this.#known.get(id)?.inConversation) this.#known.delete(id);
  }

  /** Deletes trails that nobody has added to for a day. */
  async sweep(now: number): Promise<void> {
    await this.docs.deleteWhere({ lastSeenAt: { lt: now - FORGET_AFTER_MS } });
  }

  async #load(tenant: string, contactId: string, now: number): Promise<VisitorDoc> {
    const stored = await this.get(tenant, contactId);
    // Another change may have come in while this one was reading.
    const latest = this.#known.get(docId(tenant, contactId)) ?? stored;
    if (latest) return latest;
    return {
      id: docId(tenant, contactId),
      version: 0,
      tenant,
      partition: this.partition,
      contactId,
      conversationId: '',
      inConversation: false,
      firstSeenAt: now,
      lastSeenAt: now,
      trail: [],
    };
  }

  #set(doc: VisitorDoc): void {
    this.#known.set(doc.id, { ...doc, version: doc.version + 1 });
    this.#dirty.add(doc.id);
  }
}
