import assert from 'node:assert/strict';
import { newId, type routingEvents as routing } from '@parley/client';
import { eventually } from '@parley/testkit';
import { saved, section } from '../administration.js';
import type { Desk } from '../desk.js';
import { deskOf } from '../people.js';
import type { Scene } from '../story.js';

type Target = NonNullable<routing.Filter['targets']>[number];

const ROUTING = 'parley.routing.v1.RoutingService';
const LONG = { timeoutMs: 30_000 };

/** The admin's desk, from the first of these scenes on. */
let ada: Desk;

/** What holds for teams and channels, and the way back to an earlier workflow. */
export const limits: readonly Scene[] = [
  {
    name: 'a team with limits is made, not over the one that somebody else has just made, and gets a member',
    play: async ({ world, look }) => {
      ada = await deskOf(world, 'admin');
      const { page } = ada;
      await ada.go('Administration');
      await section(page, 'Teams');
      await page.getByRole('button', { name: 'Add team' }).click();
      await page.getByLabel('Name', { exact: true }).fill('Campers');
      await page.getByLabel('Capacity of the whole team').fill('40');
      await page.getByLabel('Slow replies').fill('60');
      await page.getByLabel('First shifts').fill('5');
      await page.getByLabel('Capacity in these').fill('2');
      await world.call(`${ROUTING}/PutTeam`, {
        commandId: 'e2e-other',
        teamId: 'campers',
        name: 'Camp site',
      });
      await page.getByRole('button', { name: 'Create' }).click();
      await page
        .locator('.form-field[data-wrong="true"]', { hasText: 'Something else has this id' })
        .waitFor();
      await look.at(page, 'admin-id-taken', { phone: true });
      await page.getByLabel('Id', { exact: true }).fill('tent-people');
      await page.getByRole('button', { name: 'Create' }).click();
      await saved(page, 'Campers');
      await look.at(page, 'admin-team', { phone: true });
      const { teams = [] } = await world.call(`${ROUTING}/ListTeams`, {});
      const named = new Map(teams.map(({ teamId, ...team }) => [teamId, team]));
      assert.equal(named.get('campers')?.name, 'Camp site', 'the other team was overwritten');
      assert.deepEqual(named.get('tent-people'), {
        name: 'Campers',
        maxUsed: 40,
        latencyLimitSeconds: 60,
        rampShifts: 5,
        rampCapacity: 2,
        version: 1,
      });
      await section(page, 'Agents');
      await page.getByRole('link', { name: /^Ben/ }).click();
      await page.getByLabel('Team', { exact: true }).selectOption({ label: 'Campers' });
      await page.getByLabel('Languages').fill('German');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.locator('.form-field[data-wrong="true"]', { hasText: 'no language tag' }).waitFor();
      await page.getByLabel('Languages').fill('de, en');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText(/^Ben .* saved\.$/).waitFor();
      await section(page, 'Teams');
      await page
        .getByRole('link', { name: /^Campers/ })
        .getByText('1 member')
        .waitFor();
    },
  },
  {
    name: 'a team with members stays; without, it is removed',
    play: async ({ world }) => {
      const { page } = ada;
      await page.getByRole('link', { name: /^Campers/ }).click();
      const remove = page.getByRole('button', { name: 'Remove team' });
      await remove.click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove team' }).click();
      await page.getByRole('dialog').getByText('Agents are in this team').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Keep' }).click();
      await section(page, 'Agents');
      await page.getByRole('link', { name: /^Ben/ }).click();
      await page.getByLabel('Team', { exact: true }).selectOption({ label: 'No team' });
      // The scene before has saved Ben as well.
      await page.getByText(/^Ben .* saved\.$/).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText(/^Ben .* saved\.$/).waitFor();
      await section(page, 'Teams');
      await page.getByRole('link', { name: /^Campers/ }).click();
      await remove.click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove team' }).click();
      await page.getByRole('link', { name: /^Campers/ }).waitFor({ state: 'detached' });
      const { teams = [] } = await world.call(`${ROUTING}/ListTeams`, {});
      assert.ok(!teams.some(({ teamId }) => teamId === 'tent-people'));
    },
  },
  {
    name: 'what a chat weighs and what priority is worth are saved',
    play: async ({ world, look }) => {
      const { page } = ada;
      await section(page, 'Limits');
      await page.getByLabel('Web chat').fill('2');
      await page.getByLabel('One level of priority is worth').fill('120');
      await page.getByRole('button', { name: 'Save' }).click();
      await saved(page, 'Limits');
      await look.at(page, 'admin-limits', { phone: true });
      const { settings } = await world.call(`${ROUTING}/GetRoutingSettings`, {});
      assert.deepEqual([settings?.channelWeights, settings?.ageingSeconds], [{ WEB_CHAT: 2 }, 120]);
      await page.getByLabel('Web chat').fill('');
      await page.getByLabel('One level of priority is worth').fill('');
      await page.getByRole('button', { name: 'Save' }).click();
      await eventually(async () => {
        const now = await world.call(`${ROUTING}/GetRoutingSettings`, {});
        assert.deepEqual([now.settings?.channelWeights ?? {}, now.settings?.ageingSeconds ?? 0], [{}, 0]);
      }, LONG);
    },
  },
  {
    name: 'an earlier version of the workflow is put in force again',
    play: async ({ world, look }) => {
      const { page } = ada;
      const publish = async (comment: string, targets: Target[]): Promise<routing.Workflow> => {
        const { draftRevision: expectedRevision } = await world.call(`${ROUTING}/GetWorkflow`, {});
        const filters = [{ name: 'Everything', targets }];
        const draft = { commandId: newId(), workflow: { filters }, expectedRevision };
        const { draftRevision } = await world.call(`${ROUTING}/SaveWorkflowDraft`, draft);
        const publication = { commandId: newId(), draftRevision, comment };
        return (await world.call(`${ROUTING}/PublishWorkflow`, publication)).workflow ?? {};
      };
      const published = await publish('Orders first', [
        { queueId: 'orders', untilSeconds: 60 },
        { queueId: 'default' },
      ]);
      const first = published.version ?? 0;
      await publish('Everything to one queue', [{ queueId: 'default' }]);
      await section(page, 'Workflow');
      await page.getByText(`Version ${first + 1} is in force since`).waitFor();
      await page.getByRole('button', { name: 'Versions' }).click();
      await page.getByText('Everything to one queue').waitFor();
      const earlier = page.locator('.version', { hasText: 'Orders first' });
      await earlier.getByRole('button', { name: 'Roll back to this' }).click();
      await page.getByLabel('Comment').fill('That was too simple');
      await look.at(page, 'admin-roll-back', { phone: true });
      await page.getByRole('dialog').getByRole('button', { name: 'Roll back to this' }).click();
      await page.getByText(`Version ${first + 2} is in force since`).waitFor();
      const now = await world.call(`${ROUTING}/GetWorkflow`, {});
      assert.deepEqual(now.published?.filters, published.filters);
      await page.context().close();
    },
  },
];
