import assert from 'node:assert/strict';
import { eventually } from '@parley/testkit';
import type { Page } from 'playwright-core';
import { CustomerSite } from '../customer-site.js';
import { conversationOf, endChats } from '../people.js';
import { parley, Shop } from '../shop.js';
import type { Scene } from '../story.js';
import { TENANT, type World } from '../world.js';

const LONG = { timeoutMs: 30_000 };
const CONVERSATION = 'parley.conversation.v1.ConversationService';
const TENANTS = 'parley.gateway.v1.TenantService';
const GREETED = 'Hello from Tromsø!';
const ASKED = 'Do you ship to Svalbard?';
const SIZE = { width: 1280, height: 800 };

/** Where launcher and frame stand, as the page's scripts reach it. */
const SHADOW = `document.querySelector('body > :last-child').shadowRoot`;

/** Plays on a customer's own site. */
const onSite =
  (play: (site: CustomerSite, story: Parameters<Scene['play']>[0]) => Promise<void>): Scene['play'] =>
  async (story) => {
    const site = await new CustomerSite(story.world.shopNetwork.origin).listen();
    try {
      await play(site, story);
    } finally {
      site.close();
    }
  };

/** A page of the site. `observe` false: the browser is expected to complain. */
const visit = async (world: World, url: string, observe = true): Promise<Shop> => {
  const options = { viewport: SIZE, locale: 'en-GB' };
  const page = observe
    ? await world.open(options)
    : await (await world.browser.newContext(options)).newPage();
  const shop = new Shop(page, new URL(url).origin);
  await page.goto(url);
  return shop;
};

/** The widget's events that the page has heard, in their order; `unread` comes with every change of the chat. */
const heard = async ({ page }: Shop): Promise<string[]> =>
  (await page.evaluate<[string, unknown][]>('heard'))
    .filter(([name]) => name !== 'unread')
    .map(([name]) => name);

const hears = (shop: Shop, names: readonly string[]): Promise<unknown> =>
  eventually(async () => assert.deepEqual(await heard(shop), names), LONG);

const frameOf = ({ page }: Shop) => page.locator('iframe[title="Chat"]');
const isOpen = (shop: Shop): Promise<void> => shop.composer.or(shop.form).first().waitFor();

/** Whether the launcher stands in the left half of the page. */
const isLeft = async ({ launcher }: Shop): Promise<boolean> => {
  const { x = NaN } = (await launcher.boundingBox()) ?? {};
  return x < SIZE.width / 2;
};

const commanded = onSite(async (site, { world }) => {
  const shop = await visit(world, `${site.elsewhere}/`);
  const { page, chat, launcher } = shop;
  await isOpen(shop);
  assert.deepEqual(await heard(shop), ['show'], 'the page listened too late for what it asked for before');
  await chat.locator('html[data-theme="dark"]').waitFor();
  assert.ok(await isLeft(shop));
  await parley(shop, 'update', { position: 'right', theme: 'light' });
  await chat.locator('html[data-theme="light"]').waitFor();
  assert.ok(!(await isLeft(shop)));

  await parley(shop, 'hide');
  await frameOf(shop).waitFor({ state: 'hidden' });
  await launcher.getByText('Ask us').waitFor();
  await parley(shop, 'update', { launcherText: 'Help' });
  await launcher.getByText('Help').waitFor();
  assert.deepEqual(await heard(shop), ['show', 'hide']);
  await page.evaluate(`window.off = Parley('on', 'show', () => heard.push(['show again', null]))`);
  await launcher.click();
  await isOpen(shop);
  assert.deepEqual(await heard(shop), ['show', 'hide', 'show', 'show again']);
  await page.evaluate('off()');
  await shop.minimise();
  await parley(shop, 'show');
  assert.deepEqual(await heard(shop), ['show', 'hide', 'show', 'show again', 'hide', 'show']);

  await assert.rejects(shop.frame().evaluate('localStorage'), /Access is denied/);
  await shop.openComposer();
  await shop.say(GREETED);
  await shop.markOf(GREETED).getByText('Sent').waitFor();
  await conversationOf(world, GREETED);
  await endChats(world);
  await page.context().close();
});

const chatted = onSite(async (site, { world, anna }) => {
  await endChats(world);
  await anna.setStatus('Available');
  const shop = await visit(world, `${site.beside}/`);
  const { page } = shop;
  const views: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/RecordPageView')) views.push(request.url());
  });
  await shop.openComposer();
  await parley(shop, 'identify', { name: 'Tuuli Laine', email: 'tuuli@example.com' });
  await shop.say(ASKED);
  await shop.markOf(ASKED).getByText('Sent').waitFor();
  const conversationId = await conversationOf(world, ASKED);
  const { conversation } = await world.call(`${CONVERSATION}/GetConversation`, { conversationId });
  const { contactId = '' } = conversation ?? {};
  const { contact } = await world.call(`${CONVERSATION}/GetContact`, { contactId });
  assert.deepEqual([contact?.name, contact?.email], ['Tuuli Laine', 'tuuli@example.com']);
  await anna.accept(ASKED);
  await hears(shop, ['show', 'chat:queued', 'chat:active']);

  await parley(shop, 'hide');
  await anna.say('We do, by ship.');
  await shop.launcher.getByText('1', { exact: true }).waitFor();
  await eventually(async () => {
    const all = await page.evaluate<[string, unknown][]>('heard');
    assert.deepEqual(all.findLast(([name]) => name === 'unread')?.[1], 1);
  }, LONG);
  assert.deepEqual(views, [], 'a page view was recorded without consent');
  const viewed = page.waitForResponse('**/*/RecordPageView');
  await parley(shop, 'consent', true);
  assert.equal((await viewed).status(), 200);
  await parley(shop, 'track', 'conversion', {
    name: 'purchase',
    value: 4990,
    currency: 'EUR',
    id: 'order-17',
  });
  await anna.thread.getByText(/Conversion: purchase .*49/).waitFor();

  await page.reload();
  await hears(shop, ['show', 'chat:active']);
  await eventually(async () => assert.deepEqual(await shop.texts(), [ASKED, 'We do, by ship.']), LONG);
  await endChats(world);
  await hears(shop, ['show', 'chat:active', 'chat:closed']);
  await parley(shop, 'shutdown');
  await shop.launcher.waitFor({ state: 'detached' });
  await parley(shop, 'boot', { tenant: TENANT });
  await parley(shop, 'show');
  await isOpen(shop);
  assert.deepEqual(await shop.texts(), [], 'who logged out is still known');
  await page.context().close();
});

const booted = onSite(async (site, { world }) => {
  const shop = await visit(world, `${site.elsewhere}/own`);
  const { page, launcher } = shop;
  await page.waitForFunction(`!('q' in Parley)`);
  assert.equal(await launcher.count(), 0, 'nobody has asked for the widget yet');
  await parley(shop, 'boot', { tenant: TENANT, accent: '#7a1f5c' });
  await launcher.waitFor();
  assert.equal(
    await page.evaluate(`getComputedStyle(${SHADOW}.querySelector('.l')).backgroundColor`),
    'rgb(122, 31, 92)',
  );
  await shop.openChat();
  assert.equal(new URL(shop.frame().url()).origin, world.shopNetwork.origin);
  await page.context().close();
});

/** Puts the chat's frame up by hand for a page that says it is of this origin. */
const frameBeside = async (page: Page, gateway: string, origin: string) => {
  const query = new URLSearchParams({ tenant: TENANT, origin });
  const src = `${gateway}/widget/?${query.toString()}`;
  await page.evaluate(`{
    const looks = { title: 'Beside', src: ${JSON.stringify(src)} };
    document.body.append(Object.assign(document.createElement('iframe'), looks));
  }`);
  // By its element, as the widget's own frame may have the same address.
  const frame = await (await page.locator('[title="Beside"]').elementHandle())?.contentFrame();
  assert.ok(frame, 'there is no second frame');
  await frame.waitForURL(src);
  return frame;
};

/** Whether such a frame obeys the page. */
const obeys = async (page: Page, gateway: string, origin: string): Promise<boolean> => {
  const frame = await frameBeside(page, gateway, origin);
  await frame.evaluate(
    `void (window.told = new Promise((done) => addEventListener('message', () => setTimeout(done))))`,
  );
  await page.evaluate(`document.querySelector('[title="Beside"]').contentWindow.postMessage({ parley: {
    type: 'settings', settings: { theme: 'dark' }, page: { url: location.href, title: '' }, referrer: '',
  } }, '*')`);
  const theme = await frame.evaluate(`told.then(() => document.documentElement.dataset.theme)`);
  await page.evaluate(`document.querySelector('[title="Beside"]').remove()`);
  return theme === 'dark';
};

const overheard = onSite(async (site, { world }) => {
  const gateway = world.shopNetwork.origin;
  const shop = await visit(world, `${site.elsewhere}/`, false);
  const { page } = shop;
  await isOpen(shop);
  const forged = `{ parley: { type: 'event', name: 'chat:closed' } }`;
  const told = `new Promise((done) => addEventListener('message', ({ data }) => data.parley?.name && done()))`;
  const before = await heard(shop);
  // From the widget's own frame after it was led elsewhere; then from the gateway, but another frame.
  await page.evaluate(`(() => {
    const { contentWindow: source } = ${SHADOW}.querySelector('iframe');
    dispatchEvent(new MessageEvent('message', { data: ${forged}, origin: location.origin, source }));
  })()`);
  assert.deepEqual(await heard(shop), before);
  await page.evaluate(`void (window.told = ${told})`);
  const beside = await frameBeside(page, gateway, site.elsewhere);
  await beside.evaluate(`parent.postMessage(${forged}, '*')`);
  await page.evaluate('told');
  assert.deepEqual(await heard(shop), before);
  await shop.frame().evaluate(`parent.postMessage(${forged}, '*')`);
  await hears(shop, [...before, 'chat:closed']);
  await page.evaluate(`document.querySelector('[title="Beside"]').remove()`);

  assert.ok(await obeys(page, gateway, site.elsewhere));
  assert.ok(!(await obeys(page, gateway, gateway)), 'a page of another origin than was said was obeyed');
  await page.context().close();
});

const refused = onSite(async (site, { world }) => {
  const { tenant } = await world.call(`${TENANTS}/GetTenant`, {});
  const allow = (allowedOrigins: string[]) => world.call(`${TENANTS}/UpdateTenant`, { allowedOrigins });
  await allow(['https://shop.example']);
  const shop = await visit(world, 'about:blank', false);
  const { page } = shop;
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(`${site.elsewhere}/`);
  await shop.launcher.waitFor();
  await eventually(() => assert.match(complaints.join('\n'), /frame-ancestors/), LONG);
  assert.equal(await shop.composer.or(shop.form).count(), 0);
  const answer = await fetch(`${world.httpUrl}/parley.gateway.v1.AuthService/StartVisitorSession`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: site.elsewhere },
    body: JSON.stringify({ tenant: TENANT }),
  });
  assert.equal(answer.status, 403);
  assert.match(await answer.text(), /add the origin to the tenant's allowedOrigins/);
  await allow([site.elsewhere]);
  await page.reload();
  await isOpen(shop);
  await allow(tenant?.allowedOrigins ?? []);
  await page.context().close();
});

/** The widget as a customer embeds it: on a site of another origin, under a strict policy. */
export const embedding: readonly Scene[] = [
  {
    name: 'on a site of its own, under a strict policy, the widget does what the page says, from the first call on',
    play: commanded,
  },
  {
    name: 'a chat on that site: who, what they buy, what they consent to, a reload, logging out',
    play: chatted,
  },
  { name: 'a page boots the widget by itself, from a copy of the loader', play: booted },
  { name: 'page and chat hear each other only', play: overheard },
  { name: 'a site that the tenant does not allow gets no chat, one that it names does', play: refused },
];
