import { log as contracts } from '@parley/contracts';
import type { EventLog, Positions } from '@parley/eventlog';
import type { Clock } from '@parley/kernel';
import { metrics, type Logger } from '@parley/telemetry';
import type { Collections, SummaryDoc } from './documents.js';
import type { Transcripts } from './store.js';

/** Erased content leaves the log after this long even when a consumer has not passed it: it reads transcript then. */
const ERASURE_GRACE_MS = 60_000;
const PAGE = 200;

export interface PurgeOptions {
  readonly log: EventLog;
  readonly docs: Collections;
  readonly transcripts: Pick<Transcripts, 'commits'>;
  readonly positions: Positions;
  /** Names of the consumers that must have passed what is purged. */
  readonly consumers: readonly string[];
  /** How long a closed conversation stays in the log. */
  readonly holdMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Takes conversations out of the log of which transcript is the record: closed ones without an open follow-up after the
 * hold time, and what was erased at once. Only what every consumer has passed, and none is parked on. The document says what is going to be purged
 * before it is, so that whoever asks what is missing from the log hears of it, and what is done afterwards: interrupted
 * in between, it is purged again, which does nothing.
 */
export class Purge {
  constructor(private readonly options: PurgeOptions) {}

  /** Purges what is due in a partition; returns how many conversations were. */
  async run(partition: number): Promise<number> {
    const { docs, positions, consumers, holdMs, clock } = this.options;
    const passed = passedBy(await positions.of('conversation', partition, consumers), consumers);
    const now = clock.now();
    let purged = 0;
    for await (const summary of pages(docs, { partition, erasureDue: { gt: 0 } }, 'erasureDue')) {
      const late = now - (summary.erasureDue ?? now) > ERASURE_GRACE_MS;
      if (late || passed(summary, summary.erasedSeq)) purged += await this.purgeErased(summary);
    }
    for await (const summary of pages(docs, { partition, purgeFrom: { lte: now - holdMs } }, 'purgeFrom')) {
      if (passed(summary, summary.lastSeq)) purged += await this.purgeClosed(summary);
    }
    metrics.counter('transcriptPurged').inc(purged);
    return purged;
  }

  private async purgeErased(summary: SummaryDoc): Promise<number> {
    return this.purgeUpTo(summary, summary.erasedSeq, { erasureDue: null });
  }

  private async purgeUpTo(summary: SummaryDoc, seq: number, after: Partial<SummaryDoc>): Promise<number> {
    const { log, docs } = this.options;
    const noted = { ...summary, purgedSeq: Math.max(summary.purgedSeq, seq) };
    // Changed by the projection in the meantime: its turn comes again.
    if (!(await docs.summaries.replaceIf(noted, summary.version))) return 0;
    await log.purge(summary.tenant, summary.conversationId, seq);
    await docs.summaries.replaceIf({ ...noted, ...after }, summary.version);
    return 1;
  }

  private async purgeClosed(summary: SummaryDoc): Promise<number> {
    const { log, logger } = this.options;
    const { tenant, conversationId, version, lastSeq } = summary;
    const head = await log.head(tenant, conversationId);
    // Something newer stands in the log: it is not over, or the projection has more to store first.
    if (head.version > version) return 0;
    if (!(await this.isStored(summary))) {
      logger.error(
        { tenant, conversationId, version },
        'transcript lacks commits of a conversation: not purged',
      );
      return 0;
    }
    return this.purgeUpTo(summary, lastSeq, { purgeFrom: null, erasureDue: null });
  }

  /** The last look before the only other copy goes: every version is there. */
  private async isStored({ tenant, conversationId, version }: SummaryDoc): Promise<boolean> {
    let next = 1;
    for (const bytes of await this.options.transcripts.commits(tenant, conversationId)) {
      const commit = contracts.Commit.decode(bytes);
      if (commit.firstVersion > next) return false;
      next = Math.max(next, commit.firstVersion + commit.events.length);
    }
    return next > version;
  }
}

type Passed = (summary: SummaryDoc, seq: number) => boolean;

const passedBy = (positions: Awaited<ReturnType<Positions['of']>>, consumers: readonly string[]): Passed => {
  const told = consumers.map((name) => positions.get(name));
  const parked = new Set(told.flatMap((position) => position?.parked ?? []));
  const least = Math.min(...told.map((position) => position?.appliedSeq ?? 0));
  return ({ id }, seq) => seq <= least && !parked.has(id);
};

/** All that match, oldest first; documents may change meanwhile. */
async function* pages(
  docs: Collections,
  filter: Parameters<Collections['summaries']['find']>[0]['filter'],
  field: string,
): AsyncGenerator<SummaryDoc> {
  let cursor: string | undefined;
  do {
    const page = await docs.summaries.find({
      filter,
      sort: { field, direction: 'asc' },
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    yield* page.items;
    cursor = page.next;
  } while (cursor !== undefined);
}
