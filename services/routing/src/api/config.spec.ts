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

const api = () => {
  const world = given(queue('sales'));
  return configHandlers({
    writer: async () => ({
      execute: async (command, _commandId, _deadline, view) => {
        const { error } = world.when(command);
        if (error) throw new ApiError(9, error);
        return view(world.state);
      },
      read: async (_deadline, view) => view(world.state),
    }),
  });
};

it('refuses an agent with a skill that there is not, at its field and with one that there is', async () => {
  const handlers = api();
  const skill = routing.PutSkillRequest.fromPartial({ commandId: 'c', skillId: 'billing', name: 'Billing' });
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

it('refuses an agent with a language that no chat could be in', async () => {
  const put = (...languages: string[]) =>
    api().putAgent(
      routing.PutAgentRequest.fromPartial({ commandId: 'c', agentId: 'ann', name: 'Ann', languages }),
      context,
    );
  for (const wrong of ['German', '', 'de_DE', 'd', 'de-'])
    await expect(put('en', wrong)).rejects.toMatchObject({
      details: { violations: [{ field: 'languages[1]', description: expect.stringContaining('"en-GB"') }] },
    });
  expect((await put('de', 'en-GB', 'zh-Hant-TW')).agent?.languages).toEqual(['de', 'en-GB', 'zh-Hant-TW']);
});

it('refuses a weight for a channel that there is not', async () => {
  const put = (channelWeights: Record<string, number>) =>
    api().putRoutingSettings(
      routing.PutRoutingSettingsRequest.fromPartial({ commandId: 'c', channelWeights }),
      context,
    );
  await expect(put({ WEB_CHAT: 2, web_chat: 2 })).rejects.toMatchObject({
    details: {
      violations: [
        { field: 'channelWeights.web_chat', description: expect.stringContaining('WEB_CHAT or API') },
      ],
    },
  });
  expect((await put({ WEB_CHAT: 2 })).settings?.channelWeights).toEqual({ WEB_CHAT: 2 });
});
