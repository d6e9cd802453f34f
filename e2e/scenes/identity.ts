import assert from 'node:assert/strict';
import { fetchJson } from '@parley/client';
import { eventually } from '@parley/testkit';
import { SignJWT } from 'jose';
import { conversationOf, endChats } from '../people.js';
import { parley, Shop } from '../shop.js';
import type { Scene } from '../story.js';
import type { World } from '../world.js';

const LONG = { timeoutMs: 30_000 };
const CONVERSATION = 'parley.conversation.v1.ConversationService';
const KEY = 'the-identity-key-of-the-demo-shop-0001';
const ASKED = 'Is my order from Tuesday on its way?';
const MORE = 'It is number 4711.';
const NEW = 'Hello, I am new here.';

/** As the shop's server signs it. */
const signed = (): Promise<string> =>
  new SignJWT({ name: 'Vera Lindqvist', email: 'vera@example.com' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('customer-17')
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(KEY));

/** Two tabs of one browser on the shop. */
const twoTabs = async (world: World): Promise<[Shop, Shop]> => {
  const first = new Shop(
    await world.open({ viewport: { width: 1280, height: 800 } }),
    world.shopNetwork.origin,
  );
  const second = new Shop(world.observe(await first.page.context().newPage()), first.origin);
  return [first, second];
};

/** Two tabs with the chat of a visitor who has just asked something. */
const chatInTwoTabs = async (world: World): Promise<[Shop, Shop]> => {
  const [first, second] = await twoTabs(world);
  await first.visit();
  await first.openChat();
  await first.say(ASKED);
  await first.markOf(ASKED).getByText('Sent').waitFor();
  await second.visit('help.html');
  await second.chat.getByText(ASKED).waitFor();
  return [first, second];
};

/** Either tab goes on in the same conversation, and what the one writes the other shows. */
const bothGoOn = async ([first, second]: readonly [Shop, Shop]): Promise<void> => {
  await second.say(MORE);
  for (const tab of [first, second])
    await eventually(async () => assert.deepEqual(await tab.texts(), [ASKED, MORE]), LONG);
  await first.markOf(MORE).getByText('Sent').waitFor();
};

/** That the visit is of the person whom the shop has vouched for. */
const isVera = async (world: World, { contactId }: Visit): Promise<void> => {
  const { contact } = await world.call(`${CONVERSATION}/GetContact`, { contactId });
  assert.deepEqual([contact?.name, contact?.verified], ['Vera Lindqvist', true]);
};

interface Visit {
  readonly token: string;
  readonly contactId: string;
}
/** What the frame's origin remembers of the visitor; undefined when nothing. */
const visitOf = async (world: World, { page }: Shop): Promise<Visit | undefined> => {
  const { origins } = await page.context().storageState();
  const values = origins.find(({ origin }) => origin === world.shopNetwork.origin)?.localStorage ?? [];
  const visit = values.find(({ name }) => name === 'parley.demo.visit')?.value;
  return visit ? (JSON.parse(visit) as Visit) : undefined;
};

/**
 * Keeps from the chat of a tab what other tabs store of the visit, as a browser does for a moment: its processes hear of
 * it one after the other. Ends with the returned function.
 */
const behind = async (shop: Shop): Promise<() => Promise<void>> => {
  await shop.frame().evaluate(() => {
    const here = globalThis as unknown as LateHere;
    const name = 'parley.demo.visit';
    const stored = Object.getPrototypeOf(here.localStorage) as LateHere['localStorage'];
    const read = stored.getItem;
    const before = here.localStorage.getItem(name);
    const late: Event[] = [];
    // Members, as a bundled function with a name of its own needs the bundle.
    here.hold = (event) => {
      if (event.key !== name) return;
      event.stopImmediatePropagation();
      late.push(event);
    };
    here.addEventListener('storage', here.hold, { capture: true });
    stored.getItem = function (key) {
      return key === name ? before : read.call(this, key);
    };
    here.catchUp = () => {
      stored.getItem = read;
      here.removeEventListener('storage', here.hold, { capture: true });
      for (const { type } of late) here.dispatchEvent(Object.assign(new Event(type), { key: name }));
    };
  });
  return () => shop.frame().evaluate(() => (globalThis as unknown as LateHere).catchUp());
};

/** The frame of a tab that is behind. */
interface LateHere extends EventTarget {
  readonly localStorage: { getItem: (this: unknown, name: string) => string | null };
  hold: (this: void, event: Event & { readonly key?: string }) => void;
  catchUp: (this: void) => void;
}

const greetedAnew = async (shop: Shop): Promise<void> => {
  await eventually(async () => assert.deepEqual(await shop.texts(), []), LONG);
};

/** People who log in and out on the site, in two tabs. */
export const identity: readonly Scene[] = [
  {
    name: 'who logs in on the site goes on with the chat as themselves, in both tabs',
    play: async (story) => {
      const { world, anna } = story;
      await anna.setStatus('Away');
      await endChats(world);
      await world.call('parley.gateway.v1.TenantService/UpdateTenant', { identityKey: KEY });
      const [first, second] = await chatInTwoTabs(world);
      const before = await visitOf(world, first);
      assert.ok(before);
      await parley(first, 'identify', { jwt: await signed() });
      const after = await eventually(async () => {
        const visit = await visitOf(world, first);
        assert.ok(visit && visit.token !== before.token, 'the session has not changed');
        return visit;
      }, LONG);
      await bothGoOn([first, second]);
      await isVera(world, after);
      // The inbox is a read model: it may hear of a message after both tabs have.
      await eventually(async () => {
        const { rows = [] } = await world.call(`${CONVERSATION}/ListInbox`, { scope: 'INBOX_SCOPE_ALL' });
        assert.deepEqual(
          rows.map(({ lastText }) => lastText),
          [MORE],
        );
      }, LONG);
      // The anonymous session is over, whoever has its token.
      await assert.rejects(
        fetchJson(world.httpUrl, `${CONVERSATION}/GetContact`, {}, { token: before.token }),
        /session has ended/,
      );
      await loggedOut(world, first, second, after);
      await endChats(world);
      await anna.setStatus('Available');
      await first.page.context().close();
    },
  },
  {
    name: 'who is back and logs in goes on with the chat, also in a tab that hears of it late',
    play: async ({ world, anna }) => {
      await anna.setStatus('Away');
      const [first, second] = await chatInTwoTabs(world);
      const before = await visitOf(world, first);
      const catchUp = await behind(second);
      const renewed = second.page.waitForResponse('**/*/StartVisitorSession');
      await parley(first, 'identify', { jwt: await signed() });
      // With the token that has ended, as it knows no other.
      assert.equal(((await renewed).request().postDataJSON() as Partial<Visit>).token, before?.token);
      await catchUp();
      await bothGoOn([first, second]);
      const after = await visitOf(world, first);
      assert.ok(
        after && after.contactId !== before?.contactId,
        'the customer of the scene before is not known',
      );
      await isVera(world, after);
      await endChats(world);
      await anna.setStatus('Available');
      await first.page.context().close();
    },
  },
  {
    name: 'who logs in goes on with the chat although the answer to it is lost',
    play: async ({ world, anna }) => {
      await anna.setStatus('Away');
      const [first, second] = await chatInTwoTabs(world);
      const before = await visitOf(world, first);
      let asked = 0;
      await first.page.route('**/*/IdentifyVisitor', async (route) => {
        if (++asked > 1) return route.continue();
        const answer = await route.fetch();
        assert.equal(answer.status(), 200, 'the login itself was refused');
        await route.abort('connectionreset');
      });
      await parley(first, 'identify', { jwt: await signed() });
      await eventually(async () => {
        const visit = await visitOf(world, first);
        assert.ok(visit && visit.contactId !== before?.contactId, 'the session has not changed');
        await isVera(world, visit);
      }, LONG);
      assert.ok(asked > 1, 'no answer was lost');
      await bothGoOn([first, second]);
      await endChats(world);
      await anna.setStatus('Available');
      await first.page.context().close();
    },
  },
  {
    name: 'who logs out is forgotten even by a page that is left before the chat was loaded',
    play: async ({ world, anna }) => {
      await anna.setStatus('Away');
      const [first] = await twoTabs(world);
      await first.visit();
      await first.openChat();
      await first.say(ASKED);
      await first.markOf(ASKED).getByText('Sent').waitFor();
      await conversationOf(world, ASKED);
      // The logout page says so at once, and the next one is there before any frame could have been.
      const held = '**/widget/?**';
      await first.page.route(held, () => undefined);
      await first.page.goto(`${first.origin}/demo/help.html`, { waitUntil: 'commit' });
      await first.launcher.waitFor();
      const before = await visitOf(world, first);
      assert.ok(before);
      await parley(first, 'shutdown');
      assert.deepEqual(await visitOf(world, first), before, 'the frame was there: nothing is shown by this');
      await first.page.unroute(held);
      await first.visit();
      await first.openChat();
      await greetedAnew(first);
      const after = await visitOf(world, first);
      assert.ok(after && after.contactId !== before.contactId, 'the next visitor is the one before');
      await endChats(world);
      await anna.setStatus('Available');
      await first.page.context().close();
    },
  },
];

/** The end of the first scene: logged out in one tab, the other knows nobody any more either. */
const loggedOut = async (world: World, first: Shop, second: Shop, before: Visit): Promise<void> => {
  await parley(first, 'shutdown');
  await first.page.locator('button.l').waitFor({ state: 'detached' });
  await greetedAnew(second);
  await eventually(
    () =>
      assert.rejects(
        fetchJson(world.httpUrl, `${CONVERSATION}/GetContact`, {}, { token: before.token }),
        /session has ended/,
      ),
    LONG,
  );
  await first.visit();
  await first.openChat();
  await greetedAnew(first);
  const after = await eventually(async () => {
    const visit = await visitOf(world, second);
    assert.ok(visit);
    return visit;
  }, LONG);
  assert.notEqual(after.contactId, before.contactId);
  // Somebody else writes now, to whom nothing of the first is sent.
  const others = [first.received.length, second.received.length];
  await second.openComposer();
  await second.say(NEW);
  await second.markOf(NEW).getByText('Sent').waitFor();
  await conversationOf(world, NEW);
  const later = [...first.received.slice(others[0]), ...second.received.slice(others[1])];
  assert.ok(!later.some((frame) => frame.includes(ASKED)), 'the chat of who logged out was sent');
};
