import assert from 'node:assert/strict';
import { fetchJson, newId } from '@parley/client';
import { eventually } from '@parley/testkit';
import { putDefaultQueue, visitorWho } from '../people.js';
import type { Scene } from '../story.js';
import { TENANT, type World } from '../world.js';

const LONG = { timeoutMs: 30_000 };
const ROUTING = 'parley.routing.v1.RoutingService';
const MAIL = 'lene@example.com';
const LEFT = 'Can I bring a borrowed tent back in Bergen instead of Oslo?';
const ANSWER = 'You can: any of our shops takes it back, Bergen until six.';

/** A message that a visitor leaves, without a browser. */
const leaveMessage = async (world: World): Promise<void> => {
  const { token = '' } = await fetchJson(world.httpUrl, 'parley.gateway.v1.AuthService/StartVisitorSession', {
    tenant: TENANT,
    locale: 'en',
  });
  await fetchJson(
    world.httpUrl,
    'parley.conversation.v1.ConversationService/StartConversation',
    {
      commandId: newId(),
      channel: 'CHANNEL_WEB_CHAT',
      locale: 'en',
      name: 'Lene',
      email: MAIL,
      messageId: newId(),
      text: LEFT,
      leaveMessage: true,
    },
    { token },
  );
};

/** Messages answered later, and how an agent's day ends. */
export const later: readonly Scene[] = [
  {
    name: 'a message that was left waits with its due time, is taken, answered by mail, and is done',
    play: async ({ world, anna, look }) => {
      await leaveMessage(world);
      await anna.page.getByRole('link', { name: 'Follow-ups' }).click();
      const row = anna.page.locator('.list .row', { hasText: LEFT });
      await row.waitFor();
      await row.getByText(/Queue \S/).waitFor();
      await row.click();
      await anna.message(LEFT).waitFor();
      await anna.page.getByRole('button', { name: 'Assign to me' }).click();
      await row.getByText('Anna Berg').waitFor();
      await anna.page.getByRole('button', { name: 'Change' }).click();
      await anna.page.getByLabel('Due', { exact: true }).fill('2031-05-06T10:30');
      await anna.page.getByRole('button', { name: 'Set', exact: true }).click();
      await anna.thread.getByText(/To be answered by 6 May 2031/).waitFor();
      await anna.page.getByText(`Goes by mail to ${MAIL}`).waitFor();
      await look.at(anna.page, 'desk-follow-up', { phone: true });
      const field = anna.page.getByRole('textbox', { name: 'Write the answer…' });
      await field.fill(ANSWER);
      await field.press('Control+Enter');
      await anna.page.getByText('Answer sent, also by mail.').waitFor();
      await anna.thread.getByText('Anna Berg answered the message, also by mail').waitFor();
      await row.waitFor({ state: 'detached' });
      await anna.page.getByRole('button', { name: 'Answered', exact: true }).click();
      await row.getByText(/^Answered/).waitFor();
      await look.at(anna.page, 'desk-follow-ups-answered', { phone: true });
      await eventually(async () => {
        const { mails = [] } = await world.call('parley.notification.v1.NotificationService/ListMail', {});
        assert.ok(mails.some(({ to, text }) => to === MAIL && text?.includes(ANSWER)));
      }, LONG);
    },
  },
  {
    name: 'after a chat there is time to wrap up, with its countdown, and a way to end it',
    play: async ({ world, anna, look }) => {
      await putDefaultQueue(world, { wrapUpSeconds: 120 });
      await anna.go('My chats');
      const visitor = await visitorWho(world, 'Do you wax jackets?', 'help.html');
      await anna.accept('Do you wax jackets?');
      await anna.resolve();
      await anna.page.getByText(/^Wrap-up 1:\d\d$/).waitFor();
      await look.at(anna.page, 'desk-wrap-up', { phone: true });
      await anna.page.getByRole('button', { name: 'Done' }).click();
      await anna.page.getByText(/^Wrap-up/).waitFor({ state: 'detached' });
      await putDefaultQueue(world, { wrapUpSeconds: 0 });
      await visitor.page.context().close();
    },
  },
  {
    name: 'a chat that the team accepts by itself announces itself',
    play: async ({ world, anna }) => {
      const team = { teamId: 'front', name: 'Front desk', autoAccept: true };
      const agent = { agentId: 'anna', name: 'Anna Berg', capacity: 4, queueIds: ['default', 'orders'] };
      await world.call(`${ROUTING}/PutTeam`, { commandId: newId(), ...team });
      await world.call(`${ROUTING}/PutAgent`, { commandId: newId(), ...agent, teamId: 'front' });
      const visitor = await visitorWho(world, 'Are huts open in April?', 'index.html');
      await anna.page.getByText(/New chat, accepted for you/).waitFor();
      await anna.page.getByRole('button', { name: 'Show', exact: true }).click();
      await anna.message('Are huts open in April?').waitFor();
      await visitor.chat.getByText('Anna Berg joined the chat').waitFor();
      await world.call(`${ROUTING}/PutAgent`, { commandId: newId(), ...agent });
      await visitor.page.context().close();
    },
  },
  {
    name: 'who finishes their chats gets no new ones, and is offline after the last',
    play: async ({ anna }) => {
      await anna.status.click();
      await anna.page.getByRole('menuitemradio', { name: 'Finish my chats' }).click();
      await anna.page.getByRole('button', { name: 'Your status: Finishing chats' }).waitFor();
      await anna.resolve();
      await anna.page.getByRole('button', { name: 'Your status: Offline' }).waitFor();
    },
  },
];
