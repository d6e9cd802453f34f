import { AsyncLocalStorage } from 'node:async_hooks';
import { activeSpan } from './tracing.js';

/** What is worked on: whose call it is, and what was asked. Read only when a line is written. */
export interface Concern {
  readonly context: { readonly tenant: string; readonly traceparent?: string | undefined };
  readonly request?: unknown;
}

const concerns = new AsyncLocalStorage<Concern>();

/** Runs `work` so that every line logged on the way says which tenant, conversation and trace it concerns. */
export const concerning = <T>(concern: Concern, work: () => T): T => concerns.run(concern, work);

const ID = /^[A-Za-z0-9_-]{1,128}$/;

/** The fields that a line gets from where it is written; what it says itself comes before them. */
export const contextFields = (): Record<string, string> => {
  const concern = concerns.getStore();
  const span = activeSpan();
  const [, traceId, spanId] = concern?.context.traceparent?.split('-') ?? [];
  const fields: Record<string, string> = {};
  if (span) Object.assign(fields, { trace_id: span.traceId, span_id: span.spanId });
  else if (traceId && spanId) Object.assign(fields, { trace_id: traceId, span_id: spanId });
  if (!concern) return fields;
  if (concern.context.tenant) fields['tenant'] = concern.context.tenant;
  const { conversationId } = (concern.request ?? {}) as { conversationId?: unknown };
  if (typeof conversationId === 'string' && ID.test(conversationId))
    fields['conversationId'] = conversationId;
  return fields;
};
