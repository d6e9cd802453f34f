import assert from 'node:assert/strict';
import type { events } from '@parley/client';
import { eventually } from '@parley/testkit';
import { conversationOf, endChats } from '../people.js';
import { parley, Shop } from '../shop.js';
import type { Scene } from '../story.js';
import { complainedOf, type World } from '../world.js';

const LONG = { timeoutMs: 30_000 };
const CONVERSATION = 'parley.conversation.v1.ConversationService';
const TENANTS = 'parley.gateway.v1.TenantService';
const ASKED = 'Do you sell single tent poles?';

const newShop = async (world: World): Promise<Shop> =>
  new Shop(await world.open({ viewport: { width: 1280, height: 800 } }), world.shopNetwork.origin);

/** What happened in a conversation. */
const eventsOf = async (world: World, conversationId: string): Promise<events.ConversationEvent[]> => {
  const { events = [] } = await world.call(`${CONVERSATION}/ListEvents`, { conversationId });
  return events.flatMap(({ event }) => event ?? []);
};

/** How many transcripts were mailed to an address. */
const mailsTo = async (world: World, address: string): Promise<number> => {
  const { mails = [] } = await world.call('parley.notification.v1.NotificationService/ListMail', {});
  return mails.filter(({ to }) => to === address).length;
};

const beforehand: Scene = {
  name: 'questions before the chat: what is missing or wrong is said, what was answered comes along',
  play: async ({ world, look }) => {
    const { tenant } = await world.call(`${TENANTS}/GetTenant`, {});
    const prechat = [
      { name: 'name', required: true },
      { name: 'email' },
      { name: 'order', label: 'Order number' },
    ];
    await world.call(`${TENANTS}/UpdateTenant`, { widget: { ...tenant?.widget, prechat } });
    const shop = await newShop(world);
    await shop.visit();
    await shop.openChat();
    const name = shop.chat.getByLabel('Name', { exact: true });
    const email = shop.chat.getByLabel('Email (optional)');
    const order = shop.chat.getByLabel('Order number (optional)');
    await order.fill(' 4711 ');
    await shop.say(ASKED);
    await shop.chat.getByText('Please fill this in.').waitFor();
    await shop.chat.locator('input[name="name"]:focus').waitFor();
    await name.fill('Mika Aalto');
    await shop.chat.getByText('Please fill this in.').waitFor({ state: 'detached' });
    await email.fill('mika@');
    await shop.composer.press('Enter');
    await shop.chat.getByText('Please check this address.').waitFor();
    await look.at(shop.page, 'widget-prechat', { phone: true });
    await shop.chat.locator('input[name="email"]:focus').waitFor();
    assert.deepEqual(await shop.texts(), [], 'it was sent without answers');
    await email.fill('mika@example.com');
    assert.equal(await shop.composer.inputValue(), ASKED, 'what was written is lost');
    await shop.composer.press('Enter');
    await shop.markOf(ASKED).getByText('Sent').waitFor();
    const conversationId = await conversationOf(world, ASKED);
    const { conversation } = await world.call(`${CONVERSATION}/GetConversation`, { conversationId });
    const { contactId = '' } = conversation ?? {};
    const { contact } = await world.call(`${CONVERSATION}/GetContact`, { contactId });
    assert.deepEqual([contact?.name, contact?.email], ['Mika Aalto', 'mika@example.com']);
    const started = (await eventsOf(world, conversationId)).flatMap((event) => event.started ?? []);
    assert.deepEqual(
      started.map((each) => each.prechat),
      [{ order: '4711' }],
    );
    await endChats(world);
    await world.call(`${TENANTS}/UpdateTenant`, { widget: tenant?.widget ?? {} });
    await shop.page.context().close();
  },
};

const mailed: Scene = {
  name: 'a transcript that is asked for during the chat is mailed once, after its end, and the words say so',
  play: async ({ world, look }) => {
    const [during, after] = ['tuuli@example.com', 'tuuli@office.example'];
    const shop = await newShop(world);
    const { chat, page } = shop;
    const menu = chat.getByRole('button', { name: 'Menu' });
    const item = chat.getByRole('menuitem', { name: 'Mail me the transcript' });
    await shop.visit();
    await shop.openChat();
    await page.context().setOffline(true);
    await shop.say(ASKED);
    await shop.markOf(ASKED).getByText('Sending').waitFor();
    await menu.click();
    await chat.getByRole('menuitem', { name: 'Turn sound on' }).waitFor();
    assert.equal(await item.count(), 0, 'there is nothing to be mailed yet');
    await page.keyboard.press('Escape');
    await page.context().setOffline(false);
    await shop.markOf(ASKED).getByText('Sent').waitFor();

    await menu.click();
    await item.click();
    await chat.getByRole('textbox', { name: 'Email' }).fill(during);
    await page.route(
      '**/*/SendTranscript',
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await chat.getByRole('button', { name: 'Send transcript' }).click();
    await chat.getByText('That did not work. Please try again.').waitFor();
    await chat.getByRole('button', { name: 'Send transcript' }).click();
    await chat.getByText('You get the transcript once this chat has ended.').waitFor();
    await look.at(page, 'widget-mail-later', { phone: true });
    assert.equal(await mailsTo(world, during), 0);
    await conversationOf(world, ASKED);
    await endChats(world);
    await chat.getByText('The transcript is on its way.').waitFor();
    await chat.getByRole('button', { name: 'Close' }).click();

    const mailTo = async (address: string): Promise<void> => {
      await chat.getByRole('button', { name: 'Mail me the transcript' }).click();
      await chat.getByRole('textbox', { name: 'Email' }).fill(address);
      await chat.getByRole('button', { name: 'Send transcript' }).click();
    };
    await mailTo(after);
    await chat.getByText('The transcript is on its way.').waitFor();
    for (const address of [after, during])
      await eventually(async () => assert.equal(await mailsTo(world, address), 1), LONG);

    // Five of a chat; another try would be in vain, and says so.
    for (const name of ['third', 'fourth', 'fifth']) {
      await chat.getByRole('button', { name: 'Close' }).click();
      await mailTo(`${name}@example.com`);
      await chat.getByText('The transcript is on its way.').waitFor();
    }
    await chat.getByRole('button', { name: 'Close' }).click();
    await mailTo('sixth@example.com');
    await chat.getByText('No more transcripts can be mailed today.').waitFor();
    assert.equal(await mailsTo(world, during), 1, 'it was mailed again');
    await complainedOf(world, 429);
    await page.context().close();
  },
};

const sold: Scene = {
  name: 'a sale whose acknowledgement is lost, on a page that is left, counts once',
  play: async ({ world }) => {
    const shop = await newShop(world);
    const { page } = shop;
    await shop.visit();
    await shop.openChat();
    await shop.say(ASKED);
    await shop.markOf(ASKED).getByText('Sent').waitFor();
    const conversationId = await conversationOf(world, ASKED);
    const sales = async () =>
      (await eventsOf(world, conversationId)).flatMap(({ conversionRecorded }) => conversionRecorded ?? []);
    const ids: string[] = [];
    await page.route('**/*/RecordConversion', async (route) => {
      ids.push((route.request().postDataJSON() as { conversionId: string }).conversionId);
      if (ids.length === 2) await route.fetch();
      await route.abort();
    });
    await parley(shop, 'track', 'conversion', { name: 'purchase', value: 4990, currency: 'EUR' });
    await eventually(async () => assert.equal((await sales()).length, 1), LONG);
    await page.goto('about:blank');
    await page.unroute('**/*/RecordConversion');
    const again = page.waitForResponse('**/*/RecordConversion');
    await shop.visit('cart.html');
    const answer = await again;
    assert.equal(answer.status(), 200);
    ids.push((answer.request().postDataJSON() as { conversionId: string }).conversionId);
    assert.equal(new Set(ids).size, 1, 'a try had another id');
    assert.deepEqual(
      (await sales()).map(({ name, value, currency }) => [name, value, currency]),
      [['purchase', '4990', 'EUR']],
    );
    await endChats(world);
    await page.context().close();
  },
};

const relearned: Scene = {
  name: 'a language that is chosen while the chat is open is the one that the visitor is served in',
  play: async ({ world }) => {
    const shop = await newShop(world);
    const { chat, page } = shop;
    await shop.visit();
    await shop.openChat();
    const asked = page.waitForRequest(
      (request) =>
        request.url().endsWith('/GetAvailability') &&
        (request.postDataJSON() as { locale?: string }).locale === 'de',
    );
    await parley(shop, 'update', { locale: 'de' });
    await chat.locator('html[lang="de"]').waitFor();
    await asked;
    const text = 'Verkauft ihr einzelne Zeltstangen?';
    await shop.say(text);
    await shop.markOf(text).getByText('Gesendet').waitFor();
    const conversationId = await conversationOf(world, text);
    const { conversation } = await world.call(`${CONVERSATION}/GetConversation`, { conversationId });
    assert.equal(conversation?.locale, 'de');
    await parley(shop, 'update', { locale: 'en' });
    await chat.getByRole('button', { name: 'Menu' }).click();
    await chat.getByRole('menuitem', { name: 'Mail me the transcript' }).click();
    await chat.getByRole('textbox', { name: 'Email' }).fill('tuuli@example.com');
    const wish = page.waitForRequest('**/*/SendTranscript');
    await chat.getByRole('button', { name: 'Send transcript' }).click();
    assert.equal(((await wish).postDataJSON() as { locale: string }).locale, 'en');
    await endChats(world);
    await chat.getByText('The transcript is on its way.').waitFor();
    // Nothing happens in the chat any more that the page would hear of.
    await parley(shop, 'update', { locale: 'ar' });
    await page.getByRole('button', { name: 'المحادثة' }).waitFor();
    await page.context().close();
  },
};

/** What a visitor is asked and may ask for around the chat itself; needs nobody at a desk. */
export const widget: readonly Scene[] = [beforehand, mailed, sold, relearned];
