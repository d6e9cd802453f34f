import { conversation } from '@parley/contracts';
import { aggregateKey, lastVersion, type Projection, type Run } from '@parley/eventlog';
import { everyDoc } from '@parley/store';
import type { ConversationFact } from './definitions/fact.js';
import { emptyFact, evolveFact } from './definitions/facts.js';
import { FCR_WINDOW_MS } from './definitions/outcome.js';
import { quarterOf, quartersOf, QUARTER_MS } from './definitions/quarters.js';
import { Lru } from './lru.js';
import type { Marks, Quarter } from './marks.js';
import { type AnalyticsStore, type FactDoc, key, type PieceDoc } from './store.js';

const MOST_AT_HAND = 5_000;

/**
 * Facts from the conversation log. `restMs`: pause after each batch, so that a busy chat is written once for many
 * messages; figures are behind by at most that.
 */
export class ConversationFacts implements Projection {
  readonly name = 'analytics';
  /** Facts that this process wrote lately. Taken out while they are changed: what failed is read again. */
  readonly #atHand = new Lru<FactDoc>(MOST_AT_HAND);
  readonly #tenants = new Set<string>();

  constructor(
    private readonly store: AnalyticsStore,
    private readonly marks: Marks,
    readonly restMs: number,
  ) {}

  async applied(keys: readonly { tenant: string; id: string }[]): ReturnType<Projection['applied']> {
    const docs = await this.store.facts.getMany(keys.map(({ tenant, id }) => key(tenant, id)));
    return new Map(
      [...docs.values()].map((doc) => [aggregateKey(doc.tenant, doc.conversationId), doc.version]),
    );
  }

  async apply(runs: readonly Run[]): Promise<void> {
    const before = await this.#before(runs);
    const facts: FactDoc[] = [];
    const pieces: PieceDoc[] = [];
    const quarters: Quarter[] = [];
    /** Begun, or of another topic since it was erased. */
    const returning: FactDoc[] = [];
    for (const run of runs) {
      const id = key(run.tenant, run.id);
      const known = before.get(id);
      const ended = new Set(known?.fact.segments.filter(({ to }) => to !== undefined));
      const topicBefore = known?.fact.topicKey;
      const doc = advance(known, run);
      if (doc.fact.topicKey !== topicBefore) returning.push(doc);
      const newPieces = piecesOf(doc, ended);
      facts.push(doc);
      pieces.push(...newPieces);
      for (const quarter of [known?.quarter ?? doc.quarter, doc.quarter, ...newPieces.map((p) => p.quarter)])
        quarters.push({ tenant: run.tenant, quarter });
    }
    await this.#noteTenants(runs);
    await this.marks.during(quarters, async () => {
      if (pieces.length > 0) await this.store.pieces.upsertNewer(pieces);
      await this.store.facts.upsertNewer(facts);
    });
    await this.#noteReturns(returning);
    for (const doc of facts) this.#atHand.set(doc.id, doc);
  }

  /**
   * A contact who comes back takes the resolution at the first contact from a chat that was counted already: its quarter
   * hour is marked, after the new chat has been written.
   */
  async #noteReturns(returning: readonly FactDoc[]): Promise<void> {
    const quarters = new Map<string, Quarter>();
    const known = returning.filter(({ contactId }) => contactId !== '');
    for (const [tenant, docs] of Map.groupBy(known, (doc) => doc.tenant)) {
      const contactId = { in: [...new Set(docs.map((doc) => doc.contactId))] };
      const starts = docs.map((doc) => doc.startedAt);
      // A chat is open for less than the window: nothing older can have been closed within it but what rests parked.
      const startedAt = { gte: Math.min(...starts) - 2 * FCR_WINDOW_MS, lt: Math.max(...starts) };
      for await (const { quarter } of everyDoc(this.store.facts, { tenant, contactId, startedAt }))
        quarters.set(key(tenant, quarter), { tenant, quarter });
    }
    if (quarters.size > 0) await this.marks.anew([...quarters.values()]);
  }

  /** The facts before the runs: those at hand when they are of the version that the run follows, others as stored. */
  async #before(runs: readonly Run[]): Promise<Map<string, FactDoc>> {
    const found = new Map<string, FactDoc>();
    const missing: string[] = [];
    for (const run of runs) {
      const id = key(run.tenant, run.id);
      const doc = this.#atHand.take(id);
      const first = run.commits[0]?.commit.firstVersion ?? 1;
      if (doc && doc.version >= first - 1) found.set(id, doc);
      else missing.push(id);
    }
    if (missing.length > 0)
      for (const [id, doc] of await this.store.facts.getMany(missing)) found.set(id, doc);
    return found;
  }

  async #noteTenants(runs: readonly Run[]): Promise<void> {
    for (const { tenant } of runs) {
      if (this.#tenants.has(tenant)) continue;
      await this.store.tenants.insert({ id: tenant, version: 1 });
      this.#tenants.add(tenant);
    }
  }
}

/** Takes the run into the fact; what it holds already is skipped. */
const advance = (before: FactDoc | undefined, run: Run): FactDoc => {
  const fact: ConversationFact = before?.fact ?? emptyFact();
  let version = before?.version ?? 0;
  for (const { commit } of run.commits) {
    const meta = { time: commit.time?.getTime() ?? 0, actor: commit.actor };
    commit.events.forEach((bytes, i) => {
      if (commit.firstVersion + i <= version) return;
      evolveFact(fact, conversation.ConversationEvent.decode(bytes), meta);
    });
    version = Math.max(version, lastVersion(commit));
  }
  return {
    id: key(run.tenant, run.id),
    version,
    tenant: run.tenant,
    conversationId: run.id,
    quarter: quarterOf(fact.enteredAt ?? fact.startedAt),
    enteredAt: fact.enteredAt ?? 0,
    contactId: fact.contactId,
    startedAt: fact.startedAt,
    open: fact.closedAt === undefined,
    fact,
  };
};

/** Segments that have ended now, cut at the quarter hours. */
const piecesOf = (
  { tenant, conversationId, version, fact }: FactDoc,
  before: ReadonlySet<ConversationFact['segments'][number]>,
): PieceDoc[] =>
  fact.segments.flatMap((segment, i) => {
    const { agentId, from, to } = segment;
    if (to === undefined || to <= from || before.has(segment)) return [];
    return quartersOf(from, to).map((quarter) => ({
      id: key(tenant, quarter, conversationId, i),
      version,
      tenant,
      quarter,
      agentId,
      from: Math.max(from, quarter),
      to: Math.min(to, quarter + QUARTER_MS),
    }));
  });
