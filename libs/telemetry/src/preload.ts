import { tracingConfigured } from './config.js';

/**
 * For the file that is given to `node --import` before a service's main file: starts the OpenTelemetry SDK when an OTLP
 * endpoint is configured, and does nothing (not even load the SDK) otherwise. `service` is its name: "gateway", …
 */
export const preload = async (service: string): Promise<void> => {
  if (!tracingConfigured()) return;
  const { startTracing } = await import('./sdk.js');
  startTracing(service);
};
