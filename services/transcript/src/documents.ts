import type { Collection, CollectionSpec, Doc, Store } from '@parley/store';
import type { SummaryState } from './domain.js';

/** A commit as it was received, or as an erasure left it. Id: conversation's key, first version. Never changed else. */
export interface CommitDoc extends Doc {
  /** 0 as received; the version of the erasure that rewrote it otherwise, so that a redelivery cannot undo it. */
  readonly version: number;
  /** Encoded parley.log.v1.Commit, base64. */
  readonly bytes: string;
}

/** What is known of a conversation; written after its commits, so that `version` tells what is stored for sure. */
export interface SummaryDoc extends Doc, SummaryState {
  readonly tenant: string;
  readonly conversationId: string;
  readonly partition: number;
  /** Time of the last commit, ms, and its place in the log. */
  readonly lastAt: number;
  readonly lastSeq: number;
  /** Of the log, purged up to here, or about to be; 0: nothing. */
  readonly purgedSeq: number;
  /** Place in the log of the last commit of which everything is erased; 0: none. */
  readonly erasedSeq: number;
  /** When content was erased that may still be in the log (ms); null otherwise. */
  readonly erasureDue: number | null;
  /** Since when it may be purged (ms); null: open, a message to answer, or nothing is left in the log. */
  readonly purgeFrom: number | null;
  /** Since when it is closed and its content not erased; null otherwise. */
  readonly keptSince: number | null;
}

/** What search looks through: a closed conversation's words. Ids sort by the start of the conversation. */
export interface WordsDoc extends Doc {
  readonly tenant: string;
  readonly conversationId: string;
  readonly startedAt: number;
  readonly text: string;
}

/** How long a tenant keeps content. */
export interface RetentionDoc extends Doc {
  readonly days: number;
}

/** Key of a conversation in every collection; ids and tenants hold no slash. */
export const keyOf = (tenant: string, conversationId: string): string => `${tenant}/${conversationId}`;

/** Id of the commit that begins with this version; ids of a conversation sort by version. */
export const commitId = (key: string, firstVersion: number): string =>
  `${key}/${String(firstVersion).padStart(10, '0')}`;

/** Id of the words of a conversation; sorts by its start. */
export const wordsId = ({ startedAt, conversationId }: SummaryDoc): string =>
  `${String(startedAt).padStart(15, '0')}/${conversationId}`;

const commits: CollectionSpec<CommitDoc> = { name: 'commits', indexes: [] };
const summaries: CollectionSpec<SummaryDoc> = {
  name: 'summaries',
  indexes: [
    { name: 'start', fields: ['tenant', 'startedAt'] },
    { name: 'contact', fields: ['tenant', 'contactId', 'startedAt'] },
    { name: 'kept', fields: ['tenant', 'keptSince'] },
    { name: 'purge', fields: ['partition', 'purgeFrom'] },
    { name: 'erasure', fields: ['partition', 'erasureDue'] },
    { name: 'purged', fields: ['partition', 'purgedSeq'] },
  ],
};
const words: CollectionSpec<WordsDoc> = {
  name: 'words',
  indexes: [{ name: 'start', fields: ['tenant', 'startedAt'] }],
  searchable: ['text'],
};
const retention: CollectionSpec<RetentionDoc> = { name: 'retention', indexes: [] };

export interface Collections {
  readonly commits: Collection<CommitDoc>;
  readonly summaries: Collection<SummaryDoc>;
  readonly words: Collection<WordsDoc>;
  /** Id: the tenant. */
  readonly retention: Collection<RetentionDoc>;
}

/** Declares the collections of this service. */
export const openCollections = async (store: Store): Promise<Collections> => ({
  commits: await store.collection(commits),
  summaries: await store.collection(summaries),
  words: await store.collection(words),
  retention: await store.collection(retention),
});
