import { unavailable } from '@parley/kernel';
import type { Collection } from '@parley/store';
import { docId, type VisitorDoc } from './store.js';

const TRAIL_LENGTH = 50;
/** Visitors whose changes may wait for the store. */
const MOST_UNWRITTEN = 20_000;
const FORGET_AFTER_MS = 24 * 3_600_000;

/**
 * The visitors of one partition with their page trails. Changes are gathered and written together, as a busy site
 * sends many page views a second; what is lost when the process dies is at most the last half second of trails.
 */
export class Visitors {
  readonly #known = new Map<string, VisitorDoc>();
  readonly #dirty = new Set<string>();
  readonly #loading = new Map<string, Promise<void>>();

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

  /** Rejects with `unavailable` when more waits to be written than can be kept. */
  async viewed(
    tenant: string,
    contactId: string,
    page: { url: string; title: string },
    now: number,
  ): Promise<void> {
    if (this.#dirty.size >= MOST_UNWRITTEN)
      throw unavailable('BUSY', 'Page views cannot be stored just now. Try again later.');
    await this.#change(tenant, contactId, now, (doc) => ({
      ...doc,
      trail: [...doc.trail, { ...page, at: now }].slice(-TRAIL_LENGTH),
      lastSeenAt: now,
    }));
  }

  /** A socket opened or closed, or they have left the conversation (empty id). */
  async seen(tenant: string, contactId: string, conversationId: string, at: number): Promise<void> {
    await this.#change(tenant, contactId, at, (doc) => ({
      ...doc,
      conversationId,
      inConversation: conversationId !== '',
      lastSeenAt: Math.max(doc.lastSeenAt, at),
    }));
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
    while ((await this.docs.deleteWhere({ lastSeenAt: { lt: now - FORGET_AFTER_MS } })) > 0);
  }

  /** Loads the document where it is not at hand, then changes it without a pause in which another change could slip in. */
  async #change(
    tenant: string,
    contactId: string,
    now: number,
    change: (doc: VisitorDoc) => VisitorDoc,
  ): Promise<void> {
    const id = docId(tenant, contactId);
    for (;;) {
      const doc = this.#known.get(id);
      if (doc) {
        this.#known.set(id, { ...change(doc), version: doc.version + 1 });
        this.#dirty.add(id);
        return;
      }
      await this.#load(id, tenant, contactId, now);
    }
  }

  #load(id: string, tenant: string, contactId: string, now: number): Promise<void> {
    const under = this.#loading.get(id);
    if (under) return under;
    const { partition } = this;
    const loading = this.docs
      .get(id)
      .then((stored) => {
        const fresh = {
          id,
          version: 0,
          tenant,
          partition,
          contactId,
          conversationId: '',
          inConversation: false,
          firstSeenAt: now,
          lastSeenAt: now,
          trail: [],
        };
        this.#known.set(id, stored ?? fresh);
      })
      .finally(() => this.#loading.delete(id));
    this.#loading.set(id, loading);
    return loading;
  }
}
