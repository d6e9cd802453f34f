import type { Clock, RequestContext } from '@parley/kernel';

/** Routing itself as the caller of another service, for a tenant, with this long to answer. */
export const ownContext = (
  tenant: string,
  clock: Clock,
  withinMs = 5_000,
  traceparent?: string,
): RequestContext => ({
  tenant,
  principal: { role: 'system', id: 'routing' },
  deadline: clock.now() + withinMs,
  ...(traceparent ? { traceparent } : {}),
});
