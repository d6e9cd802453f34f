import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { ConnectionEvents, routing } from '@parley/client';
import type { Queues } from '../state/queues.js';
import { createStore } from '../state/store.js';
import { followWrapUps } from './wrap-ups.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** After-chat work of Ann over a connection whose answers and news are the test's. */
const world = () => {
  const listeners = new Map<string, (value: never) => void>();
  const queues = createStore<Queues>(new Map());
  let agents: routing.AgentState[] = [];
  let asked = 0;
  const wrapUps = followWrapUps(
    {
      call: () => {
        asked++;
        return Promise.resolve({ agents });
      },
      on: (event: string, listener: (value: never) => void) => {
        listeners.set(event, listener);
        return () => void listeners.delete(event);
      },
    } as unknown as Parameters<typeof followWrapUps>[0],
    'ann',
    queues,
  );
  const tell = <K extends keyof ConnectionEvents>(event: K, value: ConnectionEvents[K]) =>
    listeners.get(event)?.(value as never);
  return {
    wrapUps,
    asked: () => asked,
    /** Ann is in a chat of the queue, and it ends. */
    chatEnds: () => {
      const row = { conversationId: 'c1', queueId: 'q', agentIds: ['ann'] };
      tell('inboxChanged', { row });
      tell('inboxChanged', { row: { ...row, closedAt: '2026-01-05T09:00:00Z' } });
    },
    tellQueue: (wrapUpSeconds: number) =>
      queues.update(() => new Map([['q', { queue: { queueId: 'q', wrapUpSeconds } }]])),
    routingHas: (until: string) => {
      agents = [{ agent: { agentId: 'ann' }, wrapUps: [{ conversationId: 'c1', until }] }];
    },
  };
};

it('is asked for after a chat of a queue that has it, also where that is told only after the chat’s end', async () => {
  const { wrapUps, chatEnds, tellQueue, routingHas } = world();
  tellQueue(0);
  chatEnds();
  tellQueue(120);
  routingHas('2031-01-01T00:00:00Z');
  await jest.advanceTimersByTimeAsync(5_000);
  expect(wrapUps.get()).toEqual([{ conversationId: 'c1', until: Date.parse('2031-01-01T00:00:00Z') }]);
  wrapUps.stop();
});

it('is not asked for after a chat of a queue without', async () => {
  const { wrapUps, asked, chatEnds, tellQueue } = world();
  tellQueue(0);
  chatEnds();
  await jest.advanceTimersByTimeAsync(5_000);
  expect(asked()).toBe(0);
  wrapUps.stop();
});
