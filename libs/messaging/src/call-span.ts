import type { RequestContext } from '@parley/kernel';
import type { SpanOptions } from '@parley/telemetry';

/** The span of a call, at its caller (client) or where it is carried out (server). */
export const callSpan = (
  kind: 'client' | 'server',
  transport: 'nats' | 'grpc',
  path: string,
  { tenant, traceparent }: Pick<RequestContext, 'tenant' | 'traceparent'>,
): SpanOptions => ({
  kind,
  traceparent,
  attributes: {
    'rpc.system.name': transport,
    'rpc.method': path,
    ...(tenant ? { 'parley.tenant': tenant } : {}),
  },
});
