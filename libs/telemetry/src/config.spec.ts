import { describe, expect, it } from '@jest/globals';
import { applyOtelDefaults, tracingConfigured } from './config.js';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

describe('tracingConfigured', () => {
  it.each([
    [false, {}],
    [false, { OTEL_EXPORTER_OTLP_ENDPOINT: '' }],
    [true, endpoint],
    [true, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' }],
    [false, { ...endpoint, OTEL_SDK_DISABLED: 'true' }],
    [false, { ...endpoint, OTEL_TRACES_EXPORTER: 'none' }],
  ])('is %s with %j', (on, env) => expect(tracingConfigured(env)).toBe(on));
});

describe('applyOtelDefaults', () => {
  it('samples by a ratio that is given alone, and keeps what is set', () => {
    const ratio: NodeJS.ProcessEnv = { OTEL_TRACES_SAMPLER_ARG: '0.1', OTEL_LOGS_EXPORTER: 'otlp' };
    applyOtelDefaults(ratio);
    expect(ratio).toMatchObject({
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'none',
    });
  });

  it('leaves command lines out of what is told of a process', () => {
    const env: NodeJS.ProcessEnv = {};
    applyOtelDefaults(env);
    expect(env['OTEL_NODE_RESOURCE_DETECTORS']).not.toContain('process');
    expect(env['OTEL_TRACES_SAMPLER']).toBeUndefined();
  });
});
