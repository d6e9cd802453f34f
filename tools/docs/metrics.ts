import { metricNames, type MetricDeclaration } from '@parley/telemetry';
import { code, GENERATED, page, table } from './markdown.js';

const declarations: readonly MetricDeclaration[] = Object.values(metricNames);

/** docs/metrics.md: every metric of the platform. */
export const metricsPage = (): string =>
  page([
    GENERATED,
    '# Metrics',
    `Every service answers \`GET /metrics\` on its health port (\`PARLEY_SERVICE_HTTP_PORT\`) in the format of
Prometheus. Beside those below there are the usual ones of Node and of the process (\`nodejs_…\`, \`process_…\`). A
service shows only the metrics that it has used. No label holds the id of a person or a conversation; those of tenants and
queues are only in \`parley_queue_…\`, for as many as \`PARLEY_FIGURES_TENANTS\` and \`PARLEY_FIGURES_QUEUES\` allow. Where
several instances of a service show a gauge, its meaning says how to put them together. [Monitoring](monitoring.md) has
dashboards and alerts.`,
    table(
      ['Metric', 'Type', 'Labels', 'Meaning'],
      declarations.map(({ name, type, labels, help }) => [
        code(name),
        type,
        labels.map(code).join(', '),
        help,
      ]),
    ),
  ]);
