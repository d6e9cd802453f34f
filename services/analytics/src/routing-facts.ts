import { routing } from '@parley/contracts';
import { aggregateKey, type Projection, type Run } from '@parley/eventlog';
import { marking } from './conversation-facts.js';
import { type AnalyticsStore, key, type RoutingFactDoc, type RoutingTenantDoc } from './store.js';

/** What only routing's log knows: when offers were accepted, wrap-up, and the queues' service levels. */
export const routingFacts = (store: AnalyticsStore, onDirty: () => void): Projection => ({
  name: 'analytics-routing',
  async applied(keys) {
    const docs = await store.routingTenants.getMany(keys.map(({ tenant }) => tenant));
    return new Map(keys.map(({ tenant, id }) => [aggregateKey(tenant, id), docs.get(tenant)?.version ?? 0]));
  },
  async apply(runs) {
    for (const run of runs) await applyRun(store, run);
    onDirty();
  },
});

const applyRun = async (store: AnalyticsStore, run: Run): Promise<void> => {
  const { tenant } = run;
  const before = await store.routingTenants.get(tenant);
  const serviceLevels: Record<string, number> = { ...before?.serviceLevels };
  const events = run.commits.flatMap(({ commit }) =>
    commit.events.map((bytes, i) => ({
      version: commit.firstVersion + i,
      time: commit.time?.getTime() ?? 0,
      event: routing.RoutingEvent.decode(bytes).event,
    })),
  );
  const wanted = new Set(events.flatMap(({ event }) => conversationOf(event) ?? []));
  const stored = await store.routingFacts.getMany([...wanted].map((id) => key(tenant, id)));
  const facts = new Map(stored);
  let version = before?.version ?? 0;
  for (const { version: at, time, event } of events) {
    version = at;
    if (event?.$case === 'queueConfigured' && event.value.queue)
      serviceLevels[event.value.queue.queueId] = event.value.queue.serviceLevelSeconds;
    const conversationId = conversationOf(event);
    if (!event || !conversationId) continue;
    const id = key(tenant, conversationId);
    const fact = facts.get(id) ?? { id, version: 0, tenant, wrapUpMs: 0 };
    if (fact.version < at) facts.set(id, { ...evolve(fact, event, time), version: at });
  }
  const changed = [...facts.values()].filter((fact) => stored.get(fact.id)?.version !== fact.version);
  const touched = await store.facts.getMany(changed.map((fact) => fact.id));
  const quarters = new Set([...touched.values()].map((doc) => doc.quarter));
  await store.dirty.put([...quarters].map((quarter) => marking(tenant, quarter)));
  await store.routingFacts.upsertNewer(changed);
  const doc: RoutingTenantDoc = { id: tenant, version, serviceLevels };
  await store.routingTenants.upsertNewer([doc]);
};

type Event = routing.RoutingEvent['event'];

const conversationOf = (event: Event): string | undefined =>
  event?.$case === 'offerAccepted' || event?.$case === 'wrapUpStarted' || event?.$case === 'wrapUpEnded'
    ? event.value.conversationId
    : undefined;

const evolve = (fact: RoutingFactDoc, event: NonNullable<Event>, time: number): RoutingFactDoc => {
  if (event.$case === 'offerAccepted') return { ...fact, acceptedAt: fact.acceptedAt ?? time };
  if (event.$case === 'wrapUpStarted') return { ...fact, wrapUpFrom: time };
  if (event.$case !== 'wrapUpEnded' || fact.wrapUpFrom === undefined) return fact;
  const { wrapUpFrom, ...rest } = fact;
  return { ...rest, wrapUpMs: fact.wrapUpMs + Math.max(0, time - wrapUpFrom) };
};
