import { partitionOfTenant } from '@parley/contracts';
import { aggregateKey, type EventLog, type Positions } from '@parley/eventlog';
import type { Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import { DOMAIN_ID } from './codec.js';
import type { RoutingStore } from './store.js';

/** Who reads routing's log and must have passed what leaves it. */
const READERS: readonly string[] = ['routing-steps', 'analytics-routing'];
/** Commits looked at in one round of a partition at most. */
const PER_ROUND = 20_000;
const PAGE = { commits: 500, bytes: 4_000_000 };

export interface TrimOptions {
  readonly log: Pick<EventLog, 'page' | 'purge'>;
  readonly store: Pick<RoutingStore, 'snapshotSeq' | 'done' | 'steps'>;
  readonly positions: Pick<Positions, 'of'>;
  /** How long what routing decided is kept, ms. */
  readonly keepMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onTrimmed: () => void;
}

interface Old {
  readonly seq: number;
  readonly version: number;
}

/**
 * Takes old commits out of routing's log: those before the snapshot, that every reader has passed and from which all
 * that followed is done.
 */
export class Trim {
  constructor(private readonly options: TrimOptions) {}

  /** One round over a partition, for these of its tenants; rejects when the log or the store does not answer. */
  async run(partition: number, tenants: readonly string[]): Promise<void> {
    const { log, store, positions, keepMs, clock, logger, onTrimmed } = this.options;
    await store.steps.deleteWhere({ at: { lt: clock.now() - keepMs } });
    const here = tenants.filter((tenant) => partitionOfTenant(tenant) === partition);
    if (here.length === 0) return;
    const told = await positions.of('routing', partition, READERS);
    const readers = READERS.map((name) => told.get(name));
    for (const [tenant, versions] of await this.#oldIn(partition, new Set(here))) {
      const key = aggregateKey(tenant, DOMAIN_ID);
      if (readers.some((reader) => !reader || reader.parked.includes(key))) continue;
      const passed = Math.min(...readers.map((reader) => reader?.appliedSeq ?? 0));
      // The commit that the snapshot ends with stays: the next one is appended after it.
      const upTo = Math.min(passed, (await store.snapshotSeq(tenant)) - 1);
      const done = (await store.done.get(tenant))?.version ?? 0;
      const last = versions.findLast(({ seq, version }) => seq <= upTo && version <= done);
      if (!last) continue;
      await log.purge(tenant, DOMAIN_ID, last.seq);
      onTrimmed();
      logger.info({ tenant, upToVersion: last.version }, 'old decisions of routing have left the log');
    }
  }

  /** The commits that are old enough, by tenant, in their order. */
  async #oldIn(partition: number, tenants: ReadonlySet<string>): Promise<ReadonlyMap<string, Old[]>> {
    const { log, keepMs, clock } = this.options;
    const before = clock.now() - keepMs;
    const found = new Map<string, Old[]>();
    for (let seen = 0, after = 0; seen < PER_ROUND;) {
      const { commits, more } = await log.page(partition, after, PAGE);
      for (const { commit, seq } of commits) {
        if ((commit.time?.getTime() ?? 0) >= before) return found;
        seen++;
        after = seq;
        if (!tenants.has(commit.tenant)) continue;
        const version = commit.firstVersion + commit.events.length - 1;
        const old = found.get(commit.tenant);
        if (old) old.push({ seq, version });
        else found.set(commit.tenant, [{ seq, version }]);
      }
      if (more === 0 || commits.length === 0) return found;
    }
    return found;
  }
}
