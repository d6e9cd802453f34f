import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { fetchJson } from '@parley/client';
import { section } from '../administration.js';
import { Desk } from '../desk.js';
import { deskOf } from '../people.js';
import type { Scene } from '../story.js';

const TENANTS = 'parley.gateway.v1.TenantService';
const EMAIL = 'nora@shop.example';

/** What is shown once, with the dialog closed after it. */
const secretOf = async (page: Page): Promise<string> => {
  const dialog = page.getByRole('dialog');
  const text = await dialog.locator('.secret-text').textContent();
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await dialog.waitFor({ state: 'detached' });
  return text ?? '';
};

/** An admin lets people and programs in, and sets what holds for the whole workspace. */
export const workspace: readonly Scene[] = [
  {
    name: 'an admin adds a person, who signs in with the password shown once, and is out when deactivated',
    play: async ({ world, look }) => {
      const { page } = await deskOf(world, 'admin');
      await page
        .getByRole('navigation', { name: 'Main navigation' })
        .getByRole('link', { name: 'Administration' })
        .click();
      await section(page, 'People');
      await page.getByRole('button', { name: 'Add person' }).click();
      await page.getByLabel('Name', { exact: true }).fill('Nora Lind');
      await page.getByLabel('E-mail').fill('nora');
      await page.getByRole('button', { name: 'Create' }).click();
      await page.locator('.form-field[data-wrong="true"]', { hasText: 'must be a mail address' }).waitFor();
      await look.at(page, 'admin-person-wrong', { phone: true });
      await page.getByLabel('E-mail').fill(EMAIL);
      await page.getByLabel('Role').selectOption('supervisor');
      await page.getByRole('button', { name: 'Create' }).click();
      await page.getByRole('dialog').getByText('Password of Nora Lind').waitFor();
      await look.at(page, 'admin-secret', { phone: true });
      const password = await secretOf(page);
      // Not observed: that the browser complains of a refused session is what is wanted here.
      const context = await world.browser.newContext({
        viewport: { width: 1440, height: 900 },
        locale: 'en-GB',
      });
      const nora = new Desk(await context.newPage(), world.deskNetwork.origin);
      await nora.open();
      await nora.signIn({
        userId: 'nora-lind',
        name: 'Nora Lind',
        role: 'supervisor',
        email: EMAIL,
        password,
      });
      await page.getByRole('link', { name: /^Nora Lind/ }).click();
      await look.at(page, 'admin-person', { phone: true });
      await page.getByLabel('May sign in').uncheck({ force: true });
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Nora Lind saved.').waitFor();
      await nora.page.getByLabel('Workspace').waitFor();
      await page.getByRole('link', { name: /^Nora Lind.*Deactivated/ }).waitFor();
      await context.close();
      await page.context().close();
    },
  },
  {
    name: 'a key for programs is shown once, may do what it was made for, and nothing when it is revoked',
    play: async ({ world, look }) => {
      const { page } = await deskOf(world, 'admin');
      await page.goto(`${world.deskNetwork.origin}/desk/admin/keys`);
      await page.getByRole('button', { name: 'Make key' }).click();
      await page.locator('.form-error').first().waitFor();
      await page.getByLabel('Name', { exact: true }).fill('Shop backend');
      await page.getByLabel('routing', { exact: true }).check();
      await page.getByRole('button', { name: 'Make key' }).click();
      const token = await secretOf(page);
      const queues = () =>
        fetchJson(world.httpUrl, 'parley.routing.v1.RoutingService/ListQueues', {}, { token });
      assert.ok((await queues()).queues?.length);
      await assert.rejects(fetchJson(world.httpUrl, `${TENANTS}/ListUsers`, {}, { token }), /scope/);
      await page.getByText('shop-backend').waitFor();
      await look.at(page, 'admin-keys', { phone: true });
      await page.getByRole('button', { name: 'Revoke' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
      await page.getByText(/^Revoked /).waitFor();
      await assert.rejects(queues());
      await page.context().close();
    },
  },
  {
    name: 'what holds for the workspace says at the field what is wrong, and reaches the widget',
    play: async ({ world, look }) => {
      const { page } = await deskOf(world, 'admin');
      await page.goto(`${world.deskNetwork.origin}/desk/admin/workspace`);
      const origins = page.getByLabel('Origins, one a line');
      const before = await origins.inputValue();
      await origins.fill(`${before}\nhttps://shop.example/path`);
      const save = page.locator('.save-bar').getByRole('button', { name: 'Save' });
      await save.click();
      await page.getByText('https://shop.example/path: must be').waitFor();
      await look.at(page, 'admin-workspace-wrong', { phone: true });
      await origins.fill(`${before}\nhttps://shop.example`);
      await page.getByLabel('Greeting').fill('Hello from the fells!');
      await save.click();
      await page.getByText('Workspace saved.').waitFor();
      await page.getByRole('button', { name: 'Make a new key' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Make a new key' }).click();
      await page.getByText('The new identity key').waitFor();
      assert.match(await secretOf(page), /^[0-9a-f]{64}$/);
      await page.getByLabel('Keep closed chats for').fill('400');
      await page.getByLabel('Keep closed chats for').press('Enter');
      await page.getByText('Retention saved.').waitFor();
      const { tenant } = await world.call(`${TENANTS}/GetTenant`, {});
      assert.equal(tenant?.widget?.greeting, 'Hello from the fells!');
      await page.context().close();
    },
  },
];
