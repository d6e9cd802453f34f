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
  const gone = new GoneAgents(
    {
      releaseAgent: async ({ conversationId, agentId, commandId }) => {
        asked.push(`${conversationId} ${agentId} ${commandId}`);
        if (asked.length === 1) throw unavailable('DOWN', 'not now');
        return { version: 1 };
      },
      informVisitor: async () => ({ version: 1 }),
    },
    new ManualClock(),
    logger,
  );
  // Without a socket for a moment; then offline by their own choice, but here.
  for (const here of [presence('ann', 'AVAILABLE', { online: false }), presence('ann', 'OFFLINE')]) {
    world.when(here);
    await gone.release('acme', world.state);
  }
  expect(asked).toEqual([]);
  world.when(presence('ann', 'OFFLINE', { online: false }));
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
