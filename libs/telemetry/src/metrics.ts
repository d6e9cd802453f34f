import { performance } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { metricNames, type MetricDeclaration, type MetricKey } from './metric-names.js';

type KeysOf<T extends MetricDeclaration['type']> = {
  [K in MetricKey]: (typeof metricNames)[K]['type'] extends T ? K : never;
}[MetricKey];
type LabelsOf<K extends MetricKey> = (typeof metricNames)[K]['labels'][number];

/** The metrics of a process: made from their declarations on first use, in one registry. */
export interface Metrics {
  counter<K extends KeysOf<'counter'>>(key: K): Counter<LabelsOf<K>>;
  gauge<K extends KeysOf<'gauge'>>(key: K): Gauge<LabelsOf<K>>;
  histogram<K extends KeysOf<'histogram'>>(key: K): Histogram<LabelsOf<K>>;
  /** Adds Node's own metrics (CPU, memory, event loop lag, garbage collection) and how busy it is. Once a process. */
  collectProcessMetrics(): void;
  /** Prometheus' text format, and the content type to send it with. */
  exposition(): Promise<{ contentType: string; body: string }>;
}

/** An own set of metrics; services share `metrics`. */
export const createMetrics = (): Metrics => {
  const registry = new Registry();
  const made = new Map<MetricKey, unknown>();
  const once = <T>(key: MetricKey, make: (options: ReturnType<typeof optionsOf>) => T): T => {
    let metric = made.get(key) as T | undefined;
    if (metric === undefined) made.set(key, (metric = make(optionsOf(key))));
    return metric;
  };
  const optionsOf = (key: MetricKey) => {
    const { name, help, labels } = metricNames[key];
    return { name, help, labelNames: labels, registers: [registry] };
  };
  return {
    counter: (key) => once(key, (options) => new Counter({ ...options })),
    gauge: (key) => once(key, (options) => new Gauge({ ...options })),
    histogram: (key) =>
      once(key, (options) => {
        const { buckets }: MetricDeclaration = metricNames[key];
        return new Histogram({ ...options, ...(buckets ? { buckets: [...buckets] } : {}) });
      }),
    collectProcessMetrics: () => {
      collectDefaultMetrics({ register: registry });
      let before = performance.eventLoopUtilization();
      once(
        'eventLoopBusy',
        (options) =>
          new Counter({
            ...options,
            collect() {
              const now = performance.eventLoopUtilization();
              this.inc(Math.max(0, now.active - before.active) / 1000);
              before = now;
            },
          }),
      );
    },
    exposition: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
};

/** The metrics of this process. */
export const metrics: Metrics = createMetrics();
