import { routing } from '@parley/contracts';
import { aggregateKey, lastVersion, type Projection, type Run } from '@parley/eventlog';
import { everyDoc } from '@parley/store';
import { quarterOf } from './definitions/quarters.js';
import type { Marks, Quarter } from './marks.js';
import type { Event, Recorded } from './recorded.js';
import { takeStaff } from './staff.js';
import { type AnalyticsStore, key, type QueueDoc, type RoutingFactDoc } from './store.js';

/**
 * What only routing's log knows: when offers were accepted, wrap-up, and the queues' service levels. What is written
 * stands before its quarter hours are marked, and the log's applied version after both: interrupted anywhere, all of it
 * is done again. `restMs`: pause after each batch.
 */
export const routingFacts = (store: AnalyticsStore, marks: Marks, restMs: number): Projection => ({
  name: 'analytics-routing',
  fromTrimmed: true,
  restMs,
  async applied(keys) {
    const docs = await store.routingLogs.getMany(keys.map(({ tenant }) => tenant));
    return new Map(keys.map(({ tenant, id }) => [aggregateKey(tenant, id), docs.get(tenant)?.version ?? 0]));
  },
  async apply(runs) {
    for (const run of runs) {
      const events = run.commits.flatMap(eventsOf);
      await takeFacts(store, marks, run.tenant, events);
      await takeQueues(store, marks, run.tenant, events);
      await takeStaff(store, marks, run.tenant, events);
      const last = run.commits.at(-1);
      if (last) await store.routingLogs.upsertNewer([{ id: run.tenant, version: lastVersion(last.commit) }]);
    }
  },
});

const eventsOf = ({ commit }: Run['commits'][number]): Recorded[] =>
  commit.events.map((bytes, i) => ({
    version: commit.firstVersion + i,
    time: commit.time?.getTime() ?? 0,
    event: routing.RoutingEvent.decode(bytes).event,
  }));

const takeFacts = async (
  store: AnalyticsStore,
  marks: Marks,
  tenant: string,
  events: readonly Recorded[],
): Promise<void> => {
  const concerned = new Set(events.flatMap(({ event }) => conversationOf(event) ?? []));
  if (concerned.size === 0) return;
  const ids = [...concerned].map((conversationId) => key(tenant, conversationId));
  const facts = new Map(await store.routingFacts.getMany(ids));
  for (const { version, time, event } of events) {
    const conversationId = conversationOf(event);
    if (!event || !conversationId) continue;
    const id = key(tenant, conversationId);
    const fact = facts.get(id) ?? { id, version: 0, tenant, accepted: {}, wrapUpMs: 0, wrapUpFrom: {} };
    if (fact.version < version) facts.set(id, { ...evolve(fact, event, time), version });
  }
  await store.routingFacts.upsertNewer([...facts.values()]);
  const touched = await store.facts.getMany(ids);
  await marks.anew([...touched.values()].map(({ quarter }) => ({ tenant, quarter })));
};

const takeQueues = async (
  store: AnalyticsStore,
  marks: Marks,
  tenant: string,
  events: readonly Recorded[],
): Promise<void> => {
  let earliest = Infinity;
  for (const { version, time, event } of events) {
    if (event?.$case !== 'queueConfigured' || !event.value.queue) continue;
    const { queueId, serviceLevelSeconds: seconds } = event.value.queue;
    const id = key(tenant, queueId);
    const known = await store.queues.get(id);
    earliest = Math.min(earliest, time);
    if (known && known.version >= version) continue;
    const thresholds = known?.thresholds ?? [];
    // Renaming a queue changes no figure.
    const same = thresholds.at(-1)?.seconds === seconds;
    const doc: QueueDoc = {
      id,
      version,
      tenant,
      queueId,
      thresholds: same ? thresholds : [...thresholds, { from: time, seconds }],
    };
    await store.queues.upsertNewer([doc]);
  }
  if (earliest < Infinity) await marks.anew(await computedSince(store, tenant, quarterOf(earliest)));
};

/**
 * Quarter hours that are rolled up, or about to be. Marks are read first: one that is gone by then was deleted after
 * its rollup was written.
 */
const computedSince = async (store: AnalyticsStore, tenant: string, from: number): Promise<Quarter[]> => {
  const quarters = new Set<number>();
  const filter = { tenant, quarter: { gte: from } };
  for await (const { quarter } of everyDoc(store.marks, filter)) quarters.add(quarter);
  for await (const { quarter } of everyDoc(store.rollups, filter)) quarters.add(quarter);
  return [...quarters].map((quarter) => ({ tenant, quarter }));
};

const conversationOf = (event: Event | undefined): string | undefined =>
  event?.$case === 'offerAccepted' || event?.$case === 'wrapUpStarted' || event?.$case === 'wrapUpEnded'
    ? event.value.conversationId
    : undefined;

const evolve = (fact: RoutingFactDoc, event: Event, time: number): RoutingFactDoc => {
  if (event.$case === 'offerAccepted')
    return { ...fact, accepted: { ...fact.accepted, [event.value.offerId]: time } };
  if (event.$case === 'wrapUpStarted')
    return { ...fact, wrapUpFrom: { ...fact.wrapUpFrom, [event.value.agentId]: time } };
  if (event.$case !== 'wrapUpEnded') return fact;
  const { [event.value.agentId]: from, ...wrapUpFrom } = fact.wrapUpFrom;
  return from === undefined
    ? fact
    : { ...fact, wrapUpFrom, wrapUpMs: fact.wrapUpMs + Math.max(0, time - from) };
};
