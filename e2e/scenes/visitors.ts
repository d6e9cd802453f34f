import assert from 'node:assert/strict';
import { fetchJson, type Methods, newId } from '@parley/client';
import { eventually } from '@parley/testkit';
import { Desk } from '../desk.js';
import { conversationOf, endChats, putDefaultQueue } from '../people.js';
import { Shop } from '../shop.js';
import type { Scene } from '../story.js';
import { TENANT, type World } from '../world.js';

const LONG = { timeoutMs: 30_000 };
const CONVERSATION = 'parley.conversation.v1.ConversationService';
const ROUTING = 'parley.routing.v1.RoutingService';
const PHONE = { phone: true };
const LEFT = 'Do you mend zips?';

const newShop = async (world: World, more: { timezoneId?: string } = {}): Promise<Shop> =>
  new Shop(await world.open({ viewport: { width: 1280, height: 800 }, ...more }), world.shopNetwork.origin);

/** Calls methods as a person of the seed. */
const as = async (world: World, userId: string) => {
  const { email, password } = world.login(userId);
  const login = { tenant: TENANT, email, password };
  const { tokens } = await fetchJson(world.httpUrl, 'parley.gateway.v1.AuthService/Login', login);
  return <M extends keyof Methods>(method: M, request: Methods[M][0]): Promise<Methods[M][1]> =>
    fetchJson(world.httpUrl, method, request, { token: tokens?.accessToken ?? '' });
};

/** The default queue with these hours; empty: always open. */
const putQueue = (world: World, scheduleId: string) =>
  putDefaultQueue(world, { scheduleId, replyPromiseMinutes: 120 });

/** A zone in which it is between twelve and one: nowhere else is midnight further away. */
const zoneAtNoon = (): string => {
  const ahead = 12 - new Date().getUTCHours();
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
};

/** Closed today and open from nine to five on every other day, in this zone. */
const closedToday = async (world: World, timeZone: string): Promise<void> => {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone }).format(Date.now());
  const weekly = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, fromMinute: 9 * 60, toMinute: 17 * 60 }));
  await world.call(`${ROUTING}/PutSchedule`, {
    commandId: newId(),
    schedule: {
      scheduleId: 'office',
      name: 'Office',
      timeZone,
      weekly,
      exceptions: [{ date: today, name: 'Stocktaking' }],
    },
  });
  await putQueue(world, 'office');
};

const closed: Scene = {
  name: 'outside of the hours a visitor sees when it opens, leaves a message and is promised an answer',
  play: async ({ world, look }) => {
    const timezoneId = zoneAtNoon();
    await closedToday(world, timezoneId);
    const late = await newShop(world, { timezoneId });
    await late.visit('help.html');
    // The pointer on its way loads the chat: what is there when it opens does not make place for a form then.
    const greeted = late.page.waitForResponse('**/*/StartVisitorSession');
    await late.launcher.hover();
    await greeted;
    await late.chat.locator('.welcome').waitFor({ state: 'attached' });
    assert.equal(await late.composer.count(), 0, 'who may write is not known yet');
    await late.launcher.click();
    await late.chat.getByRole('heading', { name: 'We are closed right now.' }).waitFor();
    await late.chat.getByText(/^We open again tomorrow 9:00/).waitFor();
    assert.equal(await late.composer.count(), 0, 'no chat can be begun');
    await late.chat.getByText('Opening hours').click();
    await late.chat.getByText('Closed · Stocktaking').waitFor();
    await look.at(late.page, 'widget-closed', PHONE);
    await late.chat.getByText('Opening hours').click();
    await late.chat.getByRole('button', { name: 'Leave message' }).click();
    await late.chat.getByText('Please fill this in.').waitFor();
    await late.form.getByLabel('Message').fill(LEFT);
    await late.form.getByLabel(/^Email/).fill('noor@');
    await late.chat.getByText('Please check this address.').waitFor();
    await look.at(late.page, 'widget-message-form', PHONE);
    await late.form.getByLabel(/^Email/).fill('noor@example.com');
    await late.form.getByLabel(/^Name/).fill('Noor de Vries');
    await late.chat.getByRole('button', { name: 'Leave message' }).click();
    await late.chat.getByText('Thank you, we have your message.').waitFor();
    // Two hours of open time after nine.
    await late.chat.getByText(/^You get an answer by tomorrow 11:00/).waitFor();
    await late.chat.getByText('The answer appears here and goes to noor@example.com.').waitFor();
    await look.at(late.page, 'widget-message-taken', PHONE);
    await late.minimise();
    await answered(world, late);
    await look.at(late.page, 'widget-follow-up', PHONE);
    await putQueue(world, '');
    await late.page.context().close();
  },
};

/** The desk answers while the visitor is away; they see it counted on their return. */
const answered = async (world: World, late: Shop): Promise<void> => {
  await late.page.goto('about:blank');
  const conversationId = await eventually(async () => {
    const { followUps = [] } = await world.call(`${CONVERSATION}/ListFollowUps`, {});
    const left = followUps.find(({ text }) => text === LEFT);
    assert.ok(left?.conversationId, 'no message waits for an answer');
    return left.conversationId;
  }, LONG);
  const text = 'We do, within a week.';
  const anna = await as(world, 'anna');
  await anna(`${CONVERSATION}/AnswerFollowUp`, { conversationId, messageId: newId(), text });
  await late.visit('help.html');
  await late.launcher.getByText('1', { exact: true }).waitFor();
  await late.launcher.click();
  await late.chat.getByText(text).waitFor();
  await late.chat.getByText('Your message was answered.').waitFor();
  await late.launcher.getByText('1', { exact: true }).waitFor({ state: 'detached' });
};

const waiting: Scene = {
  name: 'who waits sees place and range, and may leave a message instead with what they wrote',
  play: async ({ world, anna, look }) => {
    await anna.setStatus('Away');
    await endChats(world);
    const first = await newShop(world);
    await first.visit();
    await first.openChat();
    await first.chat.getByText('Nobody can chat right now.').waitFor();
    const greeting = first.chat.getByText('We are here.');
    assert.equal(await greeting.count(), 0, 'the greeting says that somebody is there');
    await look.at(first.page, 'widget-nobody-there', PHONE);
    await first.say('Is the Skagen 2 back in stock?');
    await first.chat.getByText('You are next').waitFor();
    await first.chat.getByText('Nobody is there right now. Your chat waits').waitFor();
    assert.equal(await first.chat.getByText('Somebody will be with you soon').count(), 0);
    assert.equal(await greeting.count(), 0, 'the greeting says so over what was written');
    const second = await newShop(world);
    // The platform is too young to know how long waiting takes: it is told by the way.
    await second.page.routeWebSocket(/\/ws$/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => {
        const frame = JSON.parse(String(message)) as { reply?: { response?: Record<string, unknown> } };
        const { response } = frame.reply ?? {};
        if (response && 'position' in response)
          response['estimate'] = { lowSeconds: 130, medianSeconds: 200, highSeconds: 290 };
        socket.send(JSON.stringify(frame));
      });
    });
    await second.visit();
    await second.openChat();
    await second.say('Which tent for two weeks of rain?');
    await second.chat.getByText('You are number 2 in line').waitFor();
    await second.chat.getByText('Usually 2–5 minutes').waitFor();
    await look.at(second.page, 'widget-waiting-range', PHONE);
    await second.chat.getByRole('button', { name: 'Leave a message instead' }).click();
    await second.chat.getByText('What you wrote in the chat is kept.').waitFor();
    await look.at(second.page, 'widget-message-instead', PHONE);
    await second.chat.getByRole('button', { name: 'Keep waiting' }).click();
    await second.chat.getByRole('button', { name: 'Leave a message instead' }).click();
    await second.chat.getByRole('button', { name: 'Leave message' }).click();
    await second.chat.getByText('Thank you, we have your message.').waitFor();
    assert.deepEqual(await second.texts(), ['Which tent for two weeks of rain?']);
    // Nobody is left waiting for the scenes to come.
    await first.chat.getByRole('button', { name: 'Menu' }).click();
    await first.chat.getByRole('menuitem', { name: 'End chat' }).click();
    await first.chat.getByRole('menuitem', { name: 'End chat' }).click();
    await first.chat.getByRole('button', { name: 'Start a new chat' }).waitFor();
    for (const shop of [first, second]) await shop.page.context().close();
  },
};

const transferred: Scene = {
  name: 'a visitor sees that they are handed over, put on hold, joined by a supervisor',
  play: async ({ world, anna, look }) => {
    const [byAnna, byBen, bySam] = [await as(world, 'anna'), await as(world, 'ben'), await as(world, 'sam')];
    const ben = new Desk(
      await world.open({ viewport: { width: 1280, height: 800 } }),
      world.deskNetwork.origin,
    );
    await ben.open();
    await ben.signIn(world.login('ben'));
    await ben.setStatus('Away');
    await endChats(world);
    await anna.setStatus('Available');
    const shop = await newShop(world);
    await shop.visit();
    await shop.openChat();
    const text = 'My order is missing a sleeping bag.';
    await shop.say(text);
    const conversationId = await conversationOf(world, text);
    const accept = async (call: typeof byAnna): Promise<void> => {
      const offerId = await eventually(async () => {
        const { offers = [] } = await call(`${ROUTING}/ListOffers`, {});
        const { offerId: pending } = offers.find((offer) => offer.conversationId === conversationId) ?? {};
        assert.ok(pending, 'the chat is not offered');
        return pending;
      }, LONG);
      await call(`${ROUTING}/AcceptOffer`, { offerId });
    };
    await accept(byAnna);
    await shop.chat.getByText('Anna Berg joined the chat').waitFor();
    await byAnna(`${CONVERSATION}/HoldConversation`, { conversationId, commandId: newId() });
    await shop.chat.getByText('Anna Berg asked you to wait a moment').waitFor();
    await byAnna(`${CONVERSATION}/ResumeConversation`, { conversationId, commandId: newId() });
    await shop.chat.getByText('Anna Berg is back').waitFor();
    await ben.setStatus('Available');
    await byAnna(`${CONVERSATION}/TransferConversation`, {
      conversationId,
      transferId: newId(),
      toAgentId: 'ben',
      summary: 'Zebra: a sleeping bag is missing from the order.',
      mode: 'MODE_COLD',
    });
    await accept(byBen);
    await shop.chat.getByText('Anna Berg handed you over to Ben Okafor').waitFor();
    await bySam(`${CONVERSATION}/JoinAsSupervisor`, { conversationId, commandId: newId() });
    await shop.chat.getByText('Sam Rivera joined the chat as well').waitFor();
    await shop.chat.getByRole('heading', { name: 'Ben Okafor and Sam Rivera' }).waitFor();
    await bySam(`${CONVERSATION}/WhisperToAgent`, {
      conversationId,
      whisperId: newId(),
      text: 'Zebra voucher!',
    });
    await byBen(`${CONVERSATION}/SendMessage`, {
      conversationId,
      messageId: newId(),
      text: 'It left the warehouse this morning.',
    });
    await shop.chat.getByText('It left the warehouse').waitFor();
    assert.ok(
      !shop.received.some((frame) => /zebra/i.test(frame)),
      'summary or whisper was sent to the visitor',
    );
    await look.at(shop.page, 'widget-transfer', PHONE);
    await byBen(`${CONVERSATION}/CloseConversation`, {
      conversationId,
      commandId: newId(),
      reason: 'CLOSE_REASON_RESOLVED',
    });
    await shop.chat.getByRole('button', { name: 'Start a new chat' }).waitFor();
    await byBen('parley.presence.v1.PresenceService/SetStatus', { status: 'AGENT_STATUS_OFFLINE' });
    await shop.page.context().close();
    await ben.page.context().close();
  },
};

/** What visitors see around a chat: hours, waiting, messages for later, hand-overs. */
export const visitors: readonly Scene[] = [closed, waiting, transferred];
