import {
  Server,
  ServerCredentials,
  type Metadata,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { longestMs, publicFileDescriptors, publicMethods, services, type Method } from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import { addReflection, toGrpcError } from '@parley/service';
import { HealthImplementation } from 'grpc-health-check';
import { traceOf, type Caller, type Session, type ToApiError } from './call.js';
import { isOpen, type Invoker } from './invoke.js';
import { observed } from './observe.js';
import type { Origin } from './remote.js';
import { bearerToken, MOST_BYTES } from './rpc.js';
import { writeAll } from './write-all.js';

/** Answers may be long lists. */
const MOST_ANSWER_BYTES = 64 * 1024 * 1024;
const DRAIN_MS = 10_000;

export interface GrpcOptions {
  readonly invoker: Invoker;
  readonly authenticate: (token: string) => Promise<Session>;
  readonly addressOf: (origin: Origin) => string;
  readonly toApiError: ToApiError;
  readonly clock: Clock;
}

/** The public gRPC server: every public method, health and reflection. */
export class PublicGrpc {
  private readonly server = new Server({
    // Finds out that the client of a silent stream is gone.
    'grpc.keepalive_time_ms': 30_000,
    'grpc.max_receive_message_length': MOST_BYTES,
    'grpc.max_send_message_length': MOST_ANSWER_BYTES,
    'grpc.max_connection_age_ms': 30 * 60_000,
    'grpc.max_connection_age_grace_ms': 60_000,
  });
  private readonly health = new HealthImplementation({ '': 'SERVING' });

  constructor(private readonly options: GrpcOptions) {
    const byService = Map.groupBy(publicMethods, (method) => method.service);
    for (const [service, methods] of byService) {
      const definition = services[service as keyof typeof services].grpc as ServiceDefinition;
      // The bytes are read by `answer`, after the token: what is wrong with them is the caller's error, not ours.
      const shown = methods.map(
        (method) => [method.handler, { ...definition[method.handler], requestDeserialize: asBytes }] as const,
      );
      const implementation: UntypedServiceImplementation = Object.fromEntries(
        methods.map((method) => [
          method.handler,
          method.serverStreaming ? this.streaming(method) : this.unary(method),
        ]),
      );
      this.server.addService(Object.fromEntries(shown) as ServiceDefinition, implementation);
      this.health.setStatus(service, 'SERVING');
    }
    this.health.addToServer(this.server);
    addReflection(this.server, publicFileDescriptors, [...byService.keys()]);
  }

  /** Listens; resolves with the port. Rejects with one line that says what to do when the port is taken. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
        error
          ? reject(new Error(`gRPC cannot listen on ${host}:${port}: choose another PARLEY_GRPC_PORT`))
          : resolve(bound),
      );
    });
  }

  /** Finishes the calls under way, 10 s at most, and closes. */
  async drain(): Promise<void> {
    this.health.setStatus('', 'NOT_SERVING');
    const timer = setTimeout(() => this.server.forceShutdown(), DRAIN_MS);
    await new Promise<void>((resolve) => this.server.tryShutdown(() => resolve()));
    clearTimeout(timer);
  }

  private unary(method: Method): UntypedServiceImplementation[string] {
    return (
      call: ServerUnaryCall<Buffer, unknown>,
      callback: (error: ReturnType<typeof toGrpcError> | null, response?: unknown) => void,
    ) => {
      this.answer(method, call).then(
        (response) => callback(null, response),
        (error: unknown) => callback(toGrpcError(this.options.toApiError(error))),
      );
    };
  }

  private streaming(method: Method): UntypedServiceImplementation[string] {
    return (call: ServerWritableStream<Buffer, unknown>) => {
      this.stream(method, call).then(
        () => call.end(),
        (error: unknown) => call.emit('error', toGrpcError(this.options.toApiError(error))),
      );
    };
  }

  private async stream(method: Method, call: ServerWritableStream<Buffer, unknown>): Promise<void> {
    const streamed = await observed('grpc', method, async () =>
      this.options.invoker.streamMessage(method, call.request, await this.callerOf(method, call)),
    );
    call.on('cancelled', streamed.close);
    if (call.cancelled) streamed.close();
    await writeAll(streamed, call, (message) => message);
  }

  private async answer(method: Method, call: ServerUnaryCall<Buffer, unknown>): Promise<unknown> {
    return observed('grpc', method, async () =>
      this.options.invoker.invokeMessage(method, call.request, await this.callerOf(method, call)),
    );
  }

  private async callerOf(
    method: Method,
    call: Pick<ServerUnaryCall<Buffer, unknown>, 'metadata' | 'getDeadline' | 'getPeer'>,
  ): Promise<Caller> {
    const { authenticate, addressOf, clock } = this.options;
    const authorization = textOf(call.metadata, 'authorization');
    const session =
      isOpen(method) || authorization === undefined
        ? undefined
        : await authenticate(bearerToken(authorization));
    const asked = call.getDeadline();
    return {
      ...(session ? { session } : {}),
      remote: addressOf({
        peer: call.getPeer().replace(/:\d+$/, ''),
        forwarded: call.metadata.get('x-forwarded-for').join(','),
      }),
      deadline: Math.min(clock.now() + longestMs(method), asked instanceof Date ? asked.getTime() : asked),
      transport: 'grpc',
      traceparent: traceOf(session, textOf(call.metadata, 'traceparent')),
    };
  }
}

const asBytes = (bytes: Buffer): Buffer => bytes;

const textOf = (metadata: Metadata, key: string): string | undefined => {
  const value = metadata.get(key)[0];
  return typeof value === 'string' ? value : undefined;
};
