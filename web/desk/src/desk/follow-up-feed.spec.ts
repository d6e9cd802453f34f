import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { ConnectionEvents, conversation } from '@parley/client';
import { followFollowUps } from './follow-up-feed.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const DUE = '2031-01-01T09:00:00.000Z';

/** A feed over a connection whose answers and news are the test's. */
const world = () => {
  const listeners = new Map<string, (value: never) => void>();
  const listed = { followUps: [] as conversation.FollowUp[] };
  let asked = 0;
  const feed = followFollowUps({
    call: () => {
      asked++;
      return Promise.resolve({ ...listed });
    },
    on: (event: string, listener: (value: never) => void) => {
      listeners.set(event, listener);
      return () => void listeners.delete(event);
    },
  } as unknown as Parameters<typeof followFollowUps>[0]);
  const tell = <K extends keyof ConnectionEvents>(event: K, value: ConnectionEvents[K]) =>
    listeners.get(event)?.(value as never);
  return {
    feed,
    listed,
    asked: () => asked,
    rowTells: (row: conversation.InboxRow) => tell('inboxChanged', { row: { conversationId: 'c1', ...row } }),
    shown: () => feed.get().open?.map(({ conversationId, ownerId = '' }) => `${conversationId} ${ownerId}`),
  };
};

it('shows what a row told, also where the read model hears of it late', async () => {
  const { feed, listed, rowTells, shown } = world();
  rowTells({ followUpDueAt: DUE });
  await jest.advanceTimersByTimeAsync(2_000);
  expect(shown()).toEqual([]);
  listed.followUps = [{ conversationId: 'c1', dueAt: DUE }];
  await jest.advanceTimersByTimeAsync(4_000);
  expect(shown()).toEqual(['c1 ']);

  rowTells({ followUpDueAt: DUE, followUpOwnerId: 'ann' });
  await jest.advanceTimersByTimeAsync(2_000);
  listed.followUps = [{ conversationId: 'c1', dueAt: DUE, ownerId: 'ann' }];
  await jest.advanceTimersByTimeAsync(4_000);
  expect(shown()).toEqual(['c1 ann']);

  rowTells({});
  await jest.advanceTimersByTimeAsync(2_000);
  listed.followUps = [];
  await jest.advanceTimersByTimeAsync(4_000);
  expect(shown()).toEqual([]);
  feed.stop();
});

it('reads once what is there, and does not ask without end for what never comes', async () => {
  const { feed, listed, asked, rowTells } = world();
  listed.followUps = [{ conversationId: 'c1', dueAt: DUE }];
  rowTells({ followUpDueAt: DUE });
  await jest.advanceTimersByTimeAsync(20_000);
  expect(asked()).toBe(1);
  rowTells({ followUpDueAt: '2031-01-02T09:00:00.000Z' });
  await jest.advanceTimersByTimeAsync(35_000);
  expect(asked()).toBe(1 + 6);
  feed.stop();
});
