import type { Connection } from '@parley/client';
import { queueChanged, queueRemoved, type Queues, queuesRead } from '../state/queues.js';
import { createStore, type Store } from '../state/store.js';

export interface QueueFeed {
  readonly queues: Pick<Store<Queues>, 'get' | 'subscribe'>;
  stop(): void;
}

/** Follows the queues: all are read on every connect, and each is told live. */
export const followQueues = (connection: Pick<Connection, 'call' | 'on'>): QueueFeed => {
  const queues = createStore<Queues>(new Map());
  /** Queues heard of live since the latest read was asked. */
  let heard = new Set<string>();
  const load = async (): Promise<void> => {
    const mine = (heard = new Set());
    const { queues: read = [] } = await connection.call('parley.routing.v1.RoutingService/ListQueues', {});
    if (mine === heard) queues.update((known) => queuesRead(known, read, mine));
  };
  const leave = [
    // What fails here comes again with the next welcome, or live.
    connection.on('welcome', () => void load().catch(() => undefined)),
    connection.on('queueState', (state) => {
      heard.add(state.queue?.queueId ?? '');
      queues.update((known) => queueChanged(known, state));
    }),
    connection.on('queueRemoved', ({ queueId = '' }) => {
      heard.add(queueId);
      queues.update((known) => queueRemoved(known, queueId));
    }),
  ];
  return {
    queues,
    stop: () => {
      for (const each of leave) each();
    },
  };
};
