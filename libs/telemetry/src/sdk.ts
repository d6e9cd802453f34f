import { NodeSDK } from '@opentelemetry/sdk-node';
import { register } from 'import-in-the-middle/register-hooks.mjs';
import { TRACING, applyOtelDefaults } from './config.js';

/**
 * Starts the SDK; everything else (endpoint, sampler, service name) comes from OpenTelemetry's own variables. The hook
 * must be registered before anything that an instrumentation patches is imported. Spans still waiting are sent when
 * the event loop runs empty.
 */
export const startTracing = (): void => {
  applyOtelDefaults();
  register();
  const sdk = new NodeSDK();
  sdk.start();
  (globalThis as { [TRACING]?: boolean })[TRACING] = true;
  process.once('beforeExit', () => void sdk.shutdown());
};
