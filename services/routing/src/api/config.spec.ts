import { expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import { ApiError, type RequestContext } from '@parley/kernel';
import { given, queue } from '../testing/world.js';
import { configHandlers } from './config.js';

const context: RequestContext = {
  tenant: 't',
  principal: { id: 'admin1', role: 'admin' },
  deadline: Number.MAX_SAFE_INTEGER,
};

it('refuses an agent with a skill that there is not, at its field and with one that there is', async () => {
  const world = given(queue('sales'));
  const handlers = configHandlers({
    writer: async () => ({
      execute: async (command, _commandId, _deadline, view) => {
        const { error } = world.when(command);
        if (error) throw new ApiError(9, error);
        return view(world.state);
      },
      read: async (_deadline, view) => view(world.state),
    }),
  });
  const skill = { commandId: 'c', skillId: 'billing', name: 'Billing', expectedVersion: 0 };
  const put = (skills: Record<string, number>) =>
    handlers.putAgent(
      routing.PutAgentRequest.fromPartial({ commandId: 'c', agentId: 'ann', name: 'Ann', skills }),
      context,
    );
  await expect(put({ billing: 3 })).rejects.toMatchObject({
    details: { violations: [{ field: 'skills.billing', description: expect.stringContaining('PutSkill') }] },
  });
  await handlers.putSkill(skill, context);
  expect((await put({ billing: 3 })).agent?.skills).toEqual({ billing: 3 });
  await expect(put({ biling: 3 })).rejects.toMatchObject({
    details: { violations: [{ field: 'skills.biling', description: expect.stringContaining('"billing"') }] },
  });
});
