import type { routing } from '@parley/contracts';
import type { EventLog } from '@parley/eventlog';
import { DOMAIN_ID, eventsOf } from './codec.js';

/** Every step of routing about a conversation, oldest first, read from the log. */
export const explainFrom = async (
  log: EventLog,
  tenant: string,
  conversationId: string,
): Promise<routing.RoutingStep[]> => {
  const { commits } = await log.load(tenant, DOMAIN_ID);
  const steps: routing.RoutingStep[] = [];
  for (const { commit } of commits) {
    eventsOf(commit).forEach((event, i) => {
      if (conversationOf(event) === conversationId)
        steps.push({ version: commit.firstVersion + i, time: commit.time, event });
    });
  }
  return steps;
};

const conversationOf = ({ event }: routing.RoutingEvent): string | undefined =>
  event && 'conversationId' in event.value ? event.value.conversationId : undefined;
