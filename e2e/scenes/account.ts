import assert from 'node:assert/strict';
import { eventually } from '@parley/testkit';
import { Desk } from '../desk.js';
import type { Scene } from '../story.js';

const NEW = 'reindeer moss at dawn';
const PIA = {
  userId: 'pia',
  name: 'Pia Holm',
  email: 'pia@example.com',
  role: 'agent',
  password: 'blueberry soup at noon',
};

/** What people do with their own account. */
export const account: readonly Scene[] = [
  {
    name: 'somebody changes their password, stays signed in here and is signed out elsewhere',
    play: async ({ world, look }) => {
      await world.call('parley.gateway.v1.TenantService/CreateUser', PIA);
      const open = async (password: string): Promise<Desk> => {
        const desk = new Desk(
          await world.open({ viewport: { width: 1440, height: 900 } }),
          world.deskNetwork.origin,
        );
        await desk.open();
        await desk.signIn({ ...PIA, password });
        return desk;
      };
      const [here, elsewhere] = [await open(PIA.password), await open(PIA.password)];
      const { page } = here;
      const dialog = page.getByRole('dialog', { name: 'Change password' });
      const field = (name: string) => dialog.getByLabel(name, { exact: true });
      // By keys alone.
      await page.getByTitle(`Account of ${PIA.name}`).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name: 'Settings' }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await dialog.waitFor();
      await page.keyboard.type('not it');
      await page.keyboard.press('Tab');
      await page.keyboard.type('short');
      await page.keyboard.press('Enter');
      await dialog.getByText('Too short: give at least 10 characters.').waitFor();
      await look.at(page, 'desk-password-wrong', { phone: true });
      await field('New password').fill(NEW);
      await field('New password again').fill(NEW);
      await page.keyboard.press('Enter');
      await dialog.getByText('This is not your current password.').waitFor();
      await page.locator('input[aria-invalid="true"]:focus').waitFor();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type(PIA.password);
      await look.at(page, 'desk-password', { phone: true });
      await page.keyboard.press('Enter');
      await page.getByText('Password changed.').waitFor();
      await dialog.waitFor({ state: 'detached' });
      await page.locator('.account:focus').waitFor();
      await elsewhere.page.getByText('Your session has ended. Sign in again.').waitFor();
      await here.setStatus('Away');
      await elsewhere.signIn({ ...PIA, password: NEW });
      // Chromium complains of every refusal: the wrong password, and the session that is over.
      for (const status of ['403', '401'])
        await eventually(() => {
          const told = world.mishaps.findIndex((mishap) => mishap.includes(`status of ${status}`));
          assert.ok(told >= 0, `the browser told of no ${status}`);
          world.mishaps.splice(told, 1);
        });
      for (const desk of [here, elsewhere]) await desk.page.context().close();
    },
  },
];
