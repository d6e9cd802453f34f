import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { conversation, type routing } from '@parley/contracts';
import { failedPrecondition, ManualClock, unavailable } from '@parley/kernel';
import { openStore, type Store } from '@parley/store';
import { eventually } from '@parley/testkit';
import { groupCommits } from './codec.js';
import type { RoutingState } from './domain.js';
import { Reactor } from './reactor.js';
import { createRoutingStore, type RoutingStore } from './store.js';
import { after, enter, given, queue, tick } from './testing/world.js';

const logger = { info: () => undefined, warn: () => undefined };

let folder: string;
let documents: Store;
let store: RoutingStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-reactor-'));
  documents = await openStore({ name: 'routing', durability: 'projection', folder });
  store = await createRoutingStore(documents);
});
afterEach(async () => {
  await documents.close();
  await rm(folder, { recursive: true, force: true });
});

/** A reactor over the log of a world, and what conversations have heard of it. */
const over = (state: RoutingState, before: number, events: readonly routing.RoutingEvent[]) => {
  const heard: string[] = [];
  const outcomes: string[] = [];
  let answer = (): Error | undefined => undefined;
  const hear = async ({ commandId }: { readonly commandId: string }) => {
    heard.push(commandId);
    const error = answer();
    if (error) throw error;
    return { version: 1 };
  };
  const commits = groupCommits('acme', [{ commandId: '', events }], before, 0);
  const reactor = new Reactor({
    conversations: { refuseTransfer: hear, requestMessage: hear, handToBot: hear, informVisitor: hear },
    domains: {
      of: async () => ({ read: async (_deadline, view) => view(state) }),
      tenants: () => ['acme'],
    },
    log: {
      load: async (_tenant, _id, after = 0) => ({
        commits: commits
          .map(({ commit }) => ({ commit, seq: 1, partition: 0 }))
          .filter(({ commit }) => commit.firstVersion + commit.events.length - 1 > after),
        head: { version: state.version, seq: 1 },
      }),
    },
    done: store.done,
    clock: new ManualClock(),
    logger,
    onOutcome: (kind, outcome) => outcomes.push(`${kind} ${outcome}`),
  });
  return { reactor, heard, outcomes, answers: (with_: () => Error | undefined) => (answer = with_) };
};

/** A chat that nobody takes: it leaves the queue for a message. */
const overflowing = () => {
  const world = given(queue('sales', { maxWaitSeconds: 10 }), enter('0-a'));
  const before = world.state.version;
  world.when(after(10));
  const events = world.when(tick).events.map((event) => ({ event }));
  expect(events.map(({ event }) => event?.$case)).toContain('overflowReached');
  return { world, before, events };
};

describe('what routing asks of conversations', () => {
  it('is asked at once, and never again once it is known to be done', async () => {
    const { world, before, events } = overflowing();
    const { reactor, heard, outcomes } = over(world.state, before, events);
    await store.done.upsertNewer([{ id: 'acme', version: before, at: 0 }]);
    reactor.takeOver('acme');
    reactor.committed('acme', events, world.state);
    await eventually(() => expect(outcomes).toContain('request_message done'));
    await eventually(async () => {
      await reactor.repeat();
      expect((await store.done.get('acme'))?.version).toBe(world.state.version);
    });
    const times = heard.length;
    await reactor.repeat();
    expect(heard).toHaveLength(times);
    expect(new Set(heard).size).toBe(1);
  });

  it('is asked again with the same id while nobody answers; what is refused is over', async () => {
    const { world, before, events } = overflowing();
    const { reactor, heard, outcomes, answers } = over(world.state, before, events);
    answers(() => unavailable('DOWN', 'down'));
    reactor.takeOver('acme');
    reactor.committed('acme', events, world.state);
    await eventually(() => expect(outcomes).toEqual(['request_message again']));
    answers(() => failedPrecondition('CLOSED', 'closed'));
    await eventually(async () => {
      await reactor.repeat();
      expect(reactor.open).toBe(0);
    });
    expect(outcomes.at(-1)).toBe('request_message refused');
    expect(new Set(heard).size).toBe(1);
  });

  it('is found in the log by the next owner when the last one died before it was done', async () => {
    const { world, before, events } = overflowing();
    await store.done.upsertNewer([{ id: 'acme', version: before, at: 0 }]);
    const { reactor, outcomes } = over(world.state, before, events);
    reactor.takeOver('acme');
    await eventually(async () => {
      await reactor.repeat();
      expect(outcomes).toEqual(['request_message done']);
    });
  });

  it('is not asked by the next owner when the chat waits again', async () => {
    const { world, before, events } = overflowing();
    world.when(
      enter('0-a', { sourceVersion: 7, reason: conversation.QueueEntered_Reason.REASON_BOT_HANDOVER }),
    );
    const { reactor, heard, outcomes } = over(world.state, before, events);
    reactor.takeOver('acme');
    await eventually(async () => {
      await reactor.repeat();
      expect(outcomes).toEqual(['request_message pointless']);
    });
    expect(heard).toEqual([]);
  });
});
