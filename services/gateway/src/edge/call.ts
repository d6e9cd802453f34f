import type { Client, ServiceName, Streams } from '@parley/contracts';
import type { ApiError, RequestContext } from '@parley/kernel';
import { validTraceparent } from '@parley/telemetry';

/** An error meant for the caller as it is; anything else is logged and becomes `internal` without its text. */
export type ToApiError = (error: unknown) => ApiError;

/** A verified token: who calls, for which tenant, and until when the token is good. */
export interface Session {
  /** Id of the login or visitor session; the key's id for integrations. */
  readonly sessionId: string;
  readonly tenant: string;
  readonly principal: RequestContext['principal'];
  /** Services an API key may call; "*" for all. Absent for people and visitors. */
  readonly scopes?: readonly string[];
  /** When the token ends, ms. */
  readonly expiresAt: number;
}

/** Where a call came from, as far as the edge knows. */
export interface Caller {
  readonly session?: Session;
  /** Origin header; absent outside of browsers. */
  readonly origin?: string;
  /** Host header: an origin of this host is the gateway's own page. */
  readonly host?: string;
  /** Address of the peer, for rate limits. */
  readonly remote: string;
  readonly deadline: number;
  readonly transport: 'socket' | 'http' | 'grpc';
  readonly traceparent?: string | undefined;
}

/** The caller of a method that needs a token. */
export interface KnownCaller extends Caller {
  readonly session: Session;
}

/** Methods that the gateway carries out itself: like Handlers, but they see the token and the origin. */
export type GatewayHandlers<S extends ServiceName> = {
  readonly [M in keyof Client<S>]: Client<S>[M] extends (
    request: infer Req,
    context: RequestContext,
  ) => infer Res
    ? (request: Req, caller: Caller) => Res
    : never;
};

/**
 * Methods that answer with a stream. Resolves once the stream is open, rejects with ApiError when it cannot be. Iterating
 * throws the signal's reason, an ApiError, once the stream has to end.
 */
export type StreamHandlers<S extends ServiceName> = {
  readonly [M in keyof Streams<S>]: Streams<S>[M] extends {
    readonly request: infer Req;
    readonly response: infer Res;
  }
    ? (request: Req, caller: KnownCaller, signal: AbortSignal) => Promise<AsyncIterable<Res>>
    : never;
};

/** Narrows to a caller with a token. The role check has refused others before a handler runs. */
export const known = (caller: Caller): KnownCaller => {
  if (!caller.session) throw new Error('a method that needs a token was reached without one');
  return { ...caller, session: caller.session };
};

/**
 * The trace that a call belongs to: of programs with an API key their own, so that it goes on through the platform.
 * Browsers begin new ones: strangers must not decide what is recorded, or mix their traces with others'.
 */
export const traceOf = (session: Session | undefined, traceparent: unknown): string | undefined =>
  session?.principal.role === 'integration' && typeof traceparent === 'string'
    ? validTraceparent(traceparent)
    : undefined;

/** What travels on to the services. */
export const contextOf = ({ session, deadline, traceparent }: KnownCaller): RequestContext => ({
  tenant: session.tenant,
  principal: session.principal,
  deadline,
  ...(traceparent ? { traceparent } : {}),
});

/** The gateway acting on its own account for a tenant. */
export const systemContext = (tenant: string, deadline: number): RequestContext => ({
  tenant,
  principal: { role: 'system', id: 'gateway' },
  deadline,
});
