import { backoffMs, type Clock } from '@parley/kernel';
import type { Sealer } from '@parley/service';
import type { Collection } from '@parley/store';
import { metrics, type Logger } from '@parley/telemetry';
import type { DeliveryDoc, EndpointDoc } from '../documents.js';
import type { Poster } from './post.js';

/** How deliveries are retried: full jitter below base · 2^attempt, at most cap; given up after so many attempts. */
export interface RetryPolicy {
  readonly baseMs: number;
  readonly capMs: number;
  readonly attempts: number;
}

export interface LaneOptions {
  readonly endpoints: Collection<EndpointDoc>;
  readonly deliveries: Collection<DeliveryDoc>;
  readonly poster: Pick<Poster, 'post'>;
  readonly sealer: Sealer;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Posts to one endpoint at once. */
  readonly concurrency: number;
}

/** Longer than any post takes: what a crashed sender had claimed is tried again after this. */
const CLAIM_MS = 60_000;
const GONE = 410;
const LONGEST_SLEEP_MS = 30_000;
const ERROR_PAUSE_MS = 1_000;

/** Sends the deliveries of one endpoint as they fall due; a slow receiver delays nobody but itself. */
export class Lane {
  private readonly underWay = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private looking = false;
  private again = false;
  private stopped = false;

  constructor(
    private readonly endpointKey: string,
    private readonly options: LaneOptions,
  ) {}

  /** There may be something due. */
  wake(): void {
    if (this.stopped) return;
    this.again = true;
    if (!this.looking) void this.look();
  }

  /** Resolves when the posts under way are done. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  private async look(): Promise<void> {
    this.looking = true;
    clearTimeout(this.timer);
    let sleepMs = LONGEST_SLEEP_MS;
    try {
      while (this.again && !this.stopped) {
        this.again = false;
        sleepMs = await this.takeDue();
      }
    } catch (error) {
      this.options.logger.warn({ err: error, endpoint: this.endpointKey }, 'deliveries cannot be read');
      sleepMs = ERROR_PAUSE_MS;
    }
    this.looking = false;
    if (!this.stopped) this.timer = setTimeout(() => this.wake(), sleepMs).unref();
  }

  /** Begins what is due and returns after how many ms to look again. */
  private async takeDue(): Promise<number> {
    const { endpoints, deliveries, clock, concurrency } = this.options;
    const room = concurrency - this.underWay.size;
    // A post that ends wakes the lane.
    if (room <= 0) return LONGEST_SLEEP_MS;
    const endpoint = await endpoints.get(this.endpointKey);
    if (!endpoint?.enabled) return LONGEST_SLEEP_MS;
    const { items } = await deliveries.find({
      filter: { endpoint: this.endpointKey, state: 'pending' },
      sort: { field: 'nextAttemptAt', direction: 'asc' },
      limit: room + 1,
    });
    for (const delivery of items) {
      const waitMs = delivery.nextAttemptAt - clock.now();
      if (waitMs > 0) return Math.min(waitMs, LONGEST_SLEEP_MS);
      if (this.underWay.size >= concurrency) return LONGEST_SLEEP_MS;
      this.begin(endpoint, delivery);
    }
    return LONGEST_SLEEP_MS;
  }

  private begin(endpoint: EndpointDoc, delivery: DeliveryDoc): void {
    const work = this.deliver(endpoint, delivery)
      .catch((error: unknown) =>
        this.options.logger.warn(
          { err: error, tenant: delivery.tenant, delivery: delivery.deliveryId },
          'delivery is tried later',
        ),
      )
      .finally(() => {
        this.underWay.delete(work);
        this.wake();
      });
    this.underWay.add(work);
  }

  private async deliver(endpoint: EndpointDoc, delivery: DeliveryDoc): Promise<void> {
    const { deliveries, poster, sealer, clock } = this.options;
    const claimed: DeliveryDoc = {
      ...delivery,
      version: delivery.version + 1,
      nextAttemptAt: clock.now() + CLAIM_MS,
    };
    if (!(await deliveries.replaceIf(claimed, delivery.version))) return;
    let status = 0;
    let failure = '';
    try {
      status = await poster.post({
        url: endpoint.url,
        secret: sealer.open(endpoint.sealedSecret),
        id: delivery.deliveryId,
        payload: delivery.payload,
        now: clock.now(),
      });
      if (status < 200 || status > 299) failure = `answered ${status}`;
    } catch (error) {
      failure = reasonOf(error);
    }
    const next = this.outcome(claimed, status, failure);
    metrics.counter('webhookAttempts').inc({ outcome: next.state === 'pending' ? 'retry' : next.state });
    // Unless it was replayed, or erased with its conversation, in the meantime.
    await deliveries.replaceIf(next, claimed.version);
    if (status === GONE) await this.disable(endpoint);
  }

  private outcome(claimed: DeliveryDoc, status: number, failure: string): DeliveryDoc {
    const { retry, clock } = this.options;
    const attempts = claimed.attempts + 1;
    const done = {
      ...claimed,
      version: claimed.version + 1,
      attempts,
      lastStatus: status,
      lastError: failure,
    };
    if (failure === '') return { ...done, state: 'delivered' };
    if (attempts >= retry.attempts || status === GONE) return { ...done, state: 'dead' };
    return { ...done, nextAttemptAt: clock.now() + backoffMs(claimed.attempts, retry) };
  }

  /** The receiver says that it wants nothing any more. */
  private async disable(endpoint: EndpointDoc): Promise<void> {
    const off = { ...endpoint, enabled: false, version: endpoint.version + 1 };
    if (await this.options.endpoints.replaceIf(off, endpoint.version))
      this.options.logger.info({ endpoint: this.endpointKey }, 'endpoint answered 410 and was disabled');
  }
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return 'no answer within the time limit';
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`.slice(0, 200);
};
