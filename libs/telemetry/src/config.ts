/** Set on globalThis by the preload once the SDK runs; a registered symbol, since the preload is a bundle of its own. */
export const TRACING: unique symbol = Symbol.for('parley.tracing') as never;

/** What the preload leaves there: ends the SDK once the spans still waiting have been sent. */
export interface RunningTracing {
  stop(): Promise<void>;
}

/**
 * True when spans go anywhere: an OTLP endpoint is set (OTEL_EXPORTER_OTLP_ENDPOINT, or its variant for traces) and
 * nothing says otherwise. Without one tracing stays off and costs nothing.
 */
export const tracingConfigured = (env: NodeJS.ProcessEnv = process.env): boolean => {
  const endpoint = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const disabled = env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true';
  return Boolean(endpoint) && !disabled && env['OTEL_TRACES_EXPORTER'] !== 'none';
};

/**
 * The SDK's settings that have another default here: no metrics or logs through OTel (Prometheus and stdout are the
 * source), no command line and no owner of the process in the resource, and a ratio alone is enough to sample by it.
 */
export const applyOtelDefaults = (env: NodeJS.ProcessEnv = process.env): void => {
  env['OTEL_METRICS_EXPORTER'] ??= 'none';
  env['OTEL_LOGS_EXPORTER'] ??= 'none';
  env['OTEL_NODE_RESOURCE_DETECTORS'] ??= 'env,host,serviceinstance';
  if (env['OTEL_TRACES_SAMPLER_ARG']) env['OTEL_TRACES_SAMPLER'] ??= 'parentbased_traceidratio';
};
