/** Set on globalThis by the preload once the SDK runs; a registered symbol, since the preload is a bundle of its own. */
export const TRACING: unique symbol = Symbol.for('parley.tracing') as never;

/** What the preload leaves there: ends the SDK once the spans still waiting have been sent. */
export interface RunningTracing {
  stop(): Promise<void>;
}

/** Where spans go (OTEL_EXPORTER_OTLP_ENDPOINT, or its variant for traces); undefined: tracing stays off. */
export const otlpEndpoint = (env: NodeJS.ProcessEnv = process.env): string | undefined =>
  env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'] || undefined;

/** The SDK's settings that have a default here: no metrics or logs through OTel (Prometheus and stdout are the source). */
export const applyOtelDefaults = (env: NodeJS.ProcessEnv = process.env): void => {
  env['OTEL_METRICS_EXPORTER'] ??= 'none';
  env['OTEL_LOGS_EXPORTER'] ??= 'none';
};
