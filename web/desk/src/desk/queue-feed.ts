import type { Connection } from '@parley/client';
import { queueChanged, queueRemoved, type Queues, queuesRead } from '../state/queues.js';
import { createStore, type Store } from '../state/store.js';

export interface QueueFeed {
  readonly queues: Pick<Store<Queues>, 'get' | 'subscribe'>;
  /** Agents of any queue who can take a chat now; 0 before it is known. */
  readonly freeAgents: Pick<Store<number>, 'get' | 'subscribe'>;
  stop(): void;
}

/** Stands for the staff among the ids of queues, none of which is empty. */
const STAFF = '';

/** Follows the queues: all are read on every connect, and each is told live. */
export const followQueues = (connection: Pick<Connection, 'call' | 'on'>): QueueFeed => {
  const queues = createStore<Queues>(new Map());
  const freeAgents = createStore(0);
  /** Queues heard of live since the latest read was asked. */
  let heard = new Set<string>();
  const load = async (): Promise<void> => {
    const mine = (heard = new Set());
    const method = 'parley.routing.v1.RoutingService/ListQueues';
    const { queues: read = [], staff } = await connection.call(method, {});
    if (mine !== heard) return;
    queues.update((known) => queuesRead(known, read, mine));
    if (!mine.has(STAFF)) freeAgents.update(() => staff?.freeAgents ?? 0);
  };
  const leave = [
    // What fails here comes again with the next welcome, or live.
    connection.on('welcome', () => void load().catch(() => undefined)),
    connection.on('queueState', (state) => {
      if (state.queue?.queueId) heard.add(state.queue.queueId);
      queues.update((known) => queueChanged(known, state));
    }),
    connection.on('queueRemoved', ({ queueId }) => {
      if (!queueId) return;
      heard.add(queueId);
      queues.update((known) => queueRemoved(known, queueId));
    }),
    connection.on('staffState', (staff) => {
      heard.add(STAFF);
      freeAgents.update(() => staff.freeAgents ?? 0);
    }),
  ];
  return {
    queues,
    freeAgents,
    stop: () => {
      for (const each of leave) each();
    },
  };
};
