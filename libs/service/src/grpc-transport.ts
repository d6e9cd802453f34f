import * as grpc from '@grpc/grpc-js';
import { fileDescriptors, services, type Method } from '@parley/contracts';
import { ApiError, ErrorCode, unauthenticated, type RequestContext } from '@parley/kernel';
import {
  CONTEXT_HEADER,
  TRACE_HEADER,
  asApiError,
  assertRole,
  callSpan,
  decodeContext,
  type Binding,
} from '@parley/messaging';
import { concerning, tracingOn, withSpan, type Logger } from '@parley/telemetry';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { HealthImplementation } from 'grpc-health-check';
import { toGrpcError } from './errors.js';
import { addReflection } from './reflection.js';

const LONGEST_MS = 60_000;

export interface GrpcTransportOptions {
  /** What is served, by path: from bindHandlers, or made by hand (the gateway forwards). Unary methods only. */
  readonly bindings: ReadonlyMap<string, Binding>;
  readonly logger: Logger;
  readonly host: string;
  /** 0: a free one; see `port`. */
  readonly port: number;
  readonly maxConnectionAgeMs: number;
  /**
   * Who calls, from the metadata; ApiError `unauthenticated` when nobody can tell. `deadline` is the call's. Without it
   * the context of another service is trusted as it comes: only for ports that the outside cannot reach.
   */
  readonly authenticate?: (
    metadata: grpc.Metadata,
    method: Method,
    deadline: number,
  ) => Promise<RequestContext>;
  /** Serves gRPC reflection, so that grpcurl needs no proto files. */
  readonly reflection?: boolean;
  /** Largest message taken, bytes; 16 MB by default. */
  readonly maxMessageBytes?: number;
}

/** A gRPC server with health service, deadlines, google.rpc errors and metrics, as a Nest transport. */
export class GrpcTransport extends Server implements CustomTransportStrategy {
  /** The port that is listened on, once `listen` has called back. */
  port = 0;
  private readonly server: grpc.Server;
  private readonly health: HealthImplementation;
  private readonly served = new Set<string>();
  private drained: Promise<void> | undefined;

  constructor(private readonly options: GrpcTransportOptions) {
    super();
    const limit = options.maxMessageBytes ?? 16 << 20;
    this.server = new grpc.Server({
      'grpc.max_connection_age_ms': options.maxConnectionAgeMs,
      'grpc.max_connection_age_grace_ms': 30_000,
      'grpc.max_receive_message_length': limit,
      'grpc.max_send_message_length': limit,
    });
    this.health = new HealthImplementation({ '': 'NOT_SERVING' });
    this.health.addToServer(this.server);
    for (const [name, { grpc: definition }] of Object.entries(services)) this.addService(name, definition);
    if (options.reflection) addReflection(this.server, fileDescriptors, [...this.served]);
  }

  /** Tells health checks whether calls are welcome. */
  setServing(serving: boolean): void {
    for (const name of ['', ...this.served]) this.health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
  }

  listen(callback: (error?: Error | null) => void): void {
    const { host, port } = this.options;
    this.server.bindAsync(`${host}:${port}`, grpc.ServerCredentials.createInsecure(), (error, bound) => {
      this.port = bound;
      callback(error ? new Error(`gRPC cannot listen on ${host}:${port}: ${error.message}`) : null);
    });
  }

  /** Takes no further call, finishes those under way (for 10 s at most), closes. Idempotent. */
  close(): Promise<void> {
    this.setServing(false);
    return (this.drained ??= new Promise((resolve) => {
      const force = setTimeout(() => {
        this.server.forceShutdown();
        resolve();
      }, 10_000);
      this.server.tryShutdown(() => {
        clearTimeout(force);
        resolve();
      });
    }));
  }

  on(): never {
    throw new Error('GrpcTransport has no events');
  }

  unwrap<T>(): T {
    return this.server as T;
  }

  private addService(name: string, definition: grpc.ServiceDefinition): void {
    const implementation: grpc.UntypedServiceImplementation = {};
    for (const [key, { path }] of Object.entries(definition)) {
      const binding = this.options.bindings.get(path.slice(1));
      if (binding && !binding.method.serverStreaming) implementation[key] = this.unary(binding);
    }
    if (Object.keys(implementation).length === 0) return;
    this.server.addService(definition, implementation);
    this.served.add(name);
    this.health.setStatus(name, 'NOT_SERVING');
  }

  private unary(binding: Binding): grpc.handleUnaryCall<unknown, unknown> {
    const { method } = binding;
    return (call, callback) => {
      const startedAt = performance.now();
      this.answer(binding, call).then(
        (response) => {
          binding.observe(0, startedAt);
          callback(null, response);
        },
        (error: unknown) => {
          const apiError =
            error instanceof ApiError ? error : asApiError(error, method.path, this.options.logger);
          binding.observe(apiError.code, startedAt);
          callback(toGrpcError(apiError));
        },
      );
    };
  }

  private async answer(binding: Binding, call: grpc.ServerUnaryCall<unknown, unknown>): Promise<unknown> {
    const { method } = binding;
    const { authenticate, logger } = this.options;
    const deadline = deadlineOf(call);
    const context = authenticate
      ? await authenticate(call.metadata, method, deadline)
      : trusted(call.metadata, deadline);
    if (context.deadline <= Date.now())
      throw new ApiError(ErrorCode.deadlineExceeded, 'The deadline has passed.', {
        reason: 'DEADLINE_EXCEEDED',
      });
    assertRole(method, context);
    return concerning({ context, request: call.request }, async () => {
      try {
        const response = await this.handle(binding, call.request, context);
        if (logger.isLevelEnabled('trace')) logger.trace({ method: method.path }, 'request carried out');
        return response;
      } catch (error) {
        // Here, where the line knows whom it concerns.
        throw asApiError(error, method.path, logger);
      }
    });
  }

  private handle(binding: Binding, request: unknown, context: RequestContext): Promise<unknown> {
    if (!tracingOn()) return binding.handle(request, context);
    const { method } = binding;
    return withSpan(method.path, callSpan('server', 'grpc', method.path, context), (traceparent) =>
      binding.handle(request, { ...context, traceparent }),
    );
  }
}

/** Milliseconds since 1970 until which the caller waits; a minute from now at most. */
const deadlineOf = (call: { getDeadline(): grpc.Deadline }): number => {
  const deadline = call.getDeadline();
  return Math.min(deadline instanceof Date ? deadline.getTime() : deadline, Date.now() + LONGEST_MS);
};

const text = (metadata: grpc.Metadata, key: string): string | undefined => metadata.get(key)[0]?.toString();

const trusted = (metadata: grpc.Metadata, deadline: number): RequestContext => {
  const context = decodeContext(text(metadata, CONTEXT_HEADER) ?? '', text(metadata, TRACE_HEADER));
  if (!context)
    throw unauthenticated(
      'MISSING_CONTEXT',
      `This port is for services: the ${CONTEXT_HEADER} metadata is missing or malformed. Call the gateway.`,
    );
  return { ...context, deadline: Math.min(context.deadline, deadline) };
};
