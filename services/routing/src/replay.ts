import type { routing } from '@parley/contracts';
import type { EventLog } from '@parley/eventlog';
import { DOMAIN_ID, eventsOf } from './codec.js';

/** Commits that are read between two pauses. */
const COMMITS_AT_ONCE = 200;

/** Shows the events of a tenant's routing log with their times (ms), oldest first, until `visit` answers false. */
export const replayFrom = async (
  log: Pick<EventLog, 'load'>,
  tenant: string,
  visit: (event: routing.RoutingEvent, at: number) => boolean,
  pause: () => Promise<void>,
): Promise<void> => {
  const { commits } = await log.load(tenant, DOMAIN_ID);
  for (const [i, { commit }] of commits.entries()) {
    if (i % COMMITS_AT_ONCE === 0) await pause();
    const at = commit.time?.getTime() ?? 0;
    for (const event of eventsOf(commit)) if (!visit(event, at)) return;
  }
};
