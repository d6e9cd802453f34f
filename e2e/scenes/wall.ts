import { routingEvents } from '@parley/client';
import { deskOf, endChats, putDefaultQueue, visitorWho } from '../people.js';
import type { Scene } from '../story.js';

const LOST = 'My parcel is lost, and the flight goes on Friday.';
const FORGOTTEN = 'Hello? Is anybody reading this?';
const ESCALATE = routingEvents.FailsafeAction.FAILSAFE_ACTION_ESCALATE;
const LATE = 'Is the shop in Oslo open on Sunday?';

/** What a supervisor sees and does on the wall. */
export const wall: readonly Scene[] = [
  {
    name: 'the wall shows who waits, why, and since when, without a reload',
    play: async ({ world, sam, anna, look }) => {
      await endChats(world);
      await anna.setStatus('Away');
      await sam.go('Wall');
      const { page } = sam;
      await page.locator('.wall-head').getByText('Live').waitFor();
      const visitor = await visitorWho(world, LOST, 'help.html');
      const chat = page.locator('.wall-chats .chat-button', { hasText: LOST });
      await chat.waitFor();
      await page.getByRole('row', { name: /Customer care/ }).waitFor();
      await look.at(page, 'wall', { phone: true });
      await chat.click();
      await page.getByRole('menuitem', { name: 'Why is it waiting?' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(/Place \d+ in Customer care/).waitFor();
      await dialog.locator('.blocked li', { hasText: 'Anna Berg' }).getByText('Not available').waitFor();
      await look.at(page, 'why-waiting', { phone: true });
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });

      const ben = await deskOf(world, 'ben');
      await chat.click();
      await page.getByRole('menuitem', { name: 'Give to…' }).click();
      await page.getByLabel('Find an agent or a queue').fill('Orders');
      await page.getByRole('radio').check();
      await page.getByRole('button', { name: 'Give', exact: true }).click();
      await page.locator('.wall-chats .chat-button', { hasText: 'Orders' }).waitFor();
      await page.getByRole('button', { name: 'Offline too' }).click();
      await page.locator('.person', { hasText: 'Ben Okafor' }).waitFor();

      await page.getByRole('button', { name: /^Ben Okafor:/ }).click();
      await page.getByRole('menuitemradio', { name: 'Available' }).click();
      await ben.page.getByRole('button', { name: 'Your status: Available' }).waitFor();
      // The wall puts who is available first: nobody is to be dropped where somebody else stands by then.
      await page.locator('.person', { hasText: 'Ben Okafor' }).getByText('Available').waitFor();
      await page
        .locator('.wall-chats .chat-button', { hasText: LOST })
        .dragTo(page.locator('.person', { hasText: 'Ben Okafor' }));
      await ben.accept(LOST);
      await page.locator('.person', { hasText: 'Ben Okafor' }).getByText('1 of 4').waitFor();
      await page.locator('.wall-chats .chat-button', { hasText: LOST }).waitFor({ state: 'detached' });
      await look.at(page, 'wall-busy');
      await visitor.page.context().close();
      await ben.leave();
    },
  },
  {
    name: 'a chat that nobody takes is escalated: supervisors are told, and the lists say so',
    play: async ({ world, sam, anna, look }) => {
      await endChats(world);
      await anna.setStatus('Away');
      await putDefaultQueue(world, { failsafeSeconds: 2, failsafeAction: ESCALATE });
      const visitor = await visitorWho(world, FORGOTTEN, 'help.html');
      await sam.page.getByText(/has waited too long: nobody has taken the chat/).waitFor();
      await sam.go('Queue');
      await sam.page.locator('.list .row', { hasText: FORGOTTEN }).getByText('Escalated').waitFor();
      await look.at(sam.page, 'desk-escalated', { phone: true });
      await putDefaultQueue(world, {});
      await anna.setStatus('Available');
      await anna.accept(FORGOTTEN);
      await sam.page.locator('.list .row', { hasText: FORGOTTEN }).waitFor({ state: 'detached' });
      await visitor.page.context().close();
    },
  },
  {
    name: 'an active chat goes to another agent with a summary',
    play: async ({ world, sam, anna, look }) => {
      await endChats(world);
      const ben = await deskOf(world, 'ben');
      await anna.setStatus('Away');
      await ben.setStatus('Available');
      const visitor = await visitorWho(world, LATE, 'index.html');
      await ben.accept(LATE);
      await anna.setStatus('Available');
      await sam.go('Wall');
      const { page } = sam;
      const person = page.locator('.person', { hasText: 'Ben Okafor' });
      await person.locator('.chat-button').last().click();
      await page.getByRole('menuitem', { name: 'Transfer to…' }).click();
      await page.getByLabel('Find an agent or a queue').fill('Anna');
      await page.getByRole('radio').check();
      await page.getByLabel('Summary').fill('Asks for Sunday hours in Oslo.');
      await look.at(page, 'wall-transfer', { phone: true });
      await page.getByRole('button', { name: 'Transfer', exact: true }).click();
      await anna.accept(LATE);
      await page.locator('.person', { hasText: 'Anna Berg' }).locator('.chat-button').last().waitFor();
      await visitor.page.context().close();
      await ben.leave();
    },
  },
];
