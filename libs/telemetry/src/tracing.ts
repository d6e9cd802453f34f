import { ApiError, ErrorCode } from '@parley/kernel';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  context,
  trace,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { TRACING, type RunningTracing } from './config.js';
import type { SpanAttributes } from './span-attributes.js';

const PATTERN = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const started = globalThis as { [TRACING]?: RunningTracing };

/** True when the preload has started the OpenTelemetry SDK; everything here is a no-op otherwise. */
export const tracingOn = (): boolean => started[TRACING] !== undefined;

/** Sends the spans still waiting and ends tracing, before the process does. Never rejects. */
export const stopTracing = async (): Promise<void> => {
  const running = started[TRACING];
  delete started[TRACING];
  await running?.stop().catch(() => {}); // whoever receives traces is away: no reason to stay
};

/** The trace context as it came, if it is a well-formed `traceparent`. */
export const validTraceparent = (value: string | undefined): string | undefined =>
  value !== undefined && PATTERN.test(value) ? value : undefined;

const format = (span: Span): string => {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
};

/** The ids of the span that runs now; undefined outside of one or with tracing off. */
export const activeSpan = (): { readonly traceId: string; readonly spanId: string } | undefined =>
  tracingOn() ? trace.getActiveSpan()?.spanContext() : undefined;

/** The trace context to pass on by hand; undefined outside of a span or with tracing off. */
export const activeTraceparent = (): string | undefined => {
  const span = tracingOn() ? trace.getActiveSpan() : undefined;
  return span && format(span);
};

/** A context whose parent span is the given traceparent; the active one when there is none or it is malformed. */
const contextFrom = (traceparent: string | undefined): Context => {
  const match = traceparent === undefined ? null : PATTERN.exec(traceparent);
  if (!match) return context.active();
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: match[1]!,
    spanId: match[2]!,
    traceFlags: Number.parseInt(match[3]!, 16) & TraceFlags.SAMPLED,
    isRemote: true,
  });
};

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
  consumer: SpanKind.CONSUMER,
  producer: SpanKind.PRODUCER,
} as const;

export interface SpanOptions {
  readonly kind: keyof typeof kinds;
  /** The caller's trace context; the active span is the parent without it. */
  readonly traceparent?: string | undefined;
  readonly attributes?: SpanAttributes;
  /** Trace contexts of what this belongs to as well: commands that were decided together. */
  readonly links?: readonly string[];
  /** Begins a trace where there is none to go on with. What the platform does by itself (polling, upkeep) does not. */
  readonly begins?: boolean;
}

/** A span that has begun, for work that is no promise of its own. */
export interface OpenSpan {
  /** The trace context to pass on. */
  readonly traceparent: string;
  /** Runs `work` as what happens in the span. */
  run<T>(work: () => T): T;
  /** Ends it: well, or with what went wrong. */
  end(failure?: unknown, attributes?: SpanAttributes): void;
}

/** Begins a span; undefined with tracing off, or when there is no trace to go on with and it begins none. */
export const openSpan = (name: string, options: SpanOptions): OpenSpan | undefined => {
  if (!tracingOn()) return undefined;
  const parent = contextFrom(options.traceparent);
  if (!options.begins && !trace.getSpanContext(parent)) return undefined;
  const { kind, attributes, links = [] } = options;
  const others = links.flatMap((link) => trace.getSpanContext(contextFrom(link)) ?? []);
  const span = trace.getTracer('parley').startSpan(
    name,
    {
      kind: kinds[kind],
      ...(attributes ? { attributes } : {}),
      ...(others.length > 0 ? { links: others.map((other) => ({ context: other })) } : {}),
    },
    parent,
  );
  const own = trace.setSpan(parent, span);
  return {
    traceparent: format(span),
    run: (work) => context.with(own, work),
    end: (failure, more) => {
      if (span.isRecording()) {
        if (more) span.setAttributes(more);
        if (failure !== undefined) fail(span, kind, failure);
        else if (attributes?.['rpc.method']) span.setAttribute('rpc.response.status_code', 'OK');
      }
      span.end();
    },
  };
};

/**
 * Runs `work` in a span and ends it with the outcome. `work` gets the trace context to pass on: the new span's or, where
 * there is none, what came in.
 */
export const withSpan = async <T>(
  name: string,
  options: SpanOptions,
  work: (traceparent: string | undefined) => Promise<T>,
): Promise<T> => {
  const span = openSpan(name, options);
  if (!span) return work(options.traceparent);
  try {
    const result = await span.run(() => work(span.traceparent));
    span.end();
    return result;
  } catch (error) {
    span.end(error ?? new Error('unknown'));
    throw error;
  }
};

/** gRPC's names of the codes. */
const names = new Map<number, string>(
  Object.entries(ErrorCode).map(([name, code]) => [
    code,
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
  ]),
);

/** Of what a server answers, only these are its own failure; the others are the caller's mistake, by convention. */
const SERVER_FAULTS: ReadonlySet<number> = new Set([
  ErrorCode.unknown,
  ErrorCode.deadlineExceeded,
  ErrorCode.unimplemented,
  ErrorCode.internal,
  ErrorCode.unavailable,
  ErrorCode.dataLoss,
]);

/** Reason or class only: messages may hold what somebody wrote. */
const fail = (span: Span, kind: SpanOptions['kind'], failure: unknown): void => {
  if (!(failure instanceof ApiError)) {
    const type = failure instanceof Error ? failure.name : 'error';
    span.setAttribute('error.type', type);
    span.setStatus({ code: SpanStatusCode.ERROR, message: type });
    return;
  }
  const code = names.get(failure.code) ?? 'UNKNOWN';
  const reason = failure.details.reason ?? code;
  span.setAttributes({ 'rpc.response.status_code': code, 'error.type': reason });
  if (kind !== 'server' || SERVER_FAULTS.has(failure.code))
    span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
};
