import { randomBytes } from 'node:crypto';
import { aborted, invalidArgument, notFound, resourceExhausted, type Clock } from '@parley/kernel';
import type { Sealer } from '@parley/service';
import type { Collection } from '@parley/store';
import { WEBHOOK_EVENTS } from '../domain/events.js';
import { keyOf, type DeliveryDoc, type EndpointDoc } from '../documents.js';
import { RefusedAddressError, checkHost } from './addresses.js';

const MOST_ENDPOINTS = 100;
const SECRET_BYTES = 32;
/** How long what another instance changed may go unnoticed. */
const CACHE_MS = 1_000;

export interface EndpointInput {
  readonly endpointId: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly enabled: boolean;
}

export interface EndpointsOptions {
  readonly endpoints: Collection<EndpointDoc>;
  readonly deliveries: Collection<DeliveryDoc>;
  readonly sealer: Sealer;
  readonly allowPrivate: boolean;
  readonly clock: Clock;
}

/** A tenant's webhook endpoints. */
export class Endpoints {
  private readonly cache = new Map<string, { readonly at: number; readonly list: readonly EndpointDoc[] }>();

  constructor(private readonly options: EndpointsOptions) {}

  async list(tenant: string): Promise<readonly EndpointDoc[]> {
    const { items } = await this.options.endpoints.find({ filter: { tenant }, limit: 1_000 });
    return items;
  }

  /** The same from memory, at most a second old; changes made here are in it at once. */
  async cached(tenant: string): Promise<readonly EndpointDoc[]> {
    const now = this.options.clock.now();
    const known = this.cache.get(tenant);
    if (known && now - known.at < CACHE_MS) return known.list;
    const list = await this.list(tenant);
    this.cache.set(tenant, { at: now, list });
    return list;
  }

  /** Makes or changes an endpoint; `secret` is there only when it was made. ApiError invalidArgument, aborted. */
  async put(tenant: string, input: EndpointInput): Promise<{ endpoint: EndpointDoc; secret: string }> {
    this.check(input);
    const { endpoints, sealer, clock } = this.options;
    const before = await endpoints.get(keyOf(tenant, input.endpointId));
    const { endpointId, url, events, enabled } = input;
    if (before) {
      const endpoint = { ...before, url, events, enabled, version: before.version + 1 };
      if (!(await endpoints.replaceIf(endpoint, before.version))) throw changedMeanwhile();
      this.cache.delete(tenant);
      return { endpoint, secret: '' };
    }
    if ((await endpoints.count({ tenant })) >= MOST_ENDPOINTS)
      throw resourceExhausted(
        'TOO_MANY_ENDPOINTS',
        `A tenant has at most ${MOST_ENDPOINTS}: delete one first.`,
      );
    const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
    const endpoint: EndpointDoc = {
      id: keyOf(tenant, endpointId),
      version: 1,
      tenant,
      endpointId,
      url,
      events,
      enabled,
      sealedSecret: sealer.seal(secret),
      createdAt: clock.now(),
    };
    if (!(await endpoints.insert(endpoint))) throw changedMeanwhile();
    this.cache.delete(tenant);
    return { endpoint, secret };
  }

  /** Deletes an endpoint and what was to be sent to it. ApiError notFound. */
  async delete(tenant: string, endpointId: string): Promise<void> {
    const { endpoints, deliveries } = this.options;
    const endpoint = keyOf(tenant, endpointId);
    if (!(await endpoints.get(endpoint)))
      throw notFound('NO_SUCH_ENDPOINT', 'There is no endpoint with this id: see ListWebhookEndpoints.');
    await endpoints.delete([endpoint]);
    this.cache.delete(tenant);
    while ((await deliveries.deleteWhere({ endpoint })) > 0);
  }

  private check({ url, events }: EndpointInput): void {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (!parsed || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:'))
      throw invalidArgument('url', 'give an absolute URL that begins with https:// or http://');
    if (parsed.username || parsed.password)
      throw invalidArgument('url', 'leave user and password out: requests are signed instead');
    const unknown = events.find((name) => !(WEBHOOK_EVENTS as readonly string[]).includes(name));
    if (unknown !== undefined)
      throw invalidArgument('events', `choose from ${WEBHOOK_EVENTS.join(', ')}, or none for all`);
    if (this.options.allowPrivate) return;
    try {
      checkHost(parsed);
    } catch (error) {
      if (error instanceof RefusedAddressError)
        throw invalidArgument('url', 'use a host on the public internet: private addresses are refused');
      throw error;
    }
  }
}

const changedMeanwhile = () =>
  aborted('ENDPOINT_CHANGED', 'Somebody else changed this endpoint just now: read it and try again.');
