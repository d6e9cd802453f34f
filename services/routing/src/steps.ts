import { routing } from '@parley/contracts';
import { aggregateKey, type EventLog, type Projection } from '@parley/eventlog';
import { DOMAIN_ID, eventsOf } from './codec.js';
import type { RoutingStore, StepDoc } from './store.js';

const PAGE = 500;

/** Keeps every event about a conversation by its conversation, so that explaining one does not read the whole log. */
export const createSteps = ({
  steps,
  stepsHeads,
}: Pick<RoutingStore, 'steps' | 'stepsHeads'>): Projection => ({
  name: 'routing-steps',
  fromTrimmed: true,
  async applied(keys) {
    const heads = await stepsHeads.getMany(keys.map(({ tenant }) => tenant));
    return new Map(keys.map(({ tenant, id }) => [aggregateKey(tenant, id), heads.get(tenant)?.version ?? 0]));
  },
  async apply(runs) {
    const docs: StepDoc[] = [];
    for (const { tenant, commits } of runs)
      for (const { commit } of commits)
        eventsOf(commit).forEach((event, i) => {
          const conversationId = conversationOf(event);
          if (conversationId === undefined) return;
          const version = commit.firstVersion + i;
          docs.push({
            id: `${tenant}/${version}`,
            version,
            of: aggregateKey(tenant, conversationId),
            at: commit.time?.getTime() ?? 0,
            body: Buffer.from(routing.RoutingEvent.encode(event).finish()).toString('base64'),
          });
        });
    if (docs.length > 0) await steps.put(docs);
    const heads = runs.flatMap(({ tenant, commits }) => {
      const last = commits.at(-1);
      if (!last) return [];
      const version = last.commit.firstVersion + last.commit.events.length - 1;
      return [{ id: tenant, version, seq: last.seq }];
    });
    await stepsHeads.upsertNewer(heads);
  },
});

/** Every step of routing about a conversation, oldest first: those that are kept, and the end of the log behind them. */
export const explainFrom = async (
  { steps, stepsHeads }: Pick<RoutingStore, 'steps' | 'stepsHeads'>,
  log: Pick<EventLog, 'load'>,
  tenant: string,
  conversationId: string,
): Promise<routing.RoutingStep[]> => {
  const found = new Map<number, routing.RoutingStep>();
  const head = await stepsHeads.get(tenant);
  const { commits } = await log.load(tenant, DOMAIN_ID, head?.version ?? 0, head?.seq ?? 0);
  let cursor: string | undefined;
  do {
    const page = await steps.find({
      filter: { of: aggregateKey(tenant, conversationId) },
      sort: { field: 'version', direction: 'asc' },
      limit: PAGE,
      ...(cursor ? { cursor } : {}),
    });
    for (const { version, at, body } of page.items) {
      const event = routing.RoutingEvent.decode(Buffer.from(body, 'base64'));
      found.set(version, { version, time: new Date(at), event });
    }
    cursor = page.next;
  } while (cursor);
  for (const { commit } of commits)
    eventsOf(commit).forEach((event, i) => {
      const version = commit.firstVersion + i;
      if (conversationOf(event) === conversationId) found.set(version, { version, time: commit.time, event });
    });
  return [...found.values()];
};

const conversationOf = ({ event }: routing.RoutingEvent): string | undefined =>
  event && 'conversationId' in event.value ? event.value.conversationId : undefined;
