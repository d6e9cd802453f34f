import { agentLiveAll, queueLiveAll, routing, type Client } from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import { systemContext, type StreamHandlers } from '../edge/call.js';
import type { Topics } from '../sockets/topics.js';
import { RowTables, type LiveRows } from './live-rows.js';
import { RowChanges } from './row-changes.js';

const READ_MS = 10_000;

export interface WatchOptions {
  readonly routing: Pick<Client<'parley.routing.v1.RoutingService'>, 'listQueues' | 'listAgents'>;
  readonly topics: Topics;
  /** Resolves once a subscription made before it is in force. */
  readonly flush: () => Promise<void>;
  readonly clock: Clock;
}

/** One message of a stream of rows. */
interface RowMessage<Row> {
  /** Absent when `complete` has no row to go with. */
  readonly row: Row | undefined;
  readonly removed: boolean;
  readonly complete: boolean;
}

/** The streams of parley.routing.v1.RoutingService, and how to read everything again after a lost connection. */
export const watchStreams = ({ routing: service, topics, flush, clock }: WatchOptions) => {
  const context = (tenant: string) => systemContext(tenant, clock.now() + READ_MS);
  const queues = new RowTables<routing.QueueState>(
    {
      codec: routing.QueueState,
      subject: queueLiveAll,
      keyOf: ({ queue }) => queue?.queueId ?? '',
      read: async (tenant) => (await service.listQueues({}, context(tenant))).queues,
    },
    topics,
    flush,
  );
  const agents = new RowTables<routing.AgentState>(
    {
      codec: routing.AgentState,
      subject: agentLiveAll,
      keyOf: ({ agent }) => agent?.agentId ?? '',
      read: async (tenant) => (await service.listAgents({}, context(tenant))).agents,
    },
    topics,
    flush,
  );

  const handlers: StreamHandlers<'parley.routing.v1.RoutingService'> = {
    watchQueues: async ({ queueIds }, { session }, signal) => {
      const wanted = new Set(queueIds);
      return messages(queues, session.tenant, clock, signal, {
        shows: ({ queue }) => wanted.size === 0 || wanted.has(queue?.queueId ?? ''),
        blank: (queueId) => routing.QueueState.fromPartial({ queue: { queueId } }),
        message: ({ row: queue, ...rest }) => ({ queue, ...rest }),
      });
    },
    watchAgents: async ({ teamId }, { session }, signal) =>
      messages(agents, session.tenant, clock, signal, {
        shows: ({ agent }) => teamId === '' || agent?.teamId === teamId,
        blank: (agentId) => routing.AgentState.fromPartial({ agent: { agentId } }),
        message: ({ row: agent, ...rest }) => ({ agent, ...rest }),
      }),
  };
  return {
    handlers,
    repair: () => {
      queues.repair();
      agents.repair();
    },
  };
};

interface View<Row, Message> {
  /** Whether the caller asked for this row. */
  readonly shows: (row: Row) => boolean;
  /** What is told of a row that is gone. */
  readonly blank: (key: string) => Row;
  readonly message: (message: RowMessage<Row>) => Message;
}

/** Opens a stream of a tenant's rows; rejects when they cannot be read. Its iteration ends with the signal's reason. */
const messages = async <Row, Message>(
  tables: RowTables<Row>,
  tenant: string,
  clock: Clock,
  signal: AbortSignal,
  view: View<Row, Message>,
): Promise<AsyncIterable<Message>> => {
  let changes: RowChanges | undefined;
  let wake = (): void => undefined;
  const { rows, leave } = await tables.join(tenant, (key) => {
    changes?.changed(key);
    wake();
  });
  // Left also when nobody comes to iterate: the client may be gone already.
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  signal.throwIfAborted();

  const turns = (changes = new RowChanges(rows.keys()));
  const somethingToDo = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    const at = turns.wakeAt();
    const timer = at === undefined ? undefined : setTimeout(resolve, Math.max(0, at - clock.now()));
    const onAbort = (): void => resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    await promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  };
  return iterate(rows, turns, somethingToDo, view, { clock, signal });
};

async function* iterate<Row, Message>(
  rows: LiveRows<Row>,
  turns: RowChanges,
  somethingToDo: () => Promise<void>,
  { shows, blank, message }: View<Row, Message>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<Message> {
  const shown = new Set<string>();
  if (turns.none) yield message({ row: undefined, removed: false, complete: true });
  for (;;) {
    signal.throwIfAborted();
    const turn = turns.take(clock.now());
    if (!turn) {
      await somethingToDo();
      continue;
    }
    const { key, complete } = turn;
    const row = rows.get(key);
    if (row !== undefined && shows(row)) {
      shown.add(key);
      yield message({ row, removed: false, complete });
    } else if (shown.delete(key)) yield message({ row: blank(key), removed: true, complete });
    else if (complete) yield message({ row: undefined, removed: false, complete });
  }
}
