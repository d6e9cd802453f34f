import { expect, it } from '@jest/globals';
import { ManualClock, unavailable } from '@parley/kernel';
import { GoneAgents } from './gone-agents.js';
import { accept, agent, enter, given, presence, queue } from './testing/world.js';

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
