import { describe, expect, it } from '@jest/globals';
import { queueLiveAll, routing } from '@parley/contracts';
import { unavailable } from '@parley/kernel';
import { Topics } from '../sockets/topics.js';
import { RowTables } from './live-rows.js';

type Message = { subject: string; data: Uint8Array };

/** Tables over a source that the test answers itself. */
const world = () => {
  let listener: ((message: Message) => void) | undefined;
  const reads: PromiseWithResolvers<routing.QueueState[]>[] = [];
  const bus = {
    subscribe: (_subject: string, handler: (message: Message) => void) => {
      listener = handler;
      return { unsubscribe: () => (listener = undefined), drain: async () => undefined };
    },
  };
  const tables = new RowTables<routing.QueueState>(
    {
      codec: routing.QueueState,
      subject: queueLiveAll,
      keyOf: ({ queue }) => queue?.queueId ?? '',
      read: () => {
        const answer = Promise.withResolvers<routing.QueueState[]>();
        reads.push(answer);
        return answer.promise;
      },
    },
    new Topics(bus),
    async () => undefined,
  );
  const live = (queueId: string, data: Uint8Array) =>
    listener?.({ subject: `routing.live.acme.queue.${queueId}`, data });
  return {
    tables,
    /** The oldest read that was not answered; waits until it was asked. */
    answer: async (rows: Readonly<Record<string, number>>) => {
      while (reads.length === 0) await Promise.resolve();
      reads.shift()?.resolve(Object.entries(rows).map(([id, waiting]) => row(id, waiting)));
    },
    refuse: async () => {
      while (reads.length === 0) await Promise.resolve();
      reads.shift()?.reject(unavailable('GONE', 'not now'));
    },
    said: (id: string, waiting: number) => live(id, routing.QueueState.encode(row(id, waiting)).finish()),
    removed: (id: string) => live(id, new Uint8Array()),
    subscribed: () => listener !== undefined,
  };
};

const row = (queueId: string, waiting: number): routing.QueueState =>
  routing.QueueState.fromPartial({ queue: { queueId }, waiting });

describe('the rows of a tenant', () => {
  it('are read once, kept by live messages, and what a lost one left is mended by the next read', async () => {
    const { tables, answer, said, removed } = world();
    const told: string[] = [];
    const opened = tables.join('acme', (key) => told.push(key));
    await answer({ a: 1, b: 2, c: 3 });
    const { rows, leave } = await opened;
    const waiting = () => [...rows.keys()].map((key) => `${key}${rows.get(key)?.waiting}`).join(' ');
    expect(waiting()).toBe('a1 b2 c3');
    told.length = 0;
    said('a', 4);
    said('a', 4);
    removed('b');
    expect(told).toEqual(['a', 'b']);
    expect(waiting()).toBe('a4 c3');
    const repaired = rows.repair();
    await answer({ a: 4, d: 5 });
    await repaired;
    expect(told).toEqual(['a', 'b', 'd', 'c']);
    expect(waiting()).toBe('a4 d5');
    leave();
  });

  it('keep what was heard while they were read', async () => {
    const { tables, answer, said, removed } = world();
    const opened = tables.join('acme', () => undefined);
    await Promise.resolve();
    await answer({});
    const { rows, leave } = await opened;
    const repaired = rows.repair();
    said('a', 9);
    said('b', 1);
    removed('b');
    await answer({ a: 1, b: 1, c: 1 });
    await repaired;
    expect([...rows.keys()].toSorted().map((key) => rows.get(key)?.waiting)).toEqual([9, 1]);
    leave();
  });

  it('survive a read that fails later, refuse to open when the first one does, and are let go with the last', async () => {
    const { tables, answer, refuse, subscribed } = world();
    const refused = tables.join('acme', () => undefined);
    await refuse();
    await expect(refused).rejects.toThrow('not now');
    expect(subscribed()).toBe(false);

    const opened = tables.join('acme', () => undefined);
    await answer({ a: 1 });
    const first = await opened;
    const second = await tables.join('acme', () => undefined);
    expect(second.rows).toBe(first.rows);
    const repaired = first.rows.repair();
    await refuse();
    await repaired;
    expect([...first.rows.keys()]).toEqual(['a']);
    first.leave();
    expect(subscribed()).toBe(true);
    second.leave();
    expect(subscribed()).toBe(false);
  });
});
