import assert from 'node:assert/strict';
import { eventually } from '@parley/testkit';
import type { Desk } from '../desk.js';
import { conversationOf, deskOf, endChats, visitorWho } from '../people.js';
import type { Shop } from '../shop.js';
import type { Scene } from '../story.js';

const LONG = { timeoutMs: 30_000 };
const ASKS = 'The zip of my Halden 38 is stuck, what now?';
const SUMMARY = 'Zip of a Halden 38 is stuck; wants to know whether repair or exchange is quicker.';
const WHISPER = 'Offer the exchange, we have three of the walrus kind left.';

/** What the scenes of this file share: the second agent and the visitor. */
const cast: { ben?: Desk; visitor?: Shop } = {};
const ben = (): Desk => cast.ben ?? assert.fail('Ben has no desk yet');
const visitor = (): Shop => cast.visitor ?? assert.fail('nobody visits yet');

const menu = async ({ page }: Desk, item: string): Promise<void> => {
  await page.getByRole('button', { name: 'More for this chat' }).click();
  await page.getByRole('menuitem', { name: item }).click();
};

const accept = async (desk: Desk): Promise<void> => {
  await desk.offer.getByRole('button', { name: 'Accept' }).click();
  await desk.message(ASKS).waitFor();
  await desk.composer.waitFor();
};

/** What a desk says for some seconds only: to be waited for while it comes to be. */
const told = ({ page }: Desk, words: RegExp): Promise<void> => page.getByText(words).waitFor();

/** Opens the transfer dialog by key and chooses somebody. */
const askFor = async ({ page }: Desk, name: string, { warm = false } = {}): Promise<void> => {
  await page.locator('.conversation-head').getByRole('button', { name: 'Transfer' }).waitFor();
  await page.keyboard.press('Alt+T');
  const dialog = page.getByRole('dialog');
  await dialog.locator('.target', { hasText: name }).getByText('slots free').waitFor();
  await dialog.getByRole('radio', { name }).check({ force: true });
  if (warm) await dialog.getByText('I stay as well').click();
};

/** Two agents and a supervisor over one chat. */
export const teamwork: readonly Scene[] = [
  {
    name: 'an agent hands a chat to another, who sees who asks, why, and what they need to know',
    play: async ({ world, anna, look }) => {
      await anna.setStatus('Away');
      await endChats(world);
      await anna.go('My chats');
      await anna.setStatus('Available');
      cast.visitor = await visitorWho(world, ASKS, 'product.html');
      await accept(anna);
      cast.ben = await deskOf(world, 'ben');
      await ben().setStatus('Available');

      await askFor(anna, 'Ben Okafor');
      const dialog = anna.page.getByRole('dialog');
      const summary = dialog.getByLabel('What they need to know');
      assert.match(await summary.inputValue(), /The zip of my Halden 38 is stuck/);
      await summary.fill(SUMMARY);
      await look.at(anna.page, 'desk-transfer', { phone: true });
      await dialog.getByRole('button', { name: /^Transfer/ }).click();
      await dialog.waitFor({ state: 'detached' });
      await anna.page.getByText('Asking Ben Okafor to take the chat…').waitFor();
      await anna.page.locator('.row', { hasText: 'Transfer under way' }).waitFor();
      await ben().page.getByText('Transfer from Anna Berg').waitFor();
      await ben().offer.getByText(SUMMARY).waitFor();
      await ben().offer.getByText('A colleague asks you to take it').waitFor();
      await look.at(ben().page, 'desk-offer-transfer', { phone: true });
      await Promise.all([told(anna, /Ben Okafor has taken the chat with/), accept(ben())]);
      await ben().page.getByText('Anna Berg handed this chat over').waitFor();
      await ben().page.locator('.handed', { hasText: SUMMARY }).waitFor();
      await look.at(ben().page, 'desk-handed-over', { phone: true });
      await anna.page.getByText('No chats right now').waitFor();
      await ben().say('Ben here, let us get that zip moving.');
      await visitor().chat.getByText('let us get that zip moving').waitFor();
      assert.ok(
        !visitor().received.some((frame) => frame.includes('repair or exchange')),
        'the summary was sent to the visitor',
      );
    },
  },
  {
    name: 'another agent is asked in: both are in the chat until one leaves',
    play: async ({ anna }) => {
      await askFor(ben(), 'Anna Berg', { warm: true });
      await ben()
        .page.getByRole('button', { name: /^Ask them in/ })
        .click();
      await anna.page.getByText('Ben Okafor asks you in').waitFor();
      await Promise.all([told(ben(), /Anna Berg has joined the chat with/), accept(anna)]);
      await anna.page.getByText('Ben Okafor asked for help').waitFor();
      await anna.say('Anna again: a drop of soap helps.');
      await ben().message('a drop of soap helps').waitFor();
      await ben().say('Thank you, Anna.');
      await anna.message('Thank you, Anna.').waitFor();
      await ben().page.keyboard.press('Alt+X');
      await anna.thread.getByText('Ben Okafor left').waitFor();
      await ben().page.getByText('No chats right now').waitFor();
      await anna.say('Just us now.');
      await visitor().chat.getByText('Just us now.').waitFor();
    },
  },
  {
    name: 'a transfer that is declined comes back with its reason, and the first agent goes on',
    play: async ({ anna, look }) => {
      await askFor(anna, 'Ben Okafor');
      await anna.page.keyboard.press('Control+Enter');
      await ben().offer.waitFor();
      await ben().page.keyboard.press('Alt+D');
      await ben().page.getByRole('heading', { name: 'Why do you decline?' }).waitFor();
      await look.at(ben().page, 'desk-decline', { phone: true });
      await Promise.all([
        told(anna, /came back\. Declined: Busy with another chat/),
        ben().page.keyboard.press('1'),
      ]);
      await ben().offer.waitFor({ state: 'detached' });
      await anna.thread.getByText('Transfer to Ben Okafor came back').waitFor();
      await anna.page.getByText('Asking Ben Okafor').waitFor({ state: 'detached' });
      await anna.say('I am still with you.');
      await visitor().chat.getByText('I am still with you.').waitFor();
      await ben().leave();
    },
  },
  {
    name: 'a chat is held and goes on; parked, it waits aside until it is taken back or the visitor writes',
    play: async ({ anna, look }) => {
      const row = anna.page.locator('.list .row').first();
      await anna.page.keyboard.press('Alt+H');
      await row.getByText('On hold').waitFor();
      await anna.page.getByText('The visitor was asked to wait.').waitFor();
      await look.at(anna.page, 'desk-held', { phone: true });
      await anna.page.getByRole('button', { name: 'Resume' }).click();
      await row.getByText('On hold').waitFor({ state: 'detached' });

      await menu(anna, 'Park');
      await row.getByText('Parked').waitFor();
      await anna.page.getByText('Parked by Anna Berg').waitFor();
      await anna.page.getByRole('button', { name: 'Parked 1' }).click();
      await look.at(anna.page, 'desk-parked', { phone: true });
      await anna.page.getByRole('button', { name: 'Parked 1' }).click();
      await anna.page.getByRole('button', { name: 'Take back' }).click();
      const back = async (): Promise<void> => {
        // Through the queue, so it is offered, or accepted for whoever parked it.
        await eventually(async () => {
          if (await anna.offer.isVisible()) await anna.page.keyboard.press('Alt+A');
          assert.equal(await anna.page.getByRole('textbox', { name: 'Write a reply…' }).count(), 1);
        }, LONG);
      };
      await back();
      await anna.page.keyboard.press('Alt+M');
      await anna.page.getByText('Parked by Anna Berg').waitFor();
      await visitor().say('Are you still there?');
      await back();
      await anna.message('Are you still there?').waitFor();
    },
  },
  {
    name: 'a supervisor watches unseen, whispers, joins, and takes over',
    play: async ({ world, anna, sam, look }) => {
      await sam.go('All live');
      await sam.page.locator('.row', { hasText: 'Anna Berg' }).click();
      await sam.page.getByText('You are watching unseen.').waitFor();
      const conversationId = await conversationOf(world, 'Are you still there?');
      // The desk says so to the audit log once it shows the chat.
      await eventually(async () => {
        const { entries = [] } = await world.call('parley.gateway.v1.TenantService/ListAuditLog', {
          newestFirst: true,
          limit: 50,
        });
        const acts = entries.flatMap(({ event }) => event?.actPerformed ?? []);
        const watched = acts.filter(({ method }) => method?.endsWith('/MonitorConversation'));
        assert.ok(watched.some(({ targetId }) => targetId === conversationId));
      }, LONG);
      assert.equal(await anna.thread.getByText(/Supervisor/).count(), 0);
      await sam.page.keyboard.press('Alt+W');
      await sam.page.getByRole('textbox', { name: 'Whisper to the agent…' }).waitFor();
      await look.at(sam.page, 'desk-unseen', { phone: true });
      await sam.say(WHISPER);
      await anna.thread.locator('[data-kind="whisper"]', { hasText: WHISPER }).waitFor();
      await anna.thread.getByText('Sam Rivera whispers').waitFor();
      await look.at(anna.page, 'desk-whisper', { phone: true });

      await sam.page.getByRole('button', { name: 'Join', exact: true }).click();
      await sam.page.getByText('You have joined.').waitFor();
      await anna.thread.getByText('Supervisor Sam Rivera joined').waitFor();
      await sam.reply();
      await sam.say('Sam here, I look after you as well.');
      await visitor().chat.getByText('I look after you as well').waitFor();

      await sam.page.keyboard.press('Alt+O');
      await sam.page.getByText('Anna Berg will leave').waitFor();
      await sam.page.getByRole('dialog').getByRole('button', { name: 'Take over' }).click();
      await anna.thread.getByText('Sam Rivera took the chat over').waitFor();
      await anna.page.getByText('No chats right now').waitFor();
      await sam.say('It is yours and mine now.');
      await visitor().chat.getByText('It is yours and mine now.').waitFor();
      assert.ok(
        !visitor().received.some((frame) => frame.includes('walrus')),
        'the whisper reached the visitor',
      );
      await sam.resolve();
      await visitor().page.context().close();
    },
  },
];
