import type { LogName } from '@parley/contracts';
import { openSpan, tracingOn, type OpenSpan, type SpanAttributes } from '@parley/telemetry';
import type { Commit, Run } from './types.js';

/** Commits older than this are read again, not new: a rebuilt projection does not add to traces that ended long ago. */
const NEW_FOR_MS = 15 * 60_000;

/** What spans tell of a commit. */
export const commitAttributes = (log: LogName, commit: Commit): SpanAttributes => ({
  'messaging.system': 'nats',
  'messaging.destination.name': log,
  'parley.tenant': commit.tenant,
  'parley.version': commit.firstVersion,
  ...(log === 'conversation' ? { 'parley.conversation': commit.aggregateId } : {}),
});

/**
 * Begins the span of an append, below the command's (`commit.traceparent`, as it came in) and with links to others that
 * share the commit. Its own trace context is to stand in the commit, so that all who read it go on from there.
 */
export const openAppend = (
  log: LogName,
  partition: number,
  commit: Commit,
  links: readonly string[] = [],
): OpenSpan | undefined =>
  commit.traceparent === '' || !tracingOn()
    ? undefined
    : openSpan(`append ${log}`, {
        kind: 'producer',
        traceparent: commit.traceparent,
        links,
        attributes: {
          ...commitAttributes(log, commit),
          'messaging.operation.name': 'append',
          'messaging.operation.type': 'send',
          'messaging.destination.partition.id': String(partition),
        },
      });

/** Whether somebody records this trace: the flag at its end. */
const isSampled = (traceparent: string): boolean => /-[0-9a-f][13579bdf]$/.test(traceparent);

export interface Processing {
  readonly log: LogName;
  readonly partition: number;
  readonly projection: string;
  readonly now: number;
}

/**
 * Runs `apply` with a span for each commit that is traced, below the span of its append. Runs then carry the context of
 * their last span, for calls that they lead to. A batch shares its time: each of its spans lasts as long as all of it,
 * and says how many there were.
 */
export const processTraced = async (
  { log, partition, projection, now }: Processing,
  runs: readonly Run[],
  apply: (runs: readonly Run[]) => Promise<void>,
): Promise<void> => {
  const count = runs.reduce((sum, run) => sum + run.commits.length, 0);
  const spans: OpenSpan[] = [];
  const traced = runs.map((run) => {
    let traceparent: string | undefined;
    for (const { commit } of run.commits) {
      if (!isSampled(commit.traceparent) || now - (commit.time?.getTime() ?? 0) > NEW_FOR_MS) continue;
      const span = openSpan(`process ${log}`, {
        kind: 'consumer',
        traceparent: commit.traceparent,
        attributes: {
          ...commitAttributes(log, commit),
          'messaging.operation.name': 'process',
          'messaging.operation.type': 'process',
          'messaging.destination.partition.id': String(partition),
          'messaging.consumer.group.name': projection,
          'messaging.batch.message_count': count,
        },
      });
      if (!span) continue;
      spans.push(span);
      traceparent = span.traceparent;
    }
    return traceparent === undefined ? run : { ...run, traceparent };
  });
  try {
    await (spans.length === 1 ? spans[0]!.run(() => apply(traced)) : apply(traced));
    for (const span of spans) span.end();
  } catch (error) {
    for (const span of spans) span.end(error ?? new Error('unknown'));
    throw error;
  }
};
