import { assertJson, decodeStrictly, publicMethods, type Method } from '@parley/contracts';
import { failedPrecondition, permissionDenied, type RequestContext, unauthenticated } from '@parley/kernel';
import { asApiError } from '@parley/messaging';
import type { Caller as ServiceCaller } from '@parley/service';
import { concerning, tracingOn, withSpan, type Logger } from '@parley/telemetry';
import type { OpenStreams } from '../streams/open-streams.js';
import type { TenantLog } from '../tenants/log.js';
import { auditedDetails } from './audit-details.js';
import { auditedTarget, LIST_EVENTS, type Readings } from './audit.js';
import { contextOf, known, type Caller, type KnownCaller } from './call.js';
import { malformed } from './json.js';
import type { Buckets } from './limits.js';
import { assertPeople, type Conversations, type People } from './people.js';

type LocalHandler = (request: never, caller: Caller) => Promise<unknown>;
type LocalStream = (
  request: never,
  caller: KnownCaller,
  signal: AbortSignal,
) => Promise<AsyncIterable<unknown>>;

/** The answer of a method that streams. */
export interface Streamed {
  readonly messages: AsyncIterable<unknown>;
  /** Aborted when the stream must end, with the ApiError to tell. */
  readonly signal: AbortSignal;
  /** To be called once, whatever happens: the stream is over. */
  readonly close: () => void;
}

export interface InvokerOptions {
  /** Carries methods to the services that own them. */
  readonly services: Pick<ServiceCaller, 'call'>;
  /** Handlers of the methods that the gateway carries out itself, by service. */
  readonly local: Readonly<Record<string, Readonly<Record<string, LocalHandler>>>>;
  /** Handlers of the methods that answer with a stream, by service. */
  readonly streaming: Readonly<Record<string, Readonly<Record<string, LocalStream>>>>;
  readonly streams: Pick<OpenStreams, 'open'>;
  readonly log: Pick<TenantLog, 'record'>;
  readonly readings: Readings;
  readonly people: People;
  readonly conversations: Conversations;
  readonly logger: Logger;
  /** By tenant and session, by tenant, and by address for those without a token. */
  readonly limits: { readonly session: Buckets; readonly tenant: Buckets; readonly anonymous: Buckets };
}

/** The public methods and the one way into each of them, whatever the call came by. */
export class Invoker {
  private readonly byPath: ReadonlyMap<string, Method> = new Map(publicMethods.map((m) => [m.path, m]));
  constructor(private readonly options: InvokerOptions) {}

  /** A public method by its path (`parley.x.v1.XService/Method`); undefined for all others, internal ones included. */
  method(path: string): Method | undefined {
    return this.byPath.get(path);
  }

  /** Carries out a call whose request is JSON; resolves with the response message. Rejects with ApiError. */
  async invokeJson(method: Method, json: unknown, caller: Caller): Promise<unknown> {
    return this.attend(method, json, caller, async (from) =>
      this.carryOut(method, this.admitJson(method, json, from), from),
    );
  }

  /** Carries out a call whose request is an encoded message, under the same checks. */
  async invokeMessage(method: Method, bytes: Uint8Array, caller: Caller): Promise<unknown> {
    return this.attend(method, undefined, caller, async (from) =>
      this.carryOut(method, this.admitMessage(method, bytes, from), from),
    );
  }

  /** Opens the stream of a method that answers with one; its request is JSON. Rejects with ApiError. */
  async streamJson(method: Method, json: unknown, caller: Caller): Promise<Streamed> {
    return this.open(method, this.admitJson(method, json, caller), known(caller));
  }

  /** The same for an encoded request. */
  async streamMessage(method: Method, bytes: Uint8Array, caller: Caller): Promise<Streamed> {
    return this.open(method, this.admitMessage(method, bytes, caller), known(caller));
  }

  /** Carries a call out in a span of its own, and says in the log how it went and whom it concerns. */
  private attend<T>(
    method: Method,
    request: unknown,
    caller: Caller,
    work: (from: Caller) => Promise<T>,
  ): Promise<T> {
    const { session, traceparent } = caller;
    return concerning({ context: { tenant: session?.tenant ?? '', traceparent }, request }, () =>
      traced(method, caller, async (from) => {
        const { logger } = this.options;
        try {
          const response = await work(from);
          if (logger.isLevelEnabled('trace')) logger.trace({ method: method.path }, 'call answered');
          return response;
        } catch (error) {
          throw asApiError(error, method.path, logger);
        }
      }),
    );
  }

  private admitJson(method: Method, json: unknown, caller: Caller): unknown {
    assertRole(method, caller);
    assertJson(method.request, json);
    assertScope(method, caller);
    this.spend(caller);
    return method.requestType.fromJSON(json);
  }

  private admitMessage(method: Method, bytes: Uint8Array, caller: Caller): unknown {
    assertRole(method, caller);
    const request = decode(method, bytes);
    assertJson(method.request, jsonOf(method, request));
    assertScope(method, caller);
    this.spend(caller);
    return request;
  }

  private async open(method: Method, request: unknown, caller: KnownCaller): Promise<Streamed> {
    const handler = this.options.streaming[method.service]?.[method.handler];
    if (!handler) throw new Error(`the gateway has no stream for ${method.path}`);
    const { signal, close } = this.options.streams.open(caller.session);
    try {
      return { messages: await handler(request as never, caller, signal), signal, close };
    } catch (error) {
      close();
      throw error;
    }
  }

  private spend({ session, remote }: Caller): void {
    const { limits } = this.options;
    if (!session) return limits.anonymous.spend(remote);
    limits.session.spend(`${session.tenant}/${session.sessionId}`);
    limits.tenant.spend(session.tenant);
  }

  private async carryOut(method: Method, request: unknown, caller: Caller): Promise<unknown> {
    if (method.serverStreaming)
      throw failedPrecondition(
        'METHOD_STREAMS',
        `${method.name} answers with a stream: call it over gRPC or with POST, not in a socket`,
      );
    if (method.kind === 'gateway') {
      const handler = this.options.local[method.service]?.[method.handler];
      if (!handler) throw new Error(`the gateway has no handler for ${method.path}`);
      return handler(request as never, caller);
    }
    const context = contextOf(known(caller));
    await assertPeople(method, request, context, this.options.people, this.options.conversations);
    const response = await this.options.services.call(method, request, context);
    await this.record(method, request, response, context);
    return response;
  }

  /** Somebody follows a conversation by a socket: on record like a reading of it. Rejects when it could not be. */
  async watched(conversationId: string, caller: KnownCaller): Promise<void> {
    const method = this.method(LIST_EVENTS);
    if (method) await this.record(method, { conversationId }, {}, contextOf(caller));
  }

  private async record(
    method: Method,
    request: unknown,
    response: unknown,
    context: RequestContext,
  ): Promise<void> {
    const { log, readings } = this.options;
    const reading = await readings.target(method, request, context);
    const targetId = reading ?? auditedTarget(method, request, response, context.principal);
    // Before the answer: what cannot be put on record is not told.
    if (targetId !== undefined)
      await log.record(
        context.tenant,
        {
          $case: 'actPerformed',
          value: { method: method.path, targetId, details: auditedDetails(method, request, response) },
        },
        context,
      );
    if (reading !== undefined) readings.recorded(context, reading);
  }
}

/** Carries a call out in a span of its own: where the trace of a visitor's frame begins. */
const traced = <T>(method: Method, caller: Caller, work: (from: Caller) => Promise<T>): Promise<T> => {
  if (!tracingOn()) return work(caller);
  const { session, transport, traceparent } = caller;
  const attributes = {
    'rpc.system.name': transport,
    'rpc.method': method.path,
    ...(session ? { 'parley.tenant': session.tenant } : {}),
  };
  return withSpan(method.path, { kind: 'server', traceparent, attributes, begins: true }, (own) =>
    work({ ...caller, traceparent: own }),
  );
};

/** True when the method can be called without a token. */
export const isOpen = (method: Method): boolean => method.roles.includes('anyone');

const assertRole = (method: Method, { session }: Caller): void => {
  if (isOpen(method)) return;
  if (!session)
    throw unauthenticated('NO_TOKEN', 'this method needs a token: send "authorization: Bearer <token>"');
  if (!method.roles.includes(session.principal.role))
    throw permissionDenied(
      'ROLE_NOT_ALLOWED',
      `role ${session.principal.role} may not call ${method.name}: it is for ${method.roles.filter((r) => r !== 'system').join(', ')}`,
    );
};

const assertScope = (method: Method, { session }: Caller): void => {
  const scopes = session?.scopes;
  if (scopes && !scopes.includes('*') && !scopes.includes(method.owner))
    throw permissionDenied(
      'SCOPE_MISSING',
      `the API key has no scope for ${method.owner}: it has ${scopes.join(', ')}`,
    );
};

const decode = (method: Method, bytes: Uint8Array): unknown => {
  try {
    return decodeStrictly(method.requestType, bytes);
  } catch {
    throw malformed(`the request is not an encoded ${method.request}`);
  }
};

const jsonOf = (method: Method, request: unknown): unknown => {
  try {
    return method.requestType.toJSON(request);
  } catch {
    throw malformed('the request holds a value that its contract does not know');
  }
};
