import assert from 'node:assert/strict';
import { eventually } from '@parley/testkit';
import { putDefaultQueue } from '../people.js';
import { Shop } from '../shop.js';
import type { Scene } from '../story.js';

/** What else there is: an offer nobody takes, figures, other languages. */
export const aftermath: readonly Scene[] = [
  {
    name: 'who does not answer an offer is not responding, and is back with one click',
    play: async ({ world, anna, look }) => {
      await putDefaultQueue(world, { offerTimeoutSeconds: 5 });
      await anna.go('My chats');
      const page = await world.open({ viewport: { width: 1280, height: 800 } });
      const late = new Shop(page, world.shopNetwork.origin);
      await late.visit('help.html');
      await late.openChat();
      await late.say('My tent peg is bent, can you repair it?');
      await anna.offer.waitFor();
      await anna.page.getByText('You did not respond to a chat.').waitFor();
      await anna.page.getByRole('button', { name: 'Your status: Not responding' }).waitFor();
      await anna.offer.waitFor({ state: 'detached' });
      await look.at(anna.page, 'desk-not-responding', { phone: true });
      await late.chat.getByText('You are next').waitFor();
      await putDefaultQueue(world, {});
      await anna.page.getByRole('button', { name: 'I am back' }).click();
      await anna.page.getByRole('button', { name: 'Your status: Available' }).waitFor();
      // The visitor still waits, and is offered again.
      await anna.accept('My tent peg is bent');
      await late.chat.getByText('Anna Berg joined the chat').waitFor();
      await page.context().close();
    },
  },
  {
    name: 'figures and settings are shown to the supervisor',
    play: async ({ sam, look }) => {
      await sam.go('Reports');
      await eventually(
        async () => {
          const words = await sam.page.locator('main').innerText();
          assert.match(words, /Offered\s+[1-9]/);
        },
        { timeoutMs: 30_000 },
      );
      await look.at(sam.page, 'desk-reports', { phone: true });
      await sam.page.getByRole('button', { name: '7 days' }).click();
      await sam.page.getByRole('heading', { name: 'Chats by day' }).waitFor();
      await sam.page.locator('.chart').getByRole('link').last().click();
      await sam.page.getByRole('heading', { name: /^Chats of/ }).waitFor();
      const behind = sam.page.locator('.list .row');
      await behind.first().click();
      await sam.thread.waitFor();
      assert.equal(
        await behind.count(),
        Number.parseInt(await sam.page.locator('.list-head .count').innerText(), 10),
      );
      await look.at(sam.page, 'desk-behind', { phone: true });
      await sam.go('Settings');
      await sam.page.getByRole('heading', { name: 'Settings' }).waitFor();
      await look.at(sam.page, 'desk-settings', { phone: true });
    },
  },
  ...[
    { locale: 'de', direction: 'ltr', text: 'Passt der Rucksack ins Handgepäck?' },
    { locale: 'ar', direction: 'rtl', text: 'هل تناسب هذه الحقيبة مقصورة الطائرة؟' },
  ].map(({ locale, direction, text }): Scene => ({
    name: `the chat speaks the visitor’s language: ${locale}`,
    play: async ({ world, look }) => {
      const page = await world.open({ viewport: { width: 1280, height: 800 } });
      const visitor = new Shop(page, world.shopNetwork.origin);
      await visitor.visit();
      await page.evaluate(`Parley('update', { locale: '${locale}' })`);
      await visitor.openChat();
      const root = visitor.chat.locator(`html[lang="${locale}"][dir="${direction}"]`);
      await root.waitFor();
      await look.at(page, `widget-${locale}-welcome`);
      await visitor.say(text);
      await visitor.chat.locator('.waiting').waitFor();
      await look.at(page, `widget-${locale}-waiting`, { phone: true });
      await page.context().close();
    },
  })),
];
