/**
 * Given to `node --import` before a service's main file: starts the OpenTelemetry SDK when an OTLP endpoint is
 * configured, and does nothing (not even load the SDK) otherwise.
 */
import { otlpEndpoint } from './config.js';

if (otlpEndpoint() !== undefined) {
  const { startTracing } = await import('./sdk.js');
  startTracing();
}
