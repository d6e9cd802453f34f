import type { Connection } from '@parley/client';
import type { Queues } from '../state/queues.js';
import { createStore, type Store } from '../state/store.js';
import { serverNow } from './clock.js';

/** After-chat work of the viewer; `until`: when it ends by itself, ms. */
export interface WrapUp {
  readonly conversationId: string;
  readonly until: number;
}

export interface WrapUps extends Pick<Store<readonly WrapUp[]>, 'get' | 'subscribe'> {
  /** Ends one now. Rejects with an ApiError. */
  end(conversationId: string): Promise<void>;
  /** Forgets what is over. */
  tick(): void;
  stop(): void;
}

/** Routing hears of a chat's end a moment after the desk does: it is asked so long after, ms. */
const ASKED_AFTER_MS = [400, 1_500, 4_000];

/** Follows the viewer's after-chat work: read on every connect, and when a chat of theirs has ended. */
export const followWrapUps = (
  connection: Connection,
  userId: string,
  queues: Pick<Store<Queues>, 'get'>,
): WrapUps => {
  const store = createStore<readonly WrapUp[]>([]);
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const mine = new Set<string>();
  const load = async (): Promise<void> => {
    const { agents = [] } = await connection.call('parley.routing.v1.RoutingService/ListAgents', {});
    const own = agents.find(({ agent }) => agent?.agentId === userId);
    const found = (own?.wrapUps ?? []).flatMap(({ conversationId, until }) =>
      conversationId && until ? [{ conversationId, until: Date.parse(until) }] : [],
    );
    store.update(() => found);
  };
  // What fails here comes again with the next chat, or with the next welcome.
  const ask = (): void => void load().catch(() => undefined);
  const leave = [
    connection.on('welcome', ask),
    connection.on('inboxChanged', ({ row }) => {
      const { conversationId = '', agentIds = [], closedAt, queueId = '' } = row ?? {};
      const within = agentIds.includes(userId) && !closedAt;
      if (within) mine.add(conversationId);
      if (within || !mine.delete(conversationId)) return;
      for (const wait of ASKED_AFTER_MS) {
        const timer = setTimeout(() => {
          timers.delete(timer);
          // By now: what has just been changed of a queue is told a moment later.
          if (queues.get().get(queueId)?.queue?.wrapUpSeconds) ask();
        }, wait);
        timers.add(timer);
      }
    }),
    connection.on('inboxResync', ({ rows = [] }) => {
      for (const { conversationId = '', agentIds = [], closedAt } of rows)
        if (agentIds.includes(userId) && !closedAt) mine.add(conversationId);
    }),
  ];
  const forget = (over: (one: WrapUp) => boolean): void =>
    store.update((known) => (known.some(over) ? known.filter((one) => !over(one)) : known));
  return {
    get: store.get,
    subscribe: store.subscribe,
    end: async (conversationId) => {
      forget((one) => one.conversationId === conversationId);
      try {
        await connection.call('parley.routing.v1.RoutingService/EndWrapUp', { conversationId });
      } catch (error) {
        ask();
        throw error;
      }
    },
    tick: () => forget(({ until }) => until <= serverNow()),
    stop: () => {
      for (const each of leave) each();
      for (const timer of timers) clearTimeout(timer);
    },
  };
};
