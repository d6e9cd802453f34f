import { aborted, notFound, type Clock } from '@parley/kernel';
import type { Collection, Page } from '@parley/store';
import { keyOf, type DeliveryDoc, type DeliveryState } from '../documents.js';

export interface DeliveryQuery {
  readonly endpointId?: string;
  readonly state?: DeliveryState;
  readonly limit: number;
  readonly cursor?: string;
}

/** What was and is to be delivered, for people. */
export class Deliveries {
  constructor(
    private readonly deliveries: Collection<DeliveryDoc>,
    private readonly clock: Clock,
    private readonly onDeliveries: (endpointKey: string) => void,
  ) {}

  /** Newest first. */
  list(tenant: string, { endpointId, state, ...page }: DeliveryQuery): Promise<Page<DeliveryDoc>> {
    return this.deliveries.find({
      filter: {
        tenant,
        ...(endpointId === undefined ? {} : { endpointId }),
        ...(state === undefined ? {} : { state }),
      },
      sort: { field: 'createdAt', direction: 'desc' },
      ...page,
    });
  }

  /** Makes a delivery due again, with all its attempts, under the same id. ApiError notFound, aborted. */
  async replay(tenant: string, deliveryId: string): Promise<DeliveryDoc> {
    const delivery = await this.deliveries.get(keyOf(tenant, deliveryId));
    if (!delivery)
      throw notFound('NO_SUCH_DELIVERY', 'There is no delivery with this id: see ListDeliveries.');
    const due: DeliveryDoc = {
      ...delivery,
      version: delivery.version + 1,
      state: 'pending',
      attempts: 0,
      nextAttemptAt: this.clock.now(),
    };
    if (!(await this.deliveries.replaceIf(due, delivery.version)))
      throw aborted('DELIVERY_CHANGED', 'This delivery is being sent just now: look again in a moment.');
    this.onDeliveries(delivery.endpoint);
    return due;
  }
}
