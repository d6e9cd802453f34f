import assert from 'node:assert/strict';
import { conversation } from '@parley/client';
import { eventually } from '@parley/testkit';
import { Shop } from '../shop.js';
import { NOTE, type Scene, type Story } from '../story.js';

const LATE_NOTE = 'Grey ones are in the back room, second shelf.';
const LONG = { timeoutMs: 30_000 };

const sameOnBothSides = async ({ visitor, anna }: Story): Promise<void> =>
  assert.deepEqual(await visitor.texts(), await anna.texts());

/** The chat goes along: other pages, a sale, no network, other tabs, a reload. */
export const journey: readonly Scene[] = [
  {
    name: 'the visitor goes to another page: the chat stays open and the agent sees the way',
    play: async ({ visitor, anna, look }) => {
      const before = await visitor.texts();
      await visitor.page
        .getByRole('link', { name: /Halden 38/ })
        .first()
        .click();
      await visitor.page.waitForURL(/product\.html/);
      await visitor.composer.waitFor();
      await eventually(async () => assert.deepEqual(await visitor.texts(), before), LONG);
      await anna.thread.getByText(/Went to Halden 38/).waitFor();
      const panel = anna.page.getByRole('complementary', { name: 'Customer' });
      await panel.locator('.page-link', { hasText: 'Halden 38' }).first().waitFor();
      await panel.getByText(/pages seen/).click();
      await panel
        .locator('.trail')
        .getByText(/Things for people/)
        .waitFor();
      await look.at(anna.page, 'desk-thread', { phone: true });
    },
  },
  {
    name: 'a purchase counts as a conversion of the chat',
    play: async ({ visitor, anna }) => {
      await visitor.page.getByRole('button', { name: 'Add to cart' }).click();
      await visitor.page.getByRole('link', { name: /Cart/ }).click();
      await visitor.page.waitForURL(/cart\.html/);
      await visitor.minimise();
      await visitor.page.getByRole('button', { name: 'Buy' }).click();
      await visitor.page.getByText('Thank you!').waitFor();
      await anna.thread.getByText(/Conversion: purchase .*149/).waitFor();
    },
  },
  {
    name: 'a message to the minimised chat is counted on the launcher, and read once the chat is open again',
    play: async ({ visitor, anna, look }) => {
      const text = 'Thank you for the order! It leaves tomorrow.';
      await anna.say(text);
      await visitor.launcher.getByText('1', { exact: true }).waitFor();
      await anna.message(text).getByText('Delivered').waitFor();
      await look.at(visitor.page, 'shop-unread');
      await visitor.launcher.click();
      await anna.message(text).getByText('Read').waitFor();
      await visitor.launcher.getByText('1', { exact: true }).waitFor({ state: 'detached' });
    },
  },
  {
    name: 'without network both go on writing; afterwards each message is there once and in order',
    play: async (story) => {
      const { world, visitor, anna } = story;
      const before = await visitor.texts();
      const asks = ['Does it come in blue?', 'Or in grey?', 'Hello?'];
      const answers = ['In blue from March on.', 'Grey is here today.', 'Shall I put one aside?'];
      world.shopNetwork.proxy.down();
      world.deskNetwork.proxy.down();
      for (const text of asks) await visitor.say(text);
      for (const text of answers) await anna.say(text);
      await visitor.chat.getByText('Connection lost. Reconnecting…').waitFor();
      await anna.page.getByText('You are offline.').waitFor();
      await visitor.markOf('Hello?').getByText('Sending').waitFor();
      await anna.message('Shall I put one aside?').getByText('Sending').waitFor();
      world.shopNetwork.proxy.up();
      world.deskNetwork.proxy.up();
      await eventually(async () => {
        await sameOnBothSides(story);
        const added = (await visitor.texts()).slice(before.length);
        assert.deepEqual(
          added.filter((text) => asks.includes(text)),
          asks,
        );
        assert.deepEqual(
          added.filter((text) => answers.includes(text)),
          answers,
        );
        assert.equal(added.length, asks.length + answers.length);
      }, LONG);
      await visitor.markOf('Hello?').getByText('Read').waitFor();
      await anna.page.getByText('You are offline.').waitFor({ state: 'detached' });
      await visitor.chat.getByText('Connection lost. Reconnecting…').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'the browser goes offline while the visitor writes: said, kept, and sent once on return',
    play: async (story) => {
      const { visitor, anna } = story;
      const context = visitor.page.context();
      await context.setOffline(true);
      await visitor.chat.getByText('You are offline.').waitFor();
      await visitor.say('Grey then, please.');
      await visitor.markOf('Grey then').getByText('Sending').waitFor();
      await context.setOffline(false);
      await anna.message('Grey then, please.').waitFor();
      await eventually(() => sameOnBothSides(story), LONG);
    },
  },
  {
    name: 'a note written without network outlives the page, and is there once on return',
    play: async ({ world, anna }) => {
      const { page } = anna;
      const chat = page.url();
      const note = (text: string) => anna.thread.locator('[data-kind="note"]', { hasText: text });
      world.deskNetwork.proxy.down();
      await page.getByText('You are offline.').waitFor();
      await anna.note();
      await anna.say(LATE_NOTE);
      await note(LATE_NOTE).getByText('Sending').waitFor();
      await page.goto('about:blank');
      world.deskNetwork.proxy.up();
      await page.goto(chat);
      await note(LATE_NOTE).waitFor();
      await note(LATE_NOTE).getByText('Sending').waitFor({ state: 'detached' });
      await page.reload();
      await note(LATE_NOTE).waitFor();
      assert.equal(await note(LATE_NOTE).count(), 1);
      assert.equal(await note(LATE_NOTE).getByText('Sending').count(), 0);
    },
  },
  {
    name: 'a second tab shows the same chat, and a reload keeps it',
    play: async (story) => {
      const { world, visitor, anna } = story;
      const second = new Shop(world.observe(await visitor.page.context().newPage()), visitor.origin);
      await second.visit('help.html');
      await second.composer.waitFor();
      const texts = await visitor.texts();
      await eventually(async () => assert.deepEqual(await second.texts(), texts), LONG);
      await second.say('I write from another tab now.');
      await anna.message('another tab').waitFor();
      await visitor.chat.getByText('I write from another tab now.').waitFor();
      await visitor.page.reload();
      await visitor.composer.waitFor();
      await eventually(() => sameOnBothSides(story), LONG);
      assert.ok(![...visitor.received, ...second.received].some((frame) => frame.includes(NOTE)));
      // Product, cart, the other tab's help, and the cart again after the reload.
      const pages = anna.thread.locator('[data-what="page"]');
      await eventually(
        async () => assert.equal(await pages.count(), 4, 'tabs tell their page once each'),
        LONG,
      );
      await second.page.close();
      const { rows = [] } = await world.call('parley.conversation.v1.ConversationService/ListInbox', {
        scope: conversation.InboxScope.INBOX_SCOPE_ALL,
      });
      assert.equal(rows.length, 1, 'two tabs share one conversation');
    },
  },
];
