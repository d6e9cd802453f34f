import { conversation } from '@parley/contracts';
import { newUlid } from '@parley/kernel';
import { aggregateKey, type Projection, type Run } from '@parley/eventlog';
import { type ConversationFact, emptyFact, evolveFact } from './definitions/facts.js';
import { quarterOf, quartersOf, QUARTER_MS } from './definitions/quarters.js';
import { type AnalyticsStore, type DirtyDoc, type FactDoc, key, type PieceDoc } from './store.js';

/** Facts from the conversation log. `onDirty` hears that rollups have to be computed anew. */
export const conversationFacts = (store: AnalyticsStore, onDirty: () => void): Projection => ({
  name: 'analytics',
  async applied(keys) {
    const docs = await store.facts.getMany(keys.map(({ tenant, id }) => key(tenant, id)));
    return new Map(
      [...docs.values()].map((doc) => [aggregateKey(doc.tenant, doc.conversationId), doc.version]),
    );
  },
  async apply(runs) {
    const docs = await store.facts.getMany(runs.map(({ tenant, id }) => key(tenant, id)));
    const facts: FactDoc[] = [];
    const pieces: PieceDoc[] = [];
    const dirty = new Map<string, DirtyDoc>();
    for (const run of runs) {
      const before = docs.get(key(run.tenant, run.id));
      const after = advance(before, run);
      facts.push(after);
      const changed = piecesOf(after);
      pieces.push(...changed);
      const quarters = new Set([
        after.quarter,
        ...(before ? [before.quarter] : []),
        ...changed.map((p) => p.quarter),
      ]);
      for (const quarter of quarters) dirty.set(key(run.tenant, quarter), marking(run.tenant, quarter));
    }
    // Marked first: when this is interrupted, something is computed once too often rather than not at all.
    await store.dirty.put([...dirty.values()]);
    await store.pieces.upsertNewer(pieces);
    await store.facts.upsertNewer(facts);
    onDirty();
  },
});

/** A note that a quarter hour's rollups are out of date. */
export const marking = (tenant: string, quarter: number): DirtyDoc => ({
  id: key(tenant, quarter, newUlid(Date.now())),
  version: 1,
  tenant,
  quarter,
});

const advance = (before: FactDoc | undefined, run: Run): FactDoc => {
  const fact: ConversationFact = before ? structuredClone(before.fact) : emptyFact();
  let version = before?.version ?? 0;
  for (const { commit } of run.commits) {
    const meta = { time: commit.time?.getTime() ?? 0, actor: commit.actor };
    for (const bytes of commit.events) evolveFact(fact, conversation.ConversationEvent.decode(bytes), meta);
    version = commit.firstVersion + commit.events.length - 1;
  }
  return {
    id: key(run.tenant, run.id),
    version,
    tenant: run.tenant,
    conversationId: run.id,
    quarter: quarterOf(fact.enteredAt ?? fact.startedAt),
    enteredAt: fact.enteredAt ?? 0,
    open: fact.closedAt === undefined,
    fact,
  };
};

/** Finished segments, cut at the quarter hours. */
const piecesOf = ({ tenant, conversationId, version, fact }: FactDoc): PieceDoc[] =>
  fact.segments.flatMap(({ agentId, from, to }, i) =>
    to === undefined || to <= from
      ? []
      : quartersOf(from, to).map((quarter) => ({
          id: key(tenant, quarter, conversationId, i),
          version,
          tenant,
          quarter,
          agentId,
          from: Math.max(from, quarter),
          to: Math.min(to, quarter + QUARTER_MS),
        })),
  );
