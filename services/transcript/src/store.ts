import { createHash } from 'node:crypto';
import { conversation, log, recordedEvents } from '@parley/contracts';
import type { Page } from '@parley/store';
import { commitId, keyOf, type Collections, type SummaryDoc } from './documents.js';

const PAGE = 500;
/** Commits may be large: where only so many bytes are wanted, few are read at first, twice as many each time. */
const FIRST_PAGE = 8;

export interface PageOf {
  readonly limit: number;
  readonly cursor?: string;
}

export interface Search extends PageOf {
  readonly query: string;
  readonly agentId?: string;
  /** Of the start of the conversation, ms; `from` inclusive, `to` exclusive. */
  readonly from?: number;
  readonly to?: number;
}

/** What is kept of conversations, for reading. */
export interface Transcripts {
  summary(tenant: string, conversationId: string): Promise<SummaryDoc | undefined>;
  /** All commits that hold events after a version, in order, as encoded bytes; at most about `maxBytes` of them. */
  commits(
    tenant: string,
    conversationId: string,
    after?: { version: number; maxBytes: number },
  ): Promise<readonly Buffer[]>;
  /** All events, in order. */
  events(tenant: string, conversationId: string): Promise<readonly conversation.RecordedEvent[]>;
  /** Events after a version, in order: so many bytes, one event at least. */
  eventsAfter(
    tenant: string,
    conversationId: string,
    after: { version: number; maxBytes: number },
  ): Promise<{ events: readonly conversation.RecordedEvent[]; more: boolean }>;
  /** Newest first; of any of these contacts when some are given. */
  list(tenant: string, contactIds: readonly string[] | undefined, page: PageOf): Promise<Page<SummaryDoc>>;
  /** Newest first. A page may hold fewer than its limit while more follow. */
  search(tenant: string, search: Search): Promise<Page<SummaryDoc>>;
  /** Conversations of all tenants of which commits have left the log, or are about to. */
  purged(partition: number, page: PageOf): Promise<Page<SummaryDoc>>;
  /** Days that content is kept; 0: for good. */
  retention(tenant: string): Promise<number>;
  setRetention(tenant: string, days: number): Promise<void>;
}

/** Reads and settings over the documents; the projection writes them. */
export const openTranscripts = (docs: Collections): Transcripts => {
  const commits: Transcripts['commits'] = async (tenant, conversationId, after) => {
    const key = keyOf(tenant, conversationId);
    const found: Buffer[] = [];
    let size = 0;
    // The commit that holds a version may begin before it, and ids tell only the first version of each.
    const next = commitId(key, (after?.version ?? 0) + 1);
    const from = after && (await docs.commits.get(next)) ? next : commitId(key, 0);
    let limit = after ? FIRST_PAGE : PAGE;
    for (let cursor: string | undefined, more = true; more; limit = Math.min(2 * limit, PAGE)) {
      const page = await docs.commits.find({
        filter: { id: { gte: from, lte: commitId(key, 9_999_999_999) } },
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const doc of page.items) {
        const bytes = Buffer.from(doc.bytes, 'base64');
        if (after && lastVersionOf(log.Commit.decode(bytes)) <= after.version) continue;
        if (after && found.length > 0 && size + bytes.length > after.maxBytes) return found;
        size += bytes.length;
        found.push(bytes);
      }
      cursor = page.next;
      more = cursor !== undefined;
    }
    return found;
  };
  return {
    summary: (tenant, conversationId) => docs.summaries.get(keyOf(tenant, conversationId)),
    commits,
    events: async (tenant, conversationId) =>
      (await commits(tenant, conversationId)).flatMap((bytes) => recordedEvents(log.Commit.decode(bytes))),
    eventsAfter: async (tenant, conversationId, { version: after, maxBytes }) => {
      const wanted: conversation.RecordedEvent[] = [];
      let size = 0;
      for (let version = after; ;) {
        const page = await commits(tenant, conversationId, { version, maxBytes });
        if (page.length === 0) return { events: wanted, more: false };
        for (const bytes of page)
          for (const event of recordedEvents(log.Commit.decode(bytes))) {
            if (event.version <= version) continue;
            size += conversation.RecordedEvent.encode(event).finish().length;
            if (wanted.length > 0 && size > maxBytes) return { events: wanted, more: true };
            wanted.push(event);
            version = event.version;
          }
      }
    },
    list: (tenant, contactIds, page) =>
      docs.summaries.find({
        filter: { tenant, ...(contactIds ? { contactId: { in: contactIds } } : {}) },
        sort: { field: 'startedAt', direction: 'desc' },
        ...page,
      }),
    search: async (tenant, { query, agentId, from, to, limit, cursor }) => {
      const range = { ...(from === undefined ? {} : { gte: from }), ...(to === undefined ? {} : { lt: to }) };
      const page = await docs.words.search(agentId ? `${query} ${agentWord(agentId)}` : query, {
        filter: { tenant, ...(from === undefined && to === undefined ? {} : { startedAt: range }) },
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const keys = page.items.map(({ conversationId }) => keyOf(tenant, conversationId));
      const summaries = await docs.summaries.getMany(keys);
      const items = keys
        .map((key) => summaries.get(key))
        .filter((found) => found !== undefined)
        .filter((found) => !agentId || found.agentIds.includes(agentId));
      return { items, ...(page.next === undefined ? {} : { next: page.next }) };
    },
    purged: (partition, page) =>
      docs.summaries.find({
        filter: { partition, purgedSeq: { gt: 0 } },
        sort: { field: 'purgedSeq', direction: 'asc' },
        ...page,
      }),
    retention: async (tenant) => (await docs.retention.get(tenant))?.days ?? 0,
    setRetention: (tenant, days) => docs.retention.put([{ id: tenant, version: 1, days }]),
  };
};

/**
 * One word that stands for an agent among the words of a conversation: filters compare single values only, and a
 * conversation may have several agents. Long enough not to be typed by chance; the summary decides in the end.
 */
export const agentWord = (agentId: string): string =>
  `agent${createHash('sha256').update(agentId).digest('hex').slice(0, 32)}`;

const lastVersionOf = (commit: log.Commit): number => commit.firstVersion + commit.events.length - 1;
