import { expect, it } from '@jest/globals';
import type { ConnectionEvents, routing } from '@parley/client';
import { followQueues } from './queue-feed.js';

const row = (queueId: string, waiting: number): routing.QueueState => ({ queue: { queueId }, waiting });

/** A feed over a connection whose reads and news are the test's. */
const world = () => {
  const listeners = new Map<string, (value: never) => void>();
  const reads: PromiseWithResolvers<routing.ListQueuesResponse>[] = [];
  const feed = followQueues({
    call: () => {
      const read = Promise.withResolvers<routing.ListQueuesResponse>();
      reads.push(read);
      return read.promise;
    },
    on: (event, listener) => {
      listeners.set(event, listener);
      return () => void listeners.delete(event);
    },
  });
  return {
    feed,
    tell: <K extends keyof ConnectionEvents>(event: K, value: ConnectionEvents[K]) =>
      listeners.get(event)?.(value as never),
    /** Answers the n-th read. */
    answer: async (n: number, ...queues: routing.QueueState[]) => {
      reads[n]?.resolve({ queues, staff: { freeAgents: queues.length } });
      await reads[n]?.promise;
      await Promise.resolve();
    },
    waiting: () => [...feed.queues.get()].map(([id, { waiting }]) => `${id}${waiting}`).join(' '),
    listeners,
  };
};

it('forgets a queue that was removed, told live or found missing after a reconnect', async () => {
  const { feed, tell, answer, waiting, listeners } = world();
  tell('welcome', {});
  await answer(0, row('a', 1), row('b', 2), row('c', 3));
  expect(waiting()).toBe('a1 b2 c3');
  tell('queueRemoved', { queueId: 'b' });
  tell('queueRemoved', { queueId: 'unknown' });
  tell('queueState', row('c', 4));
  expect(waiting()).toBe('a1 c4');
  tell('welcome', {});
  await answer(1, row('a', 1));
  expect(waiting()).toBe('a1');
  feed.stop();
  expect(listeners.size).toBe(0);
});

it('lets live news win over a read that was asked before them, and the latest read over an earlier one', async () => {
  const { tell, answer, waiting } = world();
  tell('welcome', {});
  tell('queueState', row('a', 5));
  tell('queueState', row('gone', 1));
  tell('queueRemoved', { queueId: 'gone' });
  await answer(0, row('a', 1), row('b', 2), row('gone', 1));
  expect(waiting()).toBe('b2 a5');
  tell('welcome', {});
  tell('welcome', {});
  await answer(2, row('a', 7));
  await answer(1, row('a', 6), row('b', 2));
  expect(waiting()).toBe('a7');
});

it('says how many agents are free, as read and as told live', async () => {
  const { feed, tell, answer } = world();
  expect(feed.freeAgents.get()).toBe(0);
  tell('welcome', {});
  await answer(0, row('a', 1), row('b', 2));
  expect(feed.freeAgents.get()).toBe(2);
  tell('staffState', { freeAgents: 5 });
  expect(feed.freeAgents.get()).toBe(5);
  tell('staffState', {});
  expect(feed.freeAgents.get()).toBe(0);
  tell('welcome', {});
  tell('staffState', { freeAgents: 4 });
  await answer(1, row('a', 1));
  expect(feed.freeAgents.get()).toBe(4);
});
