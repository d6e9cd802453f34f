import { fetchJson, type Methods, newId } from '@parley/client';
import type { TemporaryPlatform } from '../../lib/platform.js';
import { persist } from '../../replay/persist.js';
import { inTime, RawSocket } from '../messages/socket.js';

const QUEUE = 'default';
/** The most that one agent may hold; the other chats wait in the queue, and are watched by the supervisor. */
const MOST_HELD = 100;
const AT_ONCE = 8;
/** A call is tried again for so long: a busy machine may be slow to start. */
const PATIENCE_MS = 15_000;
const CONVERSATIONS = 'parley.conversation.v1.ConversationService';

const NAMES = [
  'Noor de Vries',
  'Priya Raman',
  'Tomás Herrera',
  'Jonas Lindqvist',
  'Mika Tanaka',
  'ليلى حداد',
];
const TEXTS = [
  'Hello!',
  'My parcel says “out for delivery” since Thursday. Could you have a look?',
  'A pole of my tent broke at the ferrule. Is that something you repair, or do I need a new set?',
  'Thank you 🙂',
  'متى تصل الطلبية؟',
];

const pick = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;

/** A visitor with an open chat. */
export interface Visitor {
  readonly conversationId: string;
  say(text: string): Promise<void>;
}

/** A platform with a supervisor whose desk is measured. */
export interface Place {
  readonly httpUrl: string;
  readonly tenant: string;
  readonly supervisor: { readonly email: string; readonly password: string };
}

/** The visitors of all open chats. */
export interface Chats {
  /** Those that the supervisor has accepted. */
  readonly held: readonly Visitor[];
  readonly all: readonly Visitor[];
  close(): void;
}

const callerOf =
  (httpUrl: string) =>
  <M extends keyof Methods>(method: M, request: Methods[M][0], token?: string): Promise<Methods[M][1]> =>
    persist(() => fetchJson(httpUrl, method, request, token ? { token } : {}), PATIENCE_MS);

/** Makes the supervisor, who may hold so many chats as an agent may at most. */
export const prepare = async ({
  platform: { httpUrl },
  tenant,
  admin,
}: TemporaryPlatform): Promise<Place> => {
  const call = callerOf(httpUrl);
  const { tokens } = await call('parley.gateway.v1.AuthService/Login', { tenant, ...admin });
  const token = tokens?.accessToken ?? '';
  const supervisor = { email: 'desk@bench.example', password: 'a password of the bench' };
  const user = { userId: 'desk', name: 'Dee Desk', role: 'supervisor', ...supervisor };
  await call('parley.gateway.v1.TenantService/CreateUser', user, token);
  const queue = { queueId: QUEUE, name: 'Customer care', offerTimeoutSeconds: 120, isDefault: true };
  await call('parley.routing.v1.RoutingService/PutQueue', { commandId: 'bench-queue', ...queue }, token);
  const agent = { agentId: 'desk', name: 'Dee Desk', capacity: MOST_HELD, queueIds: [QUEUE] };
  await call('parley.routing.v1.RoutingService/PutAgent', { commandId: 'bench-agent', ...agent }, token);
  return { httpUrl, tenant, supervisor };
};

/** Opens so many chats by the public API, each with a visitor on a socket; the supervisor accepts what they may. */
export const openChats = async ({ httpUrl, tenant, supervisor }: Place, count: number): Promise<Chats> => {
  const socketUrl = `${httpUrl.replace(/^http/, 'ws')}/ws`;
  const call = callerOf(httpUrl);
  const sockets: RawSocket[] = [];
  const open = async (token: string): Promise<RawSocket> => {
    const socket = await RawSocket.open(socketUrl, token);
    sockets.push(socket);
    return socket;
  };
  const hold = Math.min(count, MOST_HELD);
  const accepted = new Set<string>();
  const full = Promise.withResolvers<void>();
  const { tokens } = await call('parley.gateway.v1.AuthService/Login', { tenant, ...supervisor });
  const desk = await open(tokens?.accessToken ?? '');
  desk.onPushed = ({ offerChanged }) => {
    const { offer, state } = offerChanged ?? {};
    if (state !== 'STATE_PENDING' || !offer?.offerId) return;
    const { offerId, conversationId = '' } = offer;
    desk.call('parley.routing.v1.RoutingService/AcceptOffer', { offerId }).then(() => {
      accepted.add(conversationId);
      if (accepted.size === hold) full.resolve();
    }, full.reject);
  };
  await desk.call('parley.presence.v1.PresenceService/SetStatus', { status: 'AGENT_STATUS_AVAILABLE' });

  const visitorOf = async (i: number): Promise<Visitor> => {
    const session = { tenant, locale: 'en' };
    const { token = '' } = await call('parley.gateway.v1.AuthService/StartVisitorSession', session);
    const socket = await open(token);
    const { conversationId = '' } = await socket.call(`${CONVERSATIONS}/StartConversation`, {
      commandId: newId(),
      channel: 'CHANNEL_WEB_CHAT',
      locale: 'en',
      name: pick(NAMES, i),
      topic: pick(['Delivery', 'Repair', ''], i),
      page: { url: `${httpUrl}/demo/`, title: 'Shop' },
      messageId: newId(),
      text: pick(TEXTS, i),
    });
    return {
      conversationId,
      say: async (text) => {
        await socket.call(`${CONVERSATIONS}/SendMessage`, { conversationId, messageId: newId(), text });
      },
    };
  };
  const all: Visitor[] = [];
  const waiting = Array.from({ length: count }, (_, i) => i);
  const worker = async (): Promise<void> => {
    for (let i = waiting.shift(); i !== undefined; i = waiting.shift()) all.push(await visitorOf(i));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await inTime('accepting the offers', full.promise);
  return {
    held: all.filter(({ conversationId }) => accepted.has(conversationId)),
    all,
    close: () => sockets.forEach((socket) => socket.close()),
  };
};

/** Lets visitors write at a rate until it is stopped; every fifth message is for the chat that is open on the desk. */
export const keepWriting = ({ all }: Chats, opened: Visitor, perSecond: number): (() => Promise<number>) => {
  let sent = 0;
  const failures: Error[] = [];
  const onTheWay = new Set<Promise<void>>();
  const timer = setInterval(() => {
    const visitor = sent % 5 === 0 ? opened : pick(all, sent * 37);
    const message = visitor
      .say(`${pick(TEXTS, sent)} (${++sent})`)
      .catch((error: Error) => void failures.push(error))
      .finally(() => onTheWay.delete(message));
    onTheWay.add(message);
  }, 1000 / perSecond);
  return async () => {
    clearInterval(timer);
    await Promise.all(onTheWay);
    if (failures[0]) throw failures[0];
    return sent;
  };
};
