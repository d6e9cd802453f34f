import { expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import { ApiError, type RequestContext } from '@parley/kernel';
import type { Command } from '../domain.js';
import { agent, given, queue, team } from '../testing/world.js';
import { configHandlers } from './config.js';

const context: RequestContext = {
  tenant: 't',
  principal: { id: 'admin1', role: 'admin' },
  deadline: Number.MAX_SAFE_INTEGER,
};

const api = (...more: Command[]) => {
  const world = given(queue('sales'), ...more);
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

it('refuses a weight that no agent has the capacity for', async () => {
  const put = (weight: number, ...agents: Command[]) =>
    api(...agents).putRoutingSettings(
      routing.PutRoutingSettingsRequest.fromPartial({ commandId: 'c', channelWeights: { API: weight } }),
      context,
    );
  const tooHeavy = (most: number) => ({
    details: {
      violations: [
        {
          field: 'channelWeights.API',
          description: expect.stringContaining(`write ${most} or less, such as 1`),
        },
      ],
    },
  });
  // With the usual capacity, which is 4.
  const usual = [agent('ann', ['sales'], { capacity: 0 }), agent('bob', ['sales'], { capacity: 1 })];
  await expect(put(15, ...usual)).rejects.toMatchObject(tooHeavy(4));
  expect((await put(4, ...usual)).settings?.channelWeights).toEqual({ API: 4 });
  const limited = [team('few', { maxUsed: 3 }), agent('ann', ['sales'], { capacity: 9, teamId: 'few' })];
  await expect(put(4, ...limited)).rejects.toMatchObject(tooHeavy(3));
  // A new agent's ramp is over some day.
  const ramped = [
    team('new', { rampShifts: 5, rampCapacity: 1 }),
    agent('ann', ['sales'], { teamId: 'new' }),
  ];
  expect((await put(2, ...ramped)).settings?.channelWeights).toEqual({ API: 2 });
  // Who will be there nobody knows yet.
  expect((await put(15)).settings?.channelWeights).toEqual({ API: 15 });
});
