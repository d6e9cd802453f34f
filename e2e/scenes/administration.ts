import assert from 'node:assert/strict';
import { saved, section } from '../administration.js';
import type { Desk } from '../desk.js';
import { deskOf, endChats, visitorWho } from '../people.js';
import type { Scene } from '../story.js';

const ROUTING = 'parley.routing.v1.RoutingService';
const ABOUT_TENTS = 'Does the Halden tent stand a storm on the fell?';

/** The admin's desk, from the first of these scenes on. */
let ada: Desk;

/** An admin makes a skill, gives it to somebody and lets chats ask for it; the next chat goes there. */
export const administration: readonly Scene[] = [
  {
    name: 'an admin makes a skill and puts it on an agent; a wrong field says so where it is',
    play: async ({ world, look }) => {
      ada = await deskOf(world, 'admin');
      const { page } = ada;
      await ada.go('Administration');
      await section(page, 'Skills');
      await page.getByRole('button', { name: 'Add skill' }).click();
      await page.getByRole('button', { name: 'Create' }).click();
      await page.locator('.form-field[data-wrong="true"]', { hasText: 'Name' }).waitFor();
      await page.getByLabel('Name', { exact: true }).fill('Tents');
      await page.getByRole('button', { name: 'Create' }).click();
      await saved(page, 'Tents');
      await section(page, 'Agents');
      await page.getByRole('link', { name: /^Anna Berg/ }).click();
      await page.getByLabel('Add a skill…').selectOption({ label: 'Tents' });
      await page
        .getByRole('radiogroup', { name: 'Level of Tents' })
        .getByLabel('Level 4')
        .check({ force: true });
      await page.getByRole('button', { name: 'Save' }).click();
      await saved(page, 'Anna Berg');
      await look.at(page, 'admin-agent', { phone: true });
      await section(page, 'Skills');
      await page.getByRole('link', { name: /^Tents/ }).click();
      await page.getByText('Level 4').waitFor();
      await look.at(page, 'admin-skill');
    },
  },
  {
    name: 'somebody else’s change is told, and what was typed stays',
    play: async ({ world, look }) => {
      const { page } = ada;
      await section(page, 'Queues');
      await page.getByRole('link', { name: /^Orders and returns/ }).click();
      await page.getByLabel('Name', { exact: true }).fill('Orders, returns and repairs');
      await world.call(`${ROUTING}/PutQueue`, {
        commandId: 'e2e-concurrent-edit',
        queueId: 'orders',
        name: 'Orders and returns',
        offerTimeoutSeconds: 30,
        wrapUpSeconds: 12,
        serviceLevelSeconds: 60,
      });
      await page.getByRole('button', { name: 'Save' }).click();
      const told = page.getByRole('alert').filter({ hasText: 'while you were editing' });
      await told.getByText('They changed: Wrap-up').waitFor();
      assert.equal(
        await page.getByLabel('Name', { exact: true }).inputValue(),
        'Orders, returns and repairs',
      );
      await look.at(page, 'admin-conflict', { phone: true });
      await told.getByRole('button', { name: 'Keep mine on top of theirs' }).click();
      await page.getByRole('button', { name: 'Save' }).click();
      await saved(page, 'Orders, returns and repairs');
      assert.equal(await page.getByLabel('Wrap-up', { exact: true }).inputValue(), '12');
    },
  },
  {
    name: 'hours in a zone show what they come to before they are saved',
    play: async ({ look }) => {
      const { page } = ada;
      await section(page, 'Hours');
      await page.getByRole('button', { name: 'Add hours' }).click();
      await page.getByLabel('Name', { exact: true }).fill('Shop hours');
      await page.getByLabel('Time zone').fill('America/New_York');
      await page.getByText('UTC−0').waitFor();
      await page.getByRole('button', { name: 'Add exception' }).click();
      const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
      await page.getByLabel('Date').fill(day);
      await page.getByLabel('Name, such as New Year').fill('Stocktaking');
      const preview = page.getByRole('region', { name: 'Next 14 days' });
      await preview.locator('.preview-day', { hasText: 'Stocktaking' }).getByText('Closed').waitFor();
      assert.equal(await preview.locator('.preview-day').count(), 14);
      await page.getByRole('button', { name: 'Create' }).click();
      await saved(page, 'Shop hours');
      await look.at(page, 'admin-hours', { phone: true });
    },
  },
  {
    name: 'a workflow says at the field what is wrong with it, and is published when nothing is',
    play: async ({ look }) => {
      const { page } = ada;
      await section(page, 'Workflow');
      await page.getByRole('button', { name: 'Add filter' }).click();
      await page.getByLabel('Name', { exact: true }).fill('About tents');
      const when = page.getByLabel('Applies when');
      await when.fill('pge.url.contains("product")');
      await page.locator('.notes .form-error').first().waitFor();
      await look.at(page, 'admin-workflow-problem', { phone: true });
      await when.fill('page.url.contains("product")');
      await page.getByLabel('Add a skill…').selectOption({ label: 'Tents' });
      await page.locator('.notes .form-error').first().waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Draft saved, not published').waitFor();
      await page.getByRole('button', { name: 'Publish' }).click();
      await page.getByLabel('Comment').fill('Tents to those who camp');
      await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
      await page.getByText('Version 1 is in force since').waitFor();
      await look.at(page, 'admin-workflow');
      await page.getByRole('button', { name: 'Dry run' }).click();
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByText(/arrivals? played/).waitFor();
      await look.at(page, 'admin-dry-run', { phone: true });
      await page.getByRole('button', { name: 'Versions' }).click();
      await page.getByText('Tents to those who camp').waitFor();
    },
  },
  {
    name: 'a chat that needs the skill goes to who has it, and everybody can read why',
    play: async ({ world, look, anna }) => {
      await endChats(world);
      const ben = await deskOf(world, 'ben');
      await ben.setStatus('Available');
      await anna.setStatus('Available');
      const visitor = await visitorWho(world, ABOUT_TENTS, 'product.html');
      await anna.offer.waitFor();
      assert.equal(await ben.offer.count(), 0, 'the chat was offered to somebody without the skill');
      await anna.accept(ABOUT_TENTS);
      await ada.go('All live');
      await ada.page.getByRole('link', { name: new RegExp(ABOUT_TENTS.slice(0, 20)) }).click();
      const panel = ada.page.getByRole('complementary', { name: 'Customer' });
      const why = panel.getByRole('region', { name: 'Why this agent?' });
      await why.getByText('by filter “About tents”').waitFor();
      await why.getByText('Tents, level 4').waitFor();
      await why.getByText('Rule by rule').first().click();
      await why.getByText('Lacks a skill or its level').waitFor();
      await look.at(ada.page, 'why-agent', { phone: true });
      await visitor.page.context().close();
      await ben.leave();
    },
  },
  {
    name: 'the audit log names who published and what',
    play: async ({ look }) => {
      const { page } = ada;
      await ada.go('Administration');
      await section(page, 'Audit log');
      await page.getByRole('row', { name: /Ada Admin Published the workflow/ }).waitFor();
      await page.getByText('Hash chain intact').waitFor();
      await look.at(page, 'admin-audit', { phone: true });
      await page.context().close();
    },
  },
];
