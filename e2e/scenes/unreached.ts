import assert from 'node:assert/strict';
import { eventually } from '@parley/testkit';
import { conversationOf, endChats } from '../people.js';
import { parley, Shop } from '../shop.js';
import type { Scene } from '../story.js';
import { complainedOf, TENANT, type World } from '../world.js';

const LONG = { timeoutMs: 30_000 };
const TENANTS = 'parley.gateway.v1.TenantService';
const ASKED = 'Is the small tent light?';

const newShop = async (world: World): Promise<Shop> =>
  new Shop(await world.open({ viewport: { width: 1280, height: 800 } }), world.shopNetwork.origin);

const dressed: Scene = {
  name: 'colours and language that the page chooses are seen at once, also while the gateway starts no session',
  play: async ({ world }) => {
    const shop = await newShop(world);
    const { chat, page } = shop;
    await page.route('**/*/StartVisitorSession', (route) => route.abort());
    await shop.visit();
    await shop.launcher.click();
    await chat.getByText('The chat cannot be reached right now.').waitFor();
    await parley(shop, 'update', { theme: 'dark', accent: '#7a1f5c', locale: 'de' });
    await chat.getByText('Der Chat ist gerade nicht erreichbar.').waitFor();
    await chat.locator('html[lang="de"][data-theme="dark"][style*="--accent: #7a1f5c"]').waitFor();
    await parley(shop, 'update', { accent: '' });
    await chat.locator('html:not([style*="--accent"]):not([style*="--on-accent"])').waitFor();
    await page.unroute('**/*/StartVisitorSession');
    await shop.openComposer();
    await page.context().close();
  },
};

const opened: Scene = {
  name: 'a gateway that asks for time gets it, and who opens the chat by hand is not made to wait for that',
  play: async ({ world }) => {
    const shop = await newShop(world);
    const { chat, page } = shop;
    await page.clock.install();
    let tries = 0;
    await page.route('**/*/StartVisitorSession', (route) => {
      tries++;
      return route.fulfill({ status: 503, json: { code: 14, retryAfterMs: 600_000 } });
    });
    await shop.visit();
    await shop.launcher.hover();
    const lost = chat.getByText('The chat cannot be reached right now.');
    await lost.waitFor({ state: 'attached' });
    await page.clock.fastForward(300_000);
    // A try that is under way would have this lock.
    await shop.frame().evaluate(`navigator.locks.request('parley.${TENANT}.visit', () => undefined)`);
    assert.equal(tries, 1, 'it was tried again before');
    await page.unroute('**/*/StartVisitorSession');
    await shop.openChat();
    await lost.waitFor({ state: 'detached' });
    await complainedOf(world, 503);
    await page.context().close();
  },
};

/** What the loader has stored of the chat for the next page. */
const keptOn = ({ page }: Shop): Promise<{ active?: boolean; accent?: string }> =>
  page.evaluate(`JSON.parse(localStorage['parley.${TENANT}'])`);

const remembered: Scene = {
  name: 'what a page keeps of an open chat for the next one stays while the gateway starts no session, and while the chat loads',
  play: async ({ world }) => {
    const { tenant } = await world.call(`${TENANTS}/GetTenant`, {});
    const accentColor = '#7a1f5c';
    await world.call(`${TENANTS}/UpdateTenant`, { widget: { ...tenant?.widget, accentColor } });
    const shop = await newShop(world);
    const { chat, page } = shop;
    await shop.visit();
    await shop.openChat();
    await shop.say(ASKED);
    await shop.markOf(ASKED).getByText('Sent').waitFor();
    await conversationOf(world, ASKED);
    await shop.minimise();
    const known = { active: true, accent: accentColor };
    const isKnown = async (): Promise<void> => {
      const { active, accent } = await keptOn(shop);
      assert.deepEqual({ active, accent }, known);
    };
    await eventually(isKnown, LONG);

    await page.route('**/*/StartVisitorSession', (route) => route.abort());
    await shop.visit('cart.html');
    await chat.getByText('The chat cannot be reached right now.').waitFor({ state: 'attached' });
    await isKnown();
    // The shop chooses a colour; without it the tenant's own is seen.
    await parley(shop, 'update', { accent: '' });
    await page.locator(`[style*="--a: ${accentColor}"]`).waitFor({ state: 'attached' });
    await page.unroute('**/*/StartVisitorSession');
    await page.addInitScript(`{
      window.kept = [];
      const { setItem } = Storage.prototype;
      Storage.prototype.setItem = function (name, value) {
        if (name === 'parley.${TENANT}') kept.push(JSON.parse(value).active);
        setItem.call(this, name, value);
      };
    }`);
    await shop.visit('help.html');
    await shop.messages.getByText(ASKED).waitFor({ state: 'attached' });
    await eventually(async () => {
      const kept = await page.evaluate<boolean[]>('kept');
      assert.deepEqual([...new Set(kept)], [true]);
    }, LONG);
    await endChats(world);
    await eventually(async () => assert.equal((await keptOn(shop)).active, false), LONG);
    await world.call(`${TENANTS}/UpdateTenant`, { widget: tenant?.widget ?? {} });
    await page.context().close();
  },
};

/** The widget while the gateway starts no session; needs nobody at a desk. */
export const unreached: readonly Scene[] = [opened, dressed, remembered];
