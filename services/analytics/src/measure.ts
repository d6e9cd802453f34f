import { everyDoc } from '@parley/store';
import { FCR_WINDOW_MS, isResolvedAtOnce } from './definitions/outcome.js';
import type { Measured } from './definitions/tally.js';
import { type AnalyticsStore, type FactDoc, type QueueDoc, type RoutingFactDoc } from './store.js';

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
  const returns = await returnsOf(store, tenant, docs);
  return docs.map((doc) => ({
    doc,
    measured: {
      fact: doc.fact,
      serviceLevelSeconds: thresholdAt(queues.get(doc.fact.queueId), doc.enteredAt),
      entryServiceLevelSeconds: doc.fact.entries.map(({ queueId, from }) =>
        thresholdAt(queues.get(queueId), from),
      ),
      cameBack: returns.some((other) => isReturn(doc, other)),
      ...fromRouting(doc, routing.get(doc.id)),
    },
  }));
};

const CONTACTS_AT_ONCE = 100;

/** Chats that contacts began after one of these that was resolved. */
const returnsOf = async (
  store: AnalyticsStore,
  tenant: string,
  docs: readonly FactDoc[],
): Promise<FactDoc[]> => {
  const resolved = docs.filter(({ fact }) => fact.contactId !== '' && isResolvedAtOnce(fact));
  const contacts = [...new Set(resolved.map(({ contactId }) => contactId))];
  const ends = resolved.map(({ fact }) => fact.closedAt ?? 0);
  const startedAt = { gt: Math.min(...ends), lte: Math.max(...ends) + FCR_WINDOW_MS };
  const found: FactDoc[] = [];
  for (let i = 0; i < contacts.length; i += CONTACTS_AT_ONCE) {
    const contactId = { in: contacts.slice(i, i + CONTACTS_AT_ONCE) };
    for await (const doc of everyDoc(store.facts, { tenant, contactId, startedAt })) found.push(doc);
  }
  return found;
};

/** True when the contact of the one came back with the other: the same topic, within the window after its end. */
const isReturn = ({ id, fact }: FactDoc, other: FactDoc): boolean =>
  other.id !== id &&
  other.contactId === fact.contactId &&
  other.fact.topicKey === fact.topicKey &&
  fact.closedAt !== undefined &&
  other.startedAt > fact.closedAt &&
  other.startedAt <= fact.closedAt + FCR_WINDOW_MS;

/** The threshold that stood when the chat entered: a new one does not change the past. */
const thresholdAt = (queue: QueueDoc | undefined, at: number): number =>
  queue?.thresholds.findLast(({ from }) => from <= at)?.seconds || DEFAULT_SERVICE_LEVEL_SECONDS;
