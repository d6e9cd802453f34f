import { partitionOfTenant, type routing } from '@parley/contracts';
import type { EventLog } from '@parley/eventlog';
import { DOMAIN_ID, eventsOf } from './codec.js';

const PAGE = { commits: 500, bytes: 4_000_000 };

/**
 * Shows the events of a tenant's routing log with their times (ms), oldest first, from what was stored at `since` on, as
 * far back as it is kept, until `visit` answers false. Reads page by page and calls `pause` before each: a long log never
 * is in memory as a whole.
 */
export const replayFrom = async (
  log: Pick<EventLog, 'page' | 'seqBefore'>,
  tenant: string,
  since: number,
  visit: (event: routing.RoutingEvent, at: number) => boolean,
  pause: () => Promise<void>,
): Promise<void> => {
  const partition = partitionOfTenant(tenant);
  for (let after = await log.seqBefore(partition, since); ;) {
    await pause();
    const { commits, more } = await log.page(partition, after, PAGE);
    for (const { commit, seq } of commits) {
      after = seq;
      if (commit.tenant !== tenant || commit.aggregateId !== DOMAIN_ID) continue;
      const at = commit.time?.getTime() ?? 0;
      for (const event of eventsOf(commit)) if (!visit(event, at)) return;
    }
    if (more === 0 || commits.length === 0) return;
  }
};
