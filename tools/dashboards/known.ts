import { createMetrics, metricNames, type MetricDeclaration } from '@parley/telemetry';
import { selectorsOf } from './promql.js';

/** Labels that Prometheus adds as it reads a pod; what ServiceMonitor and docs/monitoring.md set up. */
const TARGET_LABELS = ['namespace', 'job', 'service', 'pod', 'instance'];

/** Metrics of others: the alerts on them are for those who have them. */
const OF_OTHERS: Readonly<Record<string, readonly string[]>> = {
  certmanager_certificate_expiration_timestamp_seconds: ['name', 'exported_namespace', 'namespace'],
};

/** Every series that a service can show, with its labels. */
export const knownSeries = async (): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const known = new Map<string, ReadonlySet<string>>([
    ['up', new Set(TARGET_LABELS)],
    ...Object.entries(OF_OTHERS).map(([name, labels]) => [name, new Set(labels)] as const),
  ]);
  const add = (name: string, labels: readonly string[]) =>
    known.set(name, new Set([...TARGET_LABELS, ...labels]));
  for (const { name, type, labels } of Object.values<MetricDeclaration>(metricNames)) {
    if (type !== 'histogram') add(name, labels);
    else {
      add(`${name}_bucket`, [...labels, 'le']);
      add(`${name}_sum`, labels);
      add(`${name}_count`, labels);
    }
  }
  const process = createMetrics();
  process.collectProcessMetrics();
  const { body } = await process.exposition();
  for (const [, name, type] of body.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    if (known.has(name!)) continue;
    add(name!, ['kind', 'version', 'space', 'type', 'le']);
    if (type === 'histogram')
      for (const part of ['bucket', 'sum', 'count']) add(`${name}_${part}`, ['kind', 'le']);
  }
  return known;
};

/** What is wrong with an expression: it is no PromQL, or names a metric or a label that no service has. */
export const problemsOf = (
  expr: string,
  known: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] => {
  try {
    return selectorsOf(expr).flatMap(({ metric, matchers }) => {
      const labels = known.get(metric);
      if (!labels) return [`no service has a metric ${metric}`];
      const unknown = matchers.filter(({ label }) => !labels.has(label));
      return unknown.map(({ label }) => `${metric} has no label ${label}`);
    });
  } catch (error) {
    return [(error as Error).message];
  }
};

/** An expression as Grafana sends it, with everything chosen. */
export const withVariables = (expr: string, window: string): string =>
  expr.replaceAll(/\$__(rate_interval|range)/g, window).replaceAll(/\$[a-z]+/g, '.*');
