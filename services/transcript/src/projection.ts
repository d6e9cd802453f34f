import { log, recordedEvents, type conversation } from '@parley/contracts';
import { aggregateKey, type Projection, type Run, type StoredCommit } from '@parley/eventlog';
import { emptySummary, evolveSummary } from './domain.js';
import { redactedCommit } from './domain/redaction.js';
import { wordsOf } from './domain/words.js';
import {
  commitId,
  keyOf,
  wordsId,
  type Collections,
  type CommitDoc,
  type SummaryDoc,
  type WordsDoc,
} from './documents.js';
import { agentWord, openTranscripts } from './store.js';

/** Called after content was erased from the documents. */
export type OnErased = (summary: SummaryDoc) => void;

/**
 * Stores every commit of the conversation log as received, then what is known of its conversation. Everything is
 * written newer-wins under ids that follow from the commits, so that applying again changes nothing. An erasure
 * rewrites what came before it without its personal content.
 */
export const transcriptProjection = (docs: Collections, onErased: OnErased = () => undefined): Projection => {
  const transcripts = openTranscripts(docs);

  const redact = async (key: string, { tenant, conversationId, erasedUpTo, version }: SummaryDoc) => {
    const kept = await transcripts.commits(tenant, conversationId);
    const commits = kept.map((bytes) => log.Commit.decode(bytes)).filter((c) => c.firstVersion <= erasedUpTo);
    await docs.commits.upsertNewer(
      commits.map((commit) => ({
        id: commitId(key, commit.firstVersion),
        version,
        bytes: base64(log.Commit.encode(redactedCommit(commit, erasedUpTo)).finish()),
      })),
    );
  };

  return {
    name: 'transcript',
    restMs: 200,
    applied: async (keys) => {
      const found = await docs.summaries.getMany(keys.map(({ tenant, id }) => keyOf(tenant, id)));
      return new Map(
        keys.flatMap(({ tenant, id }) => {
          const summary = found.get(keyOf(tenant, id));
          return summary ? [[aggregateKey(tenant, id), summary.version] as const] : [];
        }),
      );
    },
    apply: async (runs) => {
      const before = await docs.summaries.getMany(runs.map(({ tenant, id }) => keyOf(tenant, id)));
      await docs.commits.upsertNewer(runs.flatMap(commitDocs));
      const steps = runs.map((run) => {
        const earlier = before.get(keyOf(run.tenant, run.id));
        return { earlier, summary: summaryAfter(earlier, run) };
      });
      for (const { earlier, summary } of steps) {
        if (summary.erasedUpTo > (earlier?.erasedUpTo ?? 0)) await redact(summary.id, summary);
      }
      const words: WordsDoc[] = [];
      for (const { summary } of steps) {
        // Words are read while a conversation is closed; keeping them current in between would cost every message.
        if (summary.closedAt === null && summary.erasedUpTo === 0) continue;
        words.push(wordsDoc(summary, await transcripts.events(summary.tenant, summary.conversationId)));
      }
      await docs.words.upsertNewer(words);
      await docs.summaries.upsertNewer(steps.map(({ summary }) => summary));
      for (const { earlier, summary } of steps) {
        if (summary.erasedUpTo > (earlier?.erasedUpTo ?? 0)) onErased(summary);
      }
    },
  };
};

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

const commitDocs = ({ tenant, id, commits }: Run): CommitDoc[] =>
  commits.map(({ commit, bytes }) => ({
    id: commitId(keyOf(tenant, id), commit.firstVersion),
    version: 0,
    bytes: base64(bytes ?? log.Commit.encode(commit).finish()),
  }));

const summaryAfter = (earlier: SummaryDoc | undefined, { tenant, id, commits }: Run): SummaryDoc => {
  let state: SummaryDoc = earlier ?? {
    ...emptySummary,
    id: keyOf(tenant, id),
    version: 0,
    tenant,
    conversationId: id,
    partition: commits[0]?.partition ?? 0,
    lastAt: 0,
    lastSeq: 0,
    purgedSeq: 0,
    erasedSeq: 0,
    erasureDue: null,
    purgeFrom: null,
    keptSince: null,
  };
  for (const stored of commits) state = afterCommit(state, stored);
  return {
    ...state,
    // A message that waits for its answer is not over.
    purgeFrom: state.closedAt === null || state.followUpOpen ? null : state.lastAt,
    keptSince: state.closedAt === null || state.erasedUpTo >= state.contentVersion ? null : state.closedAt,
  };
};

const afterCommit = (before: SummaryDoc, { commit, seq }: StoredCommit): SummaryDoc => {
  let state = before;
  for (const recorded of recordedEvents(commit)) state = { ...state, ...evolveSummary(state, recorded) };
  const version = commit.firstVersion + commit.events.length - 1;
  const lastAt = commit.time?.getTime() ?? before.lastAt;
  const erasesAll = state.erasedUpTo > before.erasedUpTo && state.erasedUpTo >= before.version;
  return {
    ...state,
    version,
    lastAt,
    lastSeq: Math.max(seq, before.lastSeq),
    // Of commits only partly erased nothing is purged, nor of the erasure itself: the head must stay in the log.
    ...(erasesAll ? { erasedSeq: before.lastSeq, erasureDue: lastAt } : {}),
  };
};

const wordsDoc = (summary: SummaryDoc, events: readonly conversation.RecordedEvent[]): WordsDoc => ({
  id: wordsId(summary),
  version: summary.version,
  tenant: summary.tenant,
  conversationId: summary.conversationId,
  startedAt: summary.startedAt,
  text: [wordsOf(events), ...summary.agentIds.map(agentWord)].join('\n'),
});
