import { expect, it } from '@jest/globals';
import { ManualClock, unavailable } from '@parley/kernel';
import { GoneAgents } from './gone-agents.js';
import { accept, after, agent, enter, given, presence, queue } from './testing/world.js';

const logger = { info: () => undefined, warn: () => undefined };

it('takes agents who are gone for good out of their chats, and nobody else', async () => {
  const world = given(queue('sales'), agent('ann', ['sales']), presence('ann'), enter('0-a'), enter('0-b'));
  const offers = [world.offerOf('0-a'), world.offerOf('0-b')] as const;
  for (const offer of offers) world.when(accept(offer, 'ann'));
  const asked: string[] = [];
  const clock = new ManualClock(world.now());
  const gone = new GoneAgents(
    {
      releaseAgent: async ({ conversationId, agentId, commandId }) => {
        asked.push(`${conversationId} ${agentId} ${commandId}`);
        if (asked.length === 1) throw unavailable('DOWN', 'not now');
        return { version: 1 };
      },
      informVisitor: async () => ({ version: 1 }),
    },
    clock,
    logger,
  );
  // Without a socket for a moment; then offline by their own choice, but here.
  const now = BigInt(clock.now());
  const moment = presence('ann', 'AVAILABLE', { online: false, revision: now });
  for (const here of [moment, presence('ann', 'OFFLINE', { revision: now + 1n })]) {
    world.when(here);
    await gone.release('acme', world.state);
  }
  expect(asked).toEqual([]);
  world.when(presence('ann', 'OFFLINE', { online: false, revision: now + 2n }));
  await gone.release('acme', world.state);
  expect(asked).toEqual([`0-a ann ${offers[0]}-gone`, `0-b ann ${offers[1]}-gone`]);
});

it('leaves a chat for the grace time with a supervisor who took it over without being connected', async () => {
  const world = given(queue('sales', { disconnectGraceSeconds: 20 }), enter('0-a'));
  world.when(after(5));
  world.when({ kind: 'startAssignment', conversationId: '0-a', agentId: 'sue', weight: 0, sourceVersion: 3 });
  const asked: string[] = [];
  const clock = new ManualClock(world.now());
  const gone = new GoneAgents(
    {
      releaseAgent: async ({ conversationId, agentId }) => {
        asked.push(`${conversationId} ${agentId}`);
        return { version: 1 };
      },
      informVisitor: async () => ({ version: 1 }),
    },
    clock,
    logger,
  );
  await gone.release('acme', world.state);
  clock.advance(19_999);
  await gone.release('acme', world.state);
  expect(asked).toEqual([]);
  clock.advance(1);
  await gone.release('acme', world.state);
  expect(asked).toEqual(['0-a sue']);
});

it('counts the grace time from when the agent was gone, also in a process that takes the domain over', async () => {
  const world = given(
    queue('sales', { disconnectGraceSeconds: 20 }),
    agent('ann', ['sales']),
    presence('ann'),
    enter('0-a'),
  );
  world.when(accept(world.offerOf('0-a'), 'ann'));
  const clock = new ManualClock(world.now());
  world.when(presence('ann', 'AVAILABLE', { online: false, revision: BigInt(clock.now()) }));
  const asked: string[] = [];
  const calls = {
    releaseAgent: async ({ conversationId }: { conversationId: string }) => {
      asked.push(conversationId);
      return { version: 1 };
    },
    informVisitor: async () => ({ version: 1 }),
  };
  clock.advance(19_999);
  await new GoneAgents(calls, clock, logger).release('acme', world.state);
  expect(asked).toEqual([]);
  clock.advance(1);
  await new GoneAgents(calls, clock, logger).release('acme', world.state);
  expect(asked).toEqual(['0-a']);
});
