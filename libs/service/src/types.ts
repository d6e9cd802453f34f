import type { Client, Method, ServiceName } from '@parley/contracts';
import type { RequestContext } from '@parley/kernel';

/** Calls methods of other services, each the way its contract says: commands over NATS, reads over gRPC. */
export interface Caller {
  /** `request` and the result are messages (not bytes, not JSON). Rejects with ApiError. */
  call(method: Method, request: unknown, context: RequestContext): Promise<unknown>;
  /** A typed client of one service. */
  client<S extends ServiceName>(service: S): Client<S>;
}
