import { commandSubject, type HandlerTable } from '@parley/contracts';
import { ApiError, ErrorCode, type RequestContext } from '@parley/kernel';
import { concerning, metrics, tracingOn, withSpan, type Concern, type Logger } from '@parley/telemetry';
import {
  headers,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { asApiError, assertRole, bindHandlers, type Binding } from './binding.js';
import { drainSubscription } from './bus.js';
import { callSpan } from './call-span.js';
import { natsConnection, outgoingOf } from './connect.js';
import { CONTEXT_HEADER, ERROR_HEADER, METHOD_HEADER, TRACE_HEADER, decodeContext } from './context.js';
import type { Outgoing } from './outgoing.js';
import { encodeStatus } from './status.js';
import type { Bus } from './types.js';

export interface NatsTransportOptions {
  readonly bus: Bus;
  /** The service whose command subjects are served: "conversation", "routing", … */
  readonly service: string;
  readonly handlers: HandlerTable;
  readonly logger: Logger;
}

interface Partition {
  readonly subscription: Subscription;
  active: number;
  idle: (() => void)[];
}

/** Serves a service's commands for the partitions that it owns. Hot: no rxjs, no promises beyond the handler's own. */
export class NatsTransport extends Server implements CustomTransportStrategy {
  private readonly nc: NatsConnection;
  private readonly outgoing: Outgoing;
  private readonly bindings: ReadonlyMap<string, Binding>;
  private readonly partitions = new Map<number, Partition>();
  private readonly expired = metrics.counter('rpcServerExpired').labels({ transport: 'nats' });
  private readonly log: Logger;
  private closing = false;

  constructor(private readonly options: NatsTransportOptions) {
    super();
    this.nc = natsConnection(options.bus);
    this.outgoing = outgoingOf(options.bus);
    this.log = options.logger;
    this.bindings = bindHandlers(
      options.handlers,
      'nats',
      (method) => method.kind === 'command' && method.owner === options.service,
    );
  }

  /** Takes up a partition's commands; resolves once the subscription is in force. No-op when it is owned already. */
  async own(partition: number): Promise<void> {
    if (this.closing || this.partitions.has(partition)) return;
    const subject = commandSubject(this.options.service, partition);
    const entry: Partition = {
      subscription: this.nc.subscribe(subject, {
        queue: subject,
        callback: (error, msg) => {
          if (error) this.log.error({ err: error, subject }, 'command subscription refused');
          else this.onMessage(entry, msg);
        },
      }),
      active: 0,
      idle: [],
    };
    this.partitions.set(partition, entry);
    await this.options.bus.flush();
  }

  /** Lets a partition go: takes no further command and resolves when those under way have been answered. */
  async disown(partition: number): Promise<void> {
    const entry = this.partitions.get(partition);
    if (!entry) return;
    this.partitions.delete(partition);
    await drainSubscription(entry.subscription);
    if (entry.active > 0) await new Promise<void>((resolve) => entry.idle.push(resolve));
  }

  /** Lets every partition go, for good, and makes sure that the answers have been sent. */
  async drain(): Promise<void> {
    this.closing = true;
    await Promise.all([...this.partitions.keys()].map((partition) => this.disown(partition)));
    if (!this.nc.isClosed() && this.options.bus.connected) await this.options.bus.flush();
  }

  listen(callback: (error?: unknown) => void): void {
    callback();
  }

  close(): Promise<void> {
    return this.drain();
  }

  on(): never {
    throw new Error('NatsTransport has no events: use Bus.onConnection');
  }

  unwrap<T>(): T {
    return this.nc as T;
  }

  private onMessage(partition: Partition, msg: Msg): void {
    const startedAt = performance.now();
    const path = msg.headers?.get(METHOD_HEADER) ?? '';
    const binding = this.bindings.get(path);
    if (!binding) return respondError(this.outgoing, msg, unimplemented(path, this.options.service));
    let context: RequestContext;
    let concern: Concern | undefined;
    let result: Promise<unknown>;
    try {
      context = contextOf(msg.headers!);
      if (context.deadline <= Date.now()) return this.expired.inc();
      assertRole(binding.method, context);
      const request = decodeRequest(binding, msg.data);
      concern = { context, request };
      result = concerning(concern, () =>
        tracingOn() ? traced(binding, request, context) : binding.handle(request, context),
      );
    } catch (error) {
      return this.fail(msg, binding, startedAt, error, concern);
    }
    const about = concern;
    partition.active++;
    result
      .then((response) => {
        if (msg.reply)
          this.outgoing.publish(msg.reply, binding.method.responseType.encode(response).finish());
        binding.observe(0, startedAt);
        this.tellCarriedOut(binding, about);
      })
      .catch((error: unknown) => this.fail(msg, binding, startedAt, error, about))
      .finally(() => {
        if (--partition.active === 0) for (const resolve of partition.idle.splice(0)) resolve();
      });
  }

  private tellCarriedOut({ method }: Binding, concern: Concern): void {
    if (!this.log.isLevelEnabled('trace')) return;
    concerning(concern, () => this.log.trace({ method: method.path }, 'request carried out'));
  }

  private fail(
    msg: Msg,
    binding: Binding,
    startedAt: number,
    error: unknown,
    concern: Concern | undefined,
  ): void {
    const tell = (): ApiError => asApiError(error, binding.method.path, this.log);
    const apiError = concern ? concerning(concern, tell) : tell();
    binding.observe(apiError.code, startedAt);
    respondError(this.outgoing, msg, apiError);
  }
}

const traced = (binding: Binding, request: unknown, context: RequestContext): Promise<unknown> =>
  withSpan(binding.method.path, callSpan('server', 'nats', binding.method.path, context), (traceparent) =>
    binding.handle(request, { ...context, traceparent }),
  );

const contextOf = (head: MsgHdrs): RequestContext => {
  const context = decodeContext(head.get(CONTEXT_HEADER), head.get(TRACE_HEADER) || undefined);
  if (context) return context;
  throw new ApiError(ErrorCode.invalidArgument, `The ${CONTEXT_HEADER} header is missing or malformed.`, {
    reason: 'MALFORMED_CONTEXT',
  });
};

const decodeRequest = (binding: Binding, body: Uint8Array): unknown => {
  try {
    return binding.method.requestType.decode(body);
  } catch {
    throw new ApiError(ErrorCode.invalidArgument, `The body is not a ${binding.method.request}.`, {
      reason: 'MALFORMED_BODY',
    });
  }
};

const unimplemented = (path: string, service: string): ApiError =>
  new ApiError(
    ErrorCode.unimplemented,
    `${service} does not carry out ${JSON.stringify(path.slice(0, 120))}.`,
    {
      reason: 'UNKNOWN_METHOD',
    },
  );

const errorHeaders = new Map<number, MsgHdrs>();

const respondError = (outgoing: Outgoing, msg: Msg, error: ApiError): void => {
  let head = errorHeaders.get(error.code);
  if (!head) {
    head = headers();
    head.set(ERROR_HEADER, String(error.code));
    errorHeaders.set(error.code, head);
  }
  if (msg.reply) outgoing.publish(msg.reply, encodeStatus(error), { headers: head });
};
