import { recordedEvents, type conversation } from '@parley/contracts';
import { aggregateKey, type Projection, type Run } from '@parley/eventlog';
import type { Clock } from '@parley/kernel';
import { payloadOf } from './domain.js';
import {
  deliveryIdOf,
  keyOf,
  type Collections,
  type ConversationDoc,
  type DeliveryDoc,
  type EndpointDoc,
  type MailRequestDoc,
} from './documents.js';

export interface ProjectionOptions {
  readonly docs: Collections;
  readonly endpointsOf: (tenant: string) => Promise<readonly EndpointDoc[]>;
  readonly clock: Clock;
  /** There are deliveries for this endpoint, or transcripts to mail. */
  readonly onDeliveries: (endpointKey: string) => void;
  readonly onMails: () => void;
}

/**
 * Writes what is to be sent into the outbox: webhooks and answers to messages at once, transcripts that were asked for
 * once the conversation is closed. Ids follow from the events, so that applying again sends nothing twice. Nothing is sent from here.
 */
export const notificationProjection = (options: ProjectionOptions): Projection => {
  const { docs, endpointsOf, clock, onDeliveries, onMails } = options;

  const deliveriesOf = async ({ tenant, id, commits }: Run): Promise<DeliveryDoc[]> => {
    const endpoints = (await endpointsOf(tenant)).filter((endpoint) => endpoint.enabled);
    if (endpoints.length === 0) return [];
    return commits.flatMap(({ commit }) =>
      recordedEvents(commit).flatMap((recorded) => {
        const payload = payloadOf(id, recorded);
        if (!payload) return [];
        const at = recorded.time?.getTime() ?? 0;
        return endpoints
          .filter(
            ({ events, createdAt }) =>
              // What happened before an endpoint was made is not for it, also when everything is read anew.
              at >= createdAt && (events.length === 0 || events.includes(payload.type)),
          )
          .map((endpoint) => newDelivery(endpoint, id, recorded.version, payload.type, payload, clock.now()));
      }),
    );
  };

  /** Answers that go out by mail too. The address is not copied: it stands in the conversation until it is erased. */
  const answersOf = ({ tenant, id, commits }: Run): MailRequestDoc[] =>
    commits.flatMap(({ commit }) =>
      recordedEvents(commit).flatMap(({ event, version }): MailRequestDoc[] =>
        event?.event?.$case === 'followUpAnswered' && event.event.value.byMail
          ? [newAnswer(tenant, id, version, clock.now())]
          : [],
      ),
    );

  const makeMailsDue = async (conversationKey: string): Promise<void> => {
    const { items } = await docs.requests.find({
      filter: { conversation: conversationKey, state: 'waiting' },
      limit: 1_000,
    });
    for (const request of items) {
      const due = {
        ...request,
        version: request.version + 1,
        state: 'pending' as const,
        nextAttemptAt: clock.now(),
      };
      await docs.requests.replaceIf(due, request.version);
    }
    if (items.length > 0) onMails();
  };

  /** What was sent or is to be sent holds content too. */
  const erase = async (conversation: string, upToVersion: number): Promise<void> => {
    const range = { conversation, conversationVersion: { lte: upToVersion } };
    while ((await docs.deliveries.deleteWhere(range)) > 0);
    for (const state of ['waiting', 'pending', 'sent', 'dead'])
      while ((await docs.requests.deleteWhere({ conversation, state })) > 0);
    while ((await docs.mails.deleteWhere({ conversation })) > 0);
  };

  return {
    name: 'notification',
    restMs: 200,
    applied: async (keys) => {
      const found = await docs.conversations.getMany(keys.map(({ tenant, id }) => keyOf(tenant, id)));
      return new Map(
        keys.flatMap(({ tenant, id }) => {
          const doc = found.get(keyOf(tenant, id));
          return doc ? [[aggregateKey(tenant, id), doc.version] as const] : [];
        }),
      );
    },
    apply: async (runs) => {
      const before = await docs.conversations.getMany(runs.map(({ tenant, id }) => keyOf(tenant, id)));
      const deliveries = (await Promise.all(runs.map(deliveriesOf))).flat();
      await docs.deliveries.upsertNewer(deliveries);
      const after = runs.map((run) => conversationAfter(before.get(keyOf(run.tenant, run.id)), run));
      for (const { doc, erasedUpTo } of after) if (erasedUpTo > 0) await erase(doc.id, erasedUpTo);
      await docs.conversations.upsertNewer(after.map(({ doc }) => doc));
      // After the conversation: who asks for a transcript now sees that it is closed, who asked before is found here.
      for (const { doc, closedNow } of after) if (closedNow) await makeMailsDue(doc.id);
      let answers = 0;
      for (const answer of runs.flatMap(answersOf)) if (await docs.requests.insert(answer)) answers++;
      if (answers > 0) onMails();
      for (const endpoint of new Set(deliveries.map((delivery) => delivery.endpoint))) onDeliveries(endpoint);
    },
  };
};

const newDelivery = (
  endpoint: EndpointDoc,
  conversationId: string,
  conversationVersion: number,
  event: string,
  payload: object,
  now: number,
): DeliveryDoc => {
  const deliveryId = deliveryIdOf(conversationId, conversationVersion, endpoint.endpointId);
  return {
    id: keyOf(endpoint.tenant, deliveryId),
    version: 1,
    tenant: endpoint.tenant,
    deliveryId,
    endpoint: endpoint.id,
    conversation: keyOf(endpoint.tenant, conversationId),
    endpointId: endpoint.endpointId,
    conversationId,
    conversationVersion,
    event,
    payload: JSON.stringify(payload),
    state: 'pending',
    attempts: 0,
    lastStatus: 0,
    lastError: '',
    createdAt: now,
    nextAttemptAt: now,
  };
};

const newAnswer = (tenant: string, conversationId: string, version: number, now: number): MailRequestDoc => ({
  id: keyOf(tenant, `answer-${conversationId}-v${version}`),
  version: 1,
  tenant,
  conversation: keyOf(tenant, conversationId),
  conversationId,
  email: '',
  locale: '',
  answeredAt: version,
  state: 'pending',
  attempts: 0,
  nextAttemptAt: now,
  lastError: '',
});

interface After {
  readonly doc: ConversationDoc;
  readonly closedNow: boolean;
  /** 0: nothing was erased. */
  readonly erasedUpTo: number;
}

const conversationAfter = (before: ConversationDoc | undefined, { tenant, id, commits }: Run): After => {
  let doc: ConversationDoc = before ?? {
    id: keyOf(tenant, id),
    version: 0,
    contactId: '',
    locale: '',
    closed: false,
  };
  let closedNow = false;
  let erasedUpTo = 0;
  for (const { commit } of commits) {
    for (const recorded of recordedEvents(commit)) {
      doc = conversationAfterEvent(doc, recorded);
      const event = recorded.event?.event;
      if (event?.$case === 'closed') closedNow = true;
      if (event?.$case === 'contentErased')
        erasedUpTo = Math.max(erasedUpTo, Math.min(event.value.upToVersion, recorded.version));
    }
  }
  return { doc, closedNow, erasedUpTo };
};

const conversationAfterEvent = (
  doc: ConversationDoc,
  { event, version }: conversation.RecordedEvent,
): ConversationDoc => {
  const it = event?.event;
  if (it?.$case === 'started')
    return { ...doc, version, contactId: it.value.contactId, locale: it.value.locale };
  if (it?.$case === 'closed') return { ...doc, version, closed: true };
  if (it?.$case === 'reopened') return { ...doc, version, closed: false };
  return { ...doc, version };
};
