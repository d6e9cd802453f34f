import { describe, expect, it } from '@jest/globals';
import { metricNames, type MetricDeclaration } from './metric-names.js';
import { createMetrics } from './metrics.js';

describe('metrics', () => {
  it('are made as declared, once', async () => {
    const metrics = createMetrics();
    metrics.counter('busResends').inc({ reason: 'silence' });
    metrics.counter('busResends').inc({ reason: 'silence' });
    metrics.histogram('rpcServerDuration').observe({ transport: 'nats', method: 'm' }, 0.002);
    metrics.gauge('busConnected').set(1);
    const { body, contentType } = await metrics.exposition();
    expect(contentType).toContain('text/plain');
    expect(body).toContain('parley_bus_resends_total{reason="silence"} 2');
    expect(body).toContain('parley_bus_connected 1');
    expect(body).toContain(
      'parley_rpc_server_duration_seconds_bucket{le="0.0025",transport="nats",method="m"} 1',
    );
  });

  const declarations = Object.values<MetricDeclaration>(metricNames);

  it.each(declarations.map((d) => [d.name, d] as const))('%s follows the naming rules', (name, declared) => {
    expect(name).toMatch(/^parley_[a-z][a-z0-9_]*$/);
    expect(name.endsWith('_total')).toBe(declared.type === 'counter');
    expect(declared.help).toMatch(/\.$/);
    for (const label of declared.labels) expect(label).toMatch(/^[a-z][a-z_]*$/);
  });

  it('have names of their own', () => {
    expect(new Set(declarations.map((d) => d.name)).size).toBe(declarations.length);
  });
});
