import type { LogName } from '@parley/contracts';
import { metrics } from '@parley/telemetry';
import type { Bounds } from './types.js';

interface Labels {
  readonly projection: string;
  readonly partition: string;
}

/** Gauges of a partition that is read: how it stands in JetStream, and how far its projection is. */
export class PartitionGauges {
  constructor(
    private readonly log: LogName,
    private readonly labels: Labels,
  ) {}

  show({ commits, bytes, currentCopies, laggingCopies }: Bounds, lag: number, parked: number): void {
    const stream = this.stream;
    metrics.gauge('logStreamCommits').set(stream, commits);
    metrics.gauge('logStreamBytes').set(stream, bytes);
    metrics.gauge('logStreamReplicas').set({ ...stream, state: 'current' }, currentCopies);
    metrics.gauge('logStreamReplicas').set({ ...stream, state: 'lagging' }, laggingCopies);
    metrics.gauge('consumerLag').set(this.labels, lag);
    metrics.gauge('consumerParked').set(this.labels, parked);
  }

  /** Whoever owns the partition next shows them; what is old must not stay beside what is new. */
  hide(): void {
    const stream = this.stream;
    metrics.gauge('logStreamCommits').remove(stream);
    metrics.gauge('logStreamBytes').remove(stream);
    metrics.gauge('logStreamReplicas').remove({ ...stream, state: 'current' });
    metrics.gauge('logStreamReplicas').remove({ ...stream, state: 'lagging' });
    metrics.gauge('consumerLag').remove(this.labels);
    metrics.gauge('consumerParked').remove(this.labels);
  }

  private get stream() {
    return { log: this.log, partition: this.labels.partition };
  }
}
