import type { Measured } from './definitions/tally.js';
import { type AnalyticsStore, everyDoc, type FactDoc, type QueueDoc, type RoutingFactDoc } from './store.js';

/** Service level of queues that nobody configured otherwise. */
const DEFAULT_SERVICE_LEVEL_SECONDS = 30;

/** What routing's log adds to one fact. */
export const fromRouting = (
  { fact }: FactDoc,
  known: RoutingFactDoc | undefined,
): Pick<Measured, 'wrapUpMs' | 'acceptedAt'> => ({
  wrapUpMs: known?.wrapUpMs ?? 0,
  acceptedAt: known?.accepted[fact.offerId],
});

/** Facts with what is needed of routing's log to count them. */
export const measure = async (
  store: AnalyticsStore,
  tenant: string,
  docs: readonly FactDoc[],
): Promise<{ doc: FactDoc; measured: Measured }[]> => {
  if (docs.length === 0) return [];
  const queues = new Map<string, QueueDoc>();
  for await (const queue of everyDoc(store.queues, { tenant })) queues.set(queue.queueId, queue);
  const routing = await store.routingFacts.getMany(docs.map((doc) => doc.id));
  return docs.map((doc) => ({
    doc,
    measured: {
      fact: doc.fact,
      serviceLevelSeconds: thresholdAt(queues.get(doc.fact.queueId), doc.enteredAt),
      ...fromRouting(doc, routing.get(doc.id)),
    },
  }));
};

/** The threshold that stood when the chat entered: a new one does not change the past. */
const thresholdAt = (queue: QueueDoc | undefined, at: number): number =>
  queue?.thresholds.findLast(({ from }) => from <= at)?.seconds || DEFAULT_SERVICE_LEVEL_SECONDS;
