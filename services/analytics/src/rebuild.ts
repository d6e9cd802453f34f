import { partitionOfTenant, type log } from '@parley/contracts';
import { deleteProgress, type Projection, type StoredCommit } from '@parley/eventlog';
import { partitionOf } from '@parley/kernel';
import { everyDoc } from '@parley/store';
import type { Doc, Store } from '@parley/store';
import { DEFINITIONS_VERSION } from './definitions/facts.js';
import { key, openAnalyticsStore, type MarkDoc } from './store.js';

/** The commits that transcript keeps of a conversation. */
export type LoadPurged = (tenant: string, id: string) => Promise<readonly log.Commit[]>;

/** Sees to it that a partition's documents are of these definitions before its consumer starts. */
export class Definitions {
  constructor(
    private readonly documents: Store,
    private readonly version: number = DEFINITIONS_VERSION,
  ) {}

  /**
   * When the partition was last read with other definitions: forgets the checkpoint, so that it is read from the
   * beginning. With `loadPurged`, conversations that have left the log altogether are taken from transcript: the facts
   * of the former definitions name them. Rejects, to be called again, when a store or transcript does not answer.
   */
  async prepare(projection: Projection, partition: number, loadPurged?: LoadPurged): Promise<void> {
    const known = await this.documents.collection<Doc>({ name: 'definitions', indexes: [] });
    const id = `${projection.name}/${partition}`;
    const before = (await known.get(id))?.version ?? 0;
    if (before === this.version) return;
    await deleteProgress(this.documents, projection.name, partition);
    if (before > 0 && loadPurged) await this.#fromTranscript(before, projection, partition, loadPurged);
    await this.#markStaffed(partition);
    await known.put([{ id, version: this.version }]);
  }

  /** Availability is kept over versions: quarter hours without a chat would not be rolled up for it otherwise. */
  async #markStaffed(partition: number): Promise<void> {
    const { staffPieces, marks } = await openAnalyticsStore(this.documents, this.version);
    const found = new Map<string, MarkDoc>();
    for await (const { tenant, quarter } of everyDoc(staffPieces, {})) {
      const id = key(tenant, quarter, 'staffed');
      if (partitionOfTenant(tenant) === partition)
        found.set(id, { id, version: 1, tenant, quarter, until: 0 });
    }
    if (found.size > 0) await marks.put([...found.values()]);
  }

  async #fromTranscript(
    before: number,
    projection: Projection,
    partition: number,
    loadPurged: LoadPurged,
  ): Promise<void> {
    const { facts } = await openAnalyticsStore(this.documents, before);
    for await (const { tenant, conversationId: id, open } of everyDoc(facts, {})) {
      if (open || partitionOf(id) !== partition) continue;
      const applied = [...(await projection.applied([{ tenant, id }])).values()][0] ?? 0;
      const kept = applied > 0 ? [] : await loadPurged(tenant, id);
      const commits = kept.map((commit): StoredCommit => ({ commit, seq: 0, partition }));
      if (commits.length > 0) await projection.apply([{ tenant, id, commits }]);
    }
  }
}
