import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { TRACING, applyOtelDefaults, type RunningTracing } from './config.js';
import { version } from './version.js';

/**
 * Starts the SDK; everything else (endpoint, sampler, another name, …) comes from OpenTelemetry's own variables. Whoever
 * ends the process calls stopTracing first, so that spans still waiting are sent.
 */
export const startTracing = (service: string): void => {
  applyOtelDefaults();
  const own = resourceFromAttributes({
    'service.name': `parley-${service}`,
    'service.namespace': 'parley',
    'service.version': version,
  });
  const sdk = new NodeSDK({ resource: defaultResource().merge(own) });
  sdk.start();
  (globalThis as { [TRACING]?: RunningTracing })[TRACING] = { stop: () => sdk.shutdown() };
};
