import { messageSchemas, routing } from '@parley/contracts';
import { UnknownEventError, type Commit } from '@parley/eventlog';
import { ENGINE_VERSION } from './domain.js';

/** Name of a tenant's routing domain: one at present; a very large tenant may get several. */
export const DOMAIN_ID = 'main';
/** The event types of this release. */
export const EVENT_TYPES: readonly string[] = (messageSchemas['parley.routing.v1.RoutingEvent'] ?? []).map(
  ({ name }) => name,
);
/** Events of one commit, encoded, bytes; well below the server's limit of a message. */
const LARGEST_COMMIT = 400_000;

/** A command's events with its id, on their way into the log. */
export interface Decided {
  readonly commandId: string;
  readonly events: readonly routing.RoutingEvent[];
  /** Trace context of the command. */
  readonly traceparent?: string | undefined;
}

/** A commit with the events in it. */
export interface NewCommit {
  readonly commit: Commit;
  readonly events: readonly routing.RoutingEvent[];
  /** Trace contexts of its commands beside the first, which stands in the commit. */
  readonly links: readonly string[];
}

/** The events of a commit. Throws UnknownEventError when one is of a newer release. */
export const eventsOf = (commit: Commit): routing.RoutingEvent[] =>
  commit.events.map((bytes) => {
    const event = routing.RoutingEvent.decode(bytes);
    if (!event.event)
      throw new UnknownEventError(`routing of ${commit.tenant} holds an event of a newer release`);
    return event;
  });

/**
 * What was decided together as few commits as their size allows. A command's id stands in the commit of its last
 * event: a command that was cut short by a crash is carried out again.
 */
export const groupCommits = (
  tenant: string,
  decided: readonly Decided[],
  version: number,
  time: number,
): NewCommit[] => {
  const commits: NewCommit[] = [];
  let open = {
    ids: [] as string[],
    events: [] as routing.RoutingEvent[],
    bytes: [] as Buffer[],
    size: 0,
    traces: [] as string[],
  };
  let next = version + 1;
  const close = (): void => {
    if (open.events.length === 0) return;
    const { ids, events, bytes, traces } = open;
    const [traceparent = '', ...links] = traces;
    const commit: Commit = {
      tenant,
      aggregateId: DOMAIN_ID,
      firstVersion: next,
      time: new Date(time),
      commandId: ids[0] ?? '',
      commandIds: ids,
      events: bytes,
      engineVersion: ENGINE_VERSION,
      actor: undefined,
      traceparent,
    };
    commits.push({ commit, events, links });
    next += events.length;
    open = { ids: [], events: [], bytes: [], size: 0, traces: [] };
  };
  for (const { commandId, events, traceparent } of decided) {
    for (const event of events) {
      const bytes = Buffer.from(routing.RoutingEvent.encode(event).finish());
      if (open.size > 0 && open.size + bytes.length > LARGEST_COMMIT) close();
      open.events.push(event);
      open.bytes.push(bytes);
      open.size += bytes.length;
    }
    if (commandId && events.length > 0) open.ids.push(commandId);
    if (traceparent && events.length > 0) open.traces.push(traceparent);
  }
  close();
  return commits;
};
