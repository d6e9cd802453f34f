import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  context,
  trace,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { TRACING, type RunningTracing } from './config.js';

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

const format = (span: Span): string => {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
};

/** A context whose parent span is the given traceparent; the active one when there is none or it is malformed. */
export const contextFrom = (traceparent: string | undefined): Context => {
  const match = traceparent === undefined ? null : PATTERN.exec(traceparent);
  if (!match) return context.active();
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: match[1]!,
    spanId: match[2]!,
    traceFlags: Number.parseInt(match[3]!, 16) & TraceFlags.SAMPLED,
    isRemote: true,
  });
};

export interface SpanOptions {
  readonly kind?: 'server' | 'client' | 'internal' | 'consumer' | 'producer';
  /** The caller's trace context; the active span is the parent without it. */
  readonly traceparent?: string;
  /** Never personal content. */
  readonly attributes?: Attributes;
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
  consumer: SpanKind.CONSUMER,
  producer: SpanKind.PRODUCER,
} as const;

/**
 * Runs `work` in a span and ends it with the outcome. `work` gets the traceparent to pass on: the new span's or, with
 * tracing off, the one that came in.
 */
export const withSpan = async <T>(
  name: string,
  options: SpanOptions,
  work: (traceparent: string | undefined) => Promise<T>,
): Promise<T> => {
  if (!tracingOn()) return work(options.traceparent);
  const parent = contextFrom(options.traceparent);
  const span = trace
    .getTracer('parley')
    .startSpan(name, { kind: kinds[options.kind ?? 'internal'], attributes: options.attributes }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => work(format(span)));
  } catch (error) {
    // The class only: messages of unknown errors may hold personal content.
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
    throw error;
  } finally {
    span.end();
  }
};
