import * as grpc from '@grpc/grpc-js';
import { commandSubject, methods, type Client, type Method, type ServiceName } from '@parley/contracts';
import { LogUnavailableError, PartitionCount } from '@parley/eventlog';
import { ApiError, ErrorCode, backoffMs, unavailable, type RequestContext } from '@parley/kernel';
import { CONTEXT_HEADER, TRACE_HEADER, callSpan, encodeContext, type Bus } from '@parley/messaging';
import { tracingOn, withSpan } from '@parley/telemetry';
import { fromGrpcError } from './errors.js';
import { partitionFor } from './partition.js';
import type { Caller } from './types.js';

const BACKOFF = { baseMs: 20, capMs: 500 };
const LARGEST_BYTES = 16 << 20;

export interface CallerOptions {
  readonly bus: Bus;
  /** gRPC address (host:port, or a target with its scheme: `ipv4:a:1,b:2`) by the owner's name in the contracts: "conversation", "routing", … */
  readonly addresses: Readonly<Record<string, string>>;
}

/** A caller that holds connections. */
export interface ClosableCaller extends Caller {
  close(): void;
}

/** Commands over the bus to the owner of their partition, reads over gRPC to any instance; see Caller. */
export const createCaller = ({ bus, addresses }: CallerOptions): ClosableCaller => {
  const conversations = new PartitionCount(bus, 'conversation');
  const channels = new Map<string, grpc.Client>();

  const channel = (owner: string): grpc.Client => {
    let client = channels.get(owner);
    if (!client) {
      const address = addresses[owner];
      if (!address)
        throw new ApiError(ErrorCode.unimplemented, `${owner} is not reached by calls between services.`, {
          reason: 'NO_ADDRESS',
        });
      channels.set(owner, (client = openChannel(address)));
    }
    return client;
  };

  const command = async (method: Method, request: unknown, context: RequestContext): Promise<unknown> => {
    const partition = await partitionFor(method, request, context, conversations).catch(passing);
    const body = method.requestType.encode(request).finish();
    const answer = await bus.request(commandSubject(method.owner, partition), method.path, body, context);
    return method.responseType.decode(answer);
  };

  const call = async (method: Method, request: unknown, context: RequestContext): Promise<unknown> => {
    if (method.kind === 'command') return command(method, request, context);
    if (method.kind === 'read') return read(channel(method.owner), method, request, context);
    throw new ApiError(ErrorCode.unimplemented, `${method.path} is carried out by the gateway itself.`, {
      reason: 'GATEWAY_METHOD',
    });
  };

  return {
    call,
    client: (service) => clientOf(service, call),
    close: () => {
      for (const client of channels.values()) client.close();
      channels.clear();
    },
  };
};

/** Where an id belongs is not known while the log does not answer: that is no "not found". */
const passing = (error: unknown): never => {
  if (!(error instanceof LogUnavailableError)) throw error;
  throw Object.assign(unavailable('LOG_UNAVAILABLE', 'This cannot be reached just now. Try again.'), {
    cause: error,
  });
};

const clientOf = <S extends ServiceName>(service: S, call: Caller['call']): Client<S> => {
  const own = [...methods.values()].filter((method) => method.service === service);
  const entries = own.map((method) => [
    method.handler,
    (request: unknown, context: RequestContext) => call(method, request, context),
  ]);
  return Object.fromEntries(entries) as Client<S>;
};

/** Of a target that says itself how its addresses are found. */
const SCHEME = /^(dns|ipv4|ipv6|unix|xds):/;

const openChannel = (address: string): grpc.Client =>
  new grpc.Client(SCHEME.test(address) ? address : `dns:///${address}`, grpc.credentials.createInsecure(), {
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2_000,
    'grpc.dns_min_time_between_resolutions_ms': 1_000,
    'grpc.keepalive_time_ms': 20_000,
    'grpc.max_receive_message_length': LARGEST_BYTES,
    'grpc.max_send_message_length': LARGEST_BYTES,
  });

const read = (
  client: grpc.Client,
  method: Method,
  request: unknown,
  context: RequestContext,
): Promise<unknown> => {
  if (!tracingOn()) return readUntilDeadline(client, method, request, context);
  return withSpan(method.path, callSpan('client', 'grpc', method.path, context), (traceparent) =>
    readUntilDeadline(client, method, request, { ...context, traceparent }),
  );
};

/** Tries again while the service is unavailable: an instance that goes down must not fail a read that has time left. */
const readUntilDeadline = async (
  client: grpc.Client,
  method: Method,
  request: unknown,
  context: RequestContext,
): Promise<unknown> => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await readOnce(client, method, request, context);
    } catch (error) {
      const wait = backoffMs(attempt, BACKOFF);
      const again = error instanceof ApiError && error.details.reason === 'SERVICE_UNAVAILABLE';
      if (!again || Date.now() + wait >= context.deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
};

const readOnce = (
  client: grpc.Client,
  method: Method,
  request: unknown,
  context: RequestContext,
): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const metadata = new grpc.Metadata({ waitForReady: true });
    metadata.set(CONTEXT_HEADER, encodeContext(context));
    if (context.traceparent !== undefined) metadata.set(TRACE_HEADER, context.traceparent);
    client.makeUnaryRequest(
      `/${method.path}`,
      (message: unknown) => Buffer.from(method.requestType.encode(message).finish()),
      (bytes: Buffer) => method.responseType.decode(bytes),
      request,
      metadata,
      { deadline: context.deadline },
      (error, response) => (error ? reject(fromGrpcError(error)) : resolve(response)),
    );
  });
