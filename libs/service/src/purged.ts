import { type Client, log } from '@parley/contracts';
import type { Clock, RequestContext } from '@parley/kernel';

/** How long reading one conversation may take, ms. */
const WITHIN_MS = 5_000;

type Transcripts = Client<'parley.transcript.v1.TranscriptInternalService'>;

/**
 * Reads the commits of a conversation that have events after a version from transcript, which keeps them for good: all,
 * or about `maxBytes` of them.
 */
export type LoadPurged = (
  tenant: string,
  id: string,
  afterVersion?: number,
  maxBytes?: number,
) => Promise<readonly log.Commit[]>;

/**
 * What the log no longer holds, for owners and consumers. An answer of transcript is bounded, so a long conversation
 * takes several. Rejects with ApiError `unavailable` when transcript does not answer.
 */
export const purgedFrom =
  (transcripts: Pick<Transcripts, 'readCommits'>, service: string, clock: Clock): LoadPurged =>
  async (tenant, aggregateId, afterVersion = 0, maxBytes = 0) => {
    const principal = { role: 'system', id: service } as const;
    const context: RequestContext = { tenant, principal, deadline: clock.now() + WITHIN_MS };
    const found: log.Commit[] = [];
    for (let after = afterVersion; ;) {
      const { commits } = await transcripts.readCommits(
        { tenant, aggregateId, afterVersion: after, maxBytes },
        context,
      );
      const read = commits
        .map((bytes) => log.Commit.decode(bytes))
        .filter((commit) => lastOf(commit) > after);
      const last = read.at(-1);
      if (!last) return found;
      found.push(...read);
      if (maxBytes > 0) return found;
      after = lastOf(last);
    }
  };

/** One page of the conversations of a partition of which commits have left the log; see ListPurged of libs/eventlog. */
export type ListPurged = (
  partition: number,
  cursor: string,
) => Promise<{
  readonly keys: readonly { readonly tenant: string; readonly id: string; readonly version: number }[];
  readonly next?: string;
}>;

/**
 * What has left the log altogether, as transcript tells, for consumers that are rebuilt. Rejects with ApiError
 * `unavailable` when transcript does not answer, `invalidArgument` when it does not know the cursor.
 */
export const listPurgedFrom =
  (transcripts: Pick<Transcripts, 'listPurged'>, service: string, clock: Clock): ListPurged =>
  async (partition, cursor) => {
    const principal = { role: 'system', id: service } as const;
    // Of all tenants: the call belongs to none.
    const context: RequestContext = { tenant: '', principal, deadline: clock.now() + WITHIN_MS };
    const { conversations, nextCursor } = await transcripts.listPurged({ partition, cursor }, context);
    const keys = conversations.map(({ tenant, aggregateId: id, version }) => ({ tenant, id, version }));
    return nextCursor === '' ? { keys } : { keys, next: nextCursor };
  };

const lastOf = ({ firstVersion, events }: log.Commit): number => firstVersion + events.length - 1;
