import { NodeSDK } from '@opentelemetry/sdk-node';
import { register } from 'import-in-the-middle/register-hooks.mjs';
import { TRACING, applyOtelDefaults, type RunningTracing } from './config.js';

/**
 * Starts the SDK; everything else (endpoint, sampler, service name) comes from OpenTelemetry's own variables. The hook
 * must be registered before anything that an instrumentation patches is imported. Whoever ends the process calls
 * stopTracing first, so that spans still waiting are sent.
 */
export const startTracing = (): void => {
  applyOtelDefaults();
  register();
  const sdk = new NodeSDK();
  sdk.start();
  (globalThis as { [TRACING]?: RunningTracing })[TRACING] = { stop: () => sdk.shutdown() };
};
