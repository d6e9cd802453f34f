import { conversation, notification, type Client, type Handlers } from '@parley/contracts';
import type { RequestContext } from '@parley/kernel';

const DEFAULT_LIMIT = 50;
const { Delivery_State: State } = notification;

interface Endpoint {
  readonly endpointId: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly enabled: boolean;
  readonly createdAt: number;
  readonly version: number;
}

type DeliveryState = 'pending' | 'delivered' | 'dead';

interface Delivery {
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly event: string;
  readonly conversationId: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly lastStatus: number;
  readonly lastError: string;
  readonly createdAt: number;
  readonly nextAttemptAt: number;
}

interface Mail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly sentAt: number;
}

interface PageOf {
  readonly limit: number;
  readonly cursor?: string;
}

interface Found<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** What the handlers need of the rest of the service. */
export interface NotificationParts {
  readonly endpoints: {
    list(tenant: string): Promise<readonly Endpoint[]>;
    put(
      tenant: string,
      input: { endpointId: string; url: string; events: readonly string[]; enabled: boolean },
    ): Promise<{ endpoint: Endpoint; secret: string }>;
    delete(tenant: string, endpointId: string): Promise<void>;
  };
  readonly deliveries: {
    list(
      tenant: string,
      query: PageOf & { endpointId?: string; state?: DeliveryState },
    ): Promise<Found<Delivery>>;
    replay(tenant: string, deliveryId: string): Promise<Delivery>;
  };
  readonly requests: {
    add(
      tenant: string,
      wish: {
        commandId: string;
        conversationId: string;
        visitorId: string;
        email: string;
        locale: string;
        closed: boolean;
      },
    ): Promise<void>;
  };
  readonly mailbox: { list(tenant: string, page: PageOf): Promise<Found<Mail>> };
  readonly conversations: Pick<Client<'parley.conversation.v1.ConversationService'>, 'getConversation'>;
}

/** NotificationService. */
export const notificationHandlers = (
  parts: NotificationParts,
): Handlers<'parley.notification.v1.NotificationService'> => ({
  putWebhookEndpoint: async (request, { tenant }) => {
    const { endpoint, secret } = await parts.endpoints.put(tenant, request);
    return { endpoint: endpointOf(endpoint, secret) };
  },
  listWebhookEndpoints: async (_request, { tenant }) => ({
    endpoints: (await parts.endpoints.list(tenant)).map((endpoint) => endpointOf(endpoint, '')),
  }),
  deleteWebhookEndpoint: async ({ endpointId }, { tenant }) => {
    await parts.endpoints.delete(tenant, endpointId);
    return {};
  },
  listDeliveries: async ({ endpointId, state, page }, { tenant }) => {
    const wanted = STATES.find(([number]) => number === state)?.[1];
    const { items, next } = await parts.deliveries.list(tenant, {
      ...(endpointId === '' ? {} : { endpointId }),
      ...(wanted === undefined ? {} : { state: wanted }),
      ...pageOf(page),
    });
    return { deliveries: items.map(deliveryOf), nextCursor: next ?? '' };
  },
  replayDelivery: async ({ deliveryId }, { tenant }) => ({
    delivery: deliveryOf(await parts.deliveries.replay(tenant, deliveryId)),
  }),
  sendTranscript: async ({ commandId, conversationId, email, locale }, context: RequestContext) => {
    // As the caller: the conversation's service knows who may read it.
    const { conversation: found } = await parts.conversations.getConversation({ conversationId }, context);
    const closed = found?.state === conversation.ConversationState.CONVERSATION_STATE_CLOSED;
    const visitorId = context.principal.role === 'visitor' ? context.principal.id : '';
    await parts.requests.add(context.tenant, { commandId, conversationId, visitorId, email, locale, closed });
    return {};
  },
  listMail: async ({ page }, { tenant }) => {
    const { items, next } = await parts.mailbox.list(tenant, pageOf(page));
    return {
      mails: items.map(({ id, sentAt, ...mail }) => ({
        mailId: id.slice(tenant.length + 1),
        to: mail.to,
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        sentAt: new Date(sentAt),
      })),
      nextCursor: next ?? '',
    };
  },
});

const STATES: readonly (readonly [notification.Delivery_State, DeliveryState])[] = [
  [State.STATE_PENDING, 'pending'],
  [State.STATE_DELIVERED, 'delivered'],
  [State.STATE_DEAD, 'dead'],
];

const pageOf = (page: { limit: number; cursor: string } | undefined): PageOf => ({
  limit: page?.limit || DEFAULT_LIMIT,
  ...(page?.cursor ? { cursor: page.cursor } : {}),
});

const endpointOf = (endpoint: Endpoint, secret: string): notification.WebhookEndpoint => ({
  endpointId: endpoint.endpointId,
  url: endpoint.url,
  events: [...endpoint.events],
  enabled: endpoint.enabled,
  secret,
  createdAt: new Date(endpoint.createdAt),
  version: endpoint.version,
});

const deliveryOf = (delivery: Delivery): notification.Delivery => ({
  deliveryId: delivery.deliveryId,
  endpointId: delivery.endpointId,
  event: delivery.event,
  conversationId: delivery.conversationId,
  state: STATES.find(([, name]) => name === delivery.state)?.[0] ?? State.STATE_UNSPECIFIED,
  attempts: delivery.attempts,
  lastStatus: delivery.lastStatus,
  lastError: delivery.lastError,
  createdAt: new Date(delivery.createdAt),
  nextAttemptAt: delivery.state === 'pending' ? new Date(delivery.nextAttemptAt) : undefined,
});
