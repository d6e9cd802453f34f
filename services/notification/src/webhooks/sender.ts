import { everyDoc } from '@parley/store';
import { metrics } from '@parley/telemetry';
import { Lane, type LaneOptions } from './lane.js';

const RESYNC_MS = 15_000;

/** Sends deliveries, one lane an endpoint. Several instances may run: a delivery is claimed before it is sent. */
export class Sender {
  private readonly lanes = new Map<string, Lane>();
  private timer: NodeJS.Timeout | undefined;
  private resyncing: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly options: LaneOptions) {}

  /** Takes up what is pending, and from then on looks every 15 s for what other instances left. */
  async start(): Promise<void> {
    await this.resync();
    this.timer = setInterval(() => {
      this.resyncing = this.resync().catch((error: unknown) =>
        this.options.logger.warn({ err: error }, 'endpoints cannot be read'),
      );
    }, RESYNC_MS);
    this.timer.unref();
  }

  /** Something may be due for this endpoint. */
  wake(endpointKey: string): void {
    if (this.stopped) return;
    let lane = this.lanes.get(endpointKey);
    if (!lane) this.lanes.set(endpointKey, (lane = new Lane(endpointKey, this.options)));
    lane.wake();
  }

  /** Resolves when all posts under way are done. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.resyncing;
    await Promise.all([...this.lanes.values()].map((lane) => lane.stop()));
  }

  private async resync(): Promise<void> {
    const { endpoints, deliveries } = this.options;
    const known = new Set<string>();
    for await (const { id } of everyDoc(endpoints, { enabled: true })) known.add(id);
    for (const id of known) this.wake(id);
    for (const [id, lane] of this.lanes) {
      if (known.has(id)) continue;
      this.lanes.delete(id);
      await lane.stop();
    }
    metrics.gauge('webhookBacklog').set(await deliveries.count({ state: 'pending' }));
    metrics.gauge('webhookDead').set(await deliveries.count({ state: 'dead' }));
  }
}
