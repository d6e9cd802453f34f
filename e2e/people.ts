import assert from 'node:assert/strict';
import { type Methods, newId } from '@parley/client';
import { eventually } from '@parley/testkit';
import { Desk } from './desk.js';
import { Shop } from './shop.js';
import type { World } from './world.js';

const CONVERSATION = 'parley.conversation.v1.ConversationService';
const ROUTING = 'parley.routing.v1.RoutingService';
const LONG = { timeoutMs: 30_000 };
const WIDE = { viewport: { width: 1440, height: 900 } };
const SHOP = { viewport: { width: 1280, height: 800 } };

/** A signed-in desk of its own, in a browser context that is closed with it. */
export const deskOf = async (world: World, userId: string): Promise<Desk> => {
  const desk = new Desk(await world.open(WIDE), world.deskNetwork.origin);
  await desk.open();
  await desk.signIn(world.login(userId));
  return desk;
};

/** A visitor who has asked something on a page of the shop. */
export const visitorWho = async (world: World, asks: string, page: string): Promise<Shop> => {
  const visitor = new Shop(await world.open(SHOP), world.shopNetwork.origin);
  await visitor.visit(page);
  await visitor.openChat();
  await visitor.say(asks);
  return visitor;
};

/**
 * Ends every chat that the inbox shows, and resolves once the inbox and routing have heard of it: a scene begins with
 * nobody waiting and nobody in a chat. A chat that has just begun may not be shown yet: see conversationOf.
 */
export const endChats = (world: World): Promise<void> =>
  eventually(async () => {
    const { rows = [] } = await world.call(`${CONVERSATION}/ListInbox`, {
      scope: 'INBOX_SCOPE_ALL',
      page: { limit: 200 },
    });
    for (const { conversationId = '' } of rows)
      await world.call(`${CONVERSATION}/CloseConversation`, {
        conversationId,
        commandId: `e2e-end-${conversationId}`,
        reason: 'CLOSE_REASON_RESOLVED',
      });
    const { queues = [] } = await world.call(`${ROUTING}/ListQueues`, {});
    const { agents = [] } = await world.call(`${ROUTING}/ListAgents`, {});
    const waiting = queues.filter((queue) => queue.waiting);
    const busy = agents.filter((agent) => agent.pendingOffers || agent.conversationIds?.length);
    assert.deepEqual([rows.length, waiting.length, busy.length], [0, 0, 0], 'chats are still open');
  }, LONG);

/** The latest conversation of whoever wrote this. */
export const conversationOf = (world: World, text: string): Promise<string> =>
  eventually(async () => {
    const { rows = [] } = await world.call(`${CONVERSATION}/ListInbox`, { scope: 'INBOX_SCOPE_ALL' });
    const { conversationId } = rows.find(({ lastText }) => lastText === text) ?? {};
    assert.ok(conversationId, `no conversation ends with "${text}"`);
    return conversationId;
  }, LONG);

/**
 * The demo's default queue with some of it changed; all else as the demo has it, but that an offer rings for as long as
 * may be: pictures are taken meanwhile.
 */
export const putDefaultQueue = (
  world: World,
  changed: Partial<Methods[`${typeof ROUTING}/PutQueue`][0]>,
): Promise<unknown> =>
  world.call(`${ROUTING}/PutQueue`, {
    commandId: newId(),
    queueId: 'default',
    name: 'Customer care',
    offerTimeoutSeconds: 600,
    serviceLevelSeconds: 30,
    isDefault: true,
    ...changed,
  });
