import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  conversation,
  GATEWAY_LEASES,
  inboxLiveSubject,
  offerLiveSubject,
  partitionOfTenant,
  presence,
  presenceLiveSubject,
  routing,
  sessionDeltaSubject,
  sessionSnapshotSubject,
  staffLiveSubject,
} from '@parley/contracts';
import { connectBus, openKv, type Bus } from '@parley/messaging';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { Conversations } from '../testing/conversations.js';
import { Routing } from '../testing/routing.js';
import { startGateway, type TestGateway } from '../testing/platform.js';
import { TestSocket } from '../testing/socket.js';

jest.setTimeout(60_000);

let nats: TestNats;
let bus: Bus;
let gateway: TestGateway;
const conversations = new Conversations();
const agents = new Routing();
const deltas: presence.SessionDelta[] = [];

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'test' });
  bus.subscribe(sessionDeltaSubject(partitionOfTenant('acme')), ({ data }) =>
    deltas.push(presence.SessionDelta.decode(data)),
  );
  await bus.flush();
  agents.putAgent('acme', 'ann', '', ['default', 'orders']);
  agents.putAgent('acme', 'bob', '', ['orders']);
  gateway = await startGateway({
    natsUrl: nats.url,
    conversation: (own) => conversations.handlers(own),
    routing: (own) => agents.handlers(own),
  });
});
afterAll(async () => {
  await gateway.stop();
  await bus.drain();
  await nats.stop();
});

const row = (conversationId: string) =>
  conversation.InboxRow.encode(conversation.InboxRow.fromPartial({ conversationId, version: 3 })).finish();
const ids = (socket: TestSocket) =>
  socket.frames.flatMap((frame) => {
    const changed = frame['inboxChanged']?.['row'] as { conversationId: string } | undefined;
    return changed ? [changed.conversationId] : [];
  });

describe('people at a desk', () => {
  it('get the rows of the scopes they watch, and no others', async () => {
    conversations.inbox = [
      conversation.InboxRow.fromPartial({ conversationId: '0-old', version: 1, queueId: 'default' }),
    ];
    const ann = await TestSocket.hello(gateway.url, await gateway.token('ann'));
    const sue = await TestSocket.hello(gateway.url, await gateway.token('sue'));
    ann.send({ watchInbox: { scopes: ['INBOX_SCOPE_MINE', 'INBOX_SCOPE_QUEUE'] } });
    sue.send({ watchInbox: { scopes: ['INBOX_SCOPE_ALL'] } });
    const resync = await ann.next('inboxResync', (frame) => frame['scope'] === 'INBOX_SCOPE_QUEUE');
    expect(resync).toMatchObject({ rows: [{ conversationId: '0-old', version: 1 }] });
    await sue.next('inboxResync');
    bus.publish(inboxLiveSubject('acme', 'agent-ann'), row('0-mine'));
    bus.publish(inboxLiveSubject('acme', 'agent-bob'), row('0-bobs'));
    bus.publish(inboxLiveSubject('other', 'queue-default'), row('0-foreign'));
    bus.publish(inboxLiveSubject('acme', 'queue-default'), row('0-waiting'));
    bus.publish(inboxLiveSubject('acme', 'all'), row('0-any'));
    await eventually(() => expect([ids(ann), ids(sue)]).toEqual([['0-mine', '0-waiting'], ['0-any']]));
    for (const socket of [ann, sue]) socket.ws.close();
  });

  it('get the waiting chats of the queues that they serve; supervisors those of all', async () => {
    conversations.inbox = ['default', 'orders', 'returns'].map((queueId) =>
      conversation.InboxRow.fromPartial({ conversationId: `0-${queueId}`, version: 1, queueId }),
    );
    const sockets: Record<string, TestSocket> = {};
    const seen: Record<string, unknown> = {};
    for (const who of ['ann', 'bob', 'sue']) {
      const socket = (sockets[who] = await TestSocket.hello(gateway.url, await gateway.token(who)));
      socket.send({ watchInbox: { scopes: ['INBOX_SCOPE_QUEUE'] } });
      const { rows } = (await socket.next('inboxResync')) as { rows: { conversationId: string }[] };
      seen[who] = rows.map(({ conversationId }) => conversationId);
    }
    expect(seen).toEqual({
      ann: ['0-default', '0-orders'],
      bob: ['0-orders'],
      sue: ['0-default', '0-orders', '0-returns'],
    });
    for (const queueId of ['default', 'returns', 'orders'])
      bus.publish(inboxLiveSubject('acme', `queue-${queueId}`), row(`0-new-${queueId}`));
    await eventually(() =>
      expect(Object.values(sockets).map(ids)).toEqual([
        ['0-new-default', '0-new-orders'],
        ['0-new-orders'],
        ['0-new-default', '0-new-returns', '0-new-orders'],
      ]),
    );
    for (const socket of Object.values(sockets)) socket.ws.close();
  });

  it('may not watch what their role does not see', async () => {
    const ann = await TestSocket.hello(gateway.url, await gateway.token('ann'));
    ann.send({ watchInbox: { scopes: ['INBOX_SCOPE_ALL'] } });
    expect(await ann.next('error')).toMatchObject({ code: 7 });
    const { token } = await gateway.visitor();
    const visitor = await TestSocket.hello(gateway.url, token);
    visitor.send({ watchInbox: { scopes: ['INBOX_SCOPE_QUEUE'] } });
    expect(await visitor.next('error')).toMatchObject({ code: 7 });
    for (const socket of [ann, visitor]) socket.ws.close();
  });

  it('hear of their own offers and of colleagues; visitors of neither', async () => {
    const ann = await TestSocket.hello(gateway.url, await gateway.token('ann'));
    const bob = await TestSocket.hello(gateway.url, await gateway.token('bob'));
    const { token } = await gateway.visitor();
    const visitor = await TestSocket.hello(gateway.url, token);
    // A pong says that the subscriptions made before it were sent.
    for (const socket of [ann, bob, visitor]) {
      socket.send({ ping: {} });
      await socket.next('pong');
    }
    const offer = routing.OfferChanged.fromPartial({ offer: { offerId: 'o1', agentId: 'ann' }, state: 1 });
    const status = presence.AgentPresence.fromPartial({ agentId: 'ann', online: true, revision: 7n });
    await eventually(() => {
      bus.publish(offerLiveSubject('acme', 'ann'), routing.OfferChanged.encode(offer).finish());
      bus.publish(presenceLiveSubject('acme', 'ann'), presence.AgentPresence.encode(status).finish());
      for (const socket of [ann, bob]) if (!socket.frames.some((f) => f['agentPresence'])) return false;
      return ann.frames.some((frame) => frame['offerChanged']);
    });
    expect(await ann.next('offerChanged')).toMatchObject({
      offer: { offerId: 'o1' },
      state: 'STATE_PENDING',
    });
    expect(bob.frames.filter((frame) => frame['offerChanged'])).toEqual([]);
    expect(visitor.frames.map((frame) => Object.keys(frame)[0])).toEqual(['welcome', 'pong']);
    for (const socket of [ann, bob, visitor]) socket.ws.close();
  });
});

describe('queues', () => {
  it('are told to people at a desk when they change and when they go, and nothing of them to visitors', async () => {
    const ann = await TestSocket.hello(gateway.url, await gateway.token('ann'));
    const { token } = await gateway.visitor();
    const visitor = await TestSocket.hello(gateway.url, token);
    for (const socket of [ann, visitor]) {
      socket.send({ ping: {} });
      await socket.next('pong');
    }
    await eventually(() => {
      agents.putQueue('acme', 'returns', 3);
      return ann.frames.some((frame) => frame['queueState']);
    });
    expect(await ann.next('queueState')).toMatchObject({ queue: { queueId: 'returns' }, waiting: 3 });
    agents.removeQueue('acme', 'returns');
    expect(await ann.next('queueRemoved')).toEqual({ queueId: 'returns' });
    bus.publish(staffLiveSubject('acme'), routing.StaffState.encode({ freeAgents: 4 }).finish());
    expect(await ann.next('staffState')).toEqual({ freeAgents: 4 });
    expect(visitor.frames.map((frame) => Object.keys(frame)[0])).toEqual(['welcome', 'pong']);
    for (const socket of [ann, visitor]) socket.ws.close();
  });
});

describe('presence', () => {
  it('is told of sockets, what visitors watch, and all of it on request', async () => {
    // What the tests before have closed has been told: nothing else comes in between.
    await eventually(() => {
      const closed = new Set(deltas.flatMap((delta) => delta.closed));
      const open = deltas.flatMap((delta) => delta.opened).filter((one) => !closed.has(one.sessionId));
      expect(open).toEqual([]);
    });
    const from = deltas.length;
    const { token, contactId } = await gateway.visitor();
    const visitor = await TestSocket.hello(gateway.url, token);
    const { sessionId } = await visitor.next('welcome');
    const told = () =>
      deltas
        .slice(from)
        .flatMap((delta) => delta.opened)
        .filter((one) => one.sessionId === sessionId);
    await eventually(() =>
      expect(told()).toMatchObject([{ tenant: 'acme', kind: 2, principalId: contactId }]),
    );
    conversations.open('acme', '2-seen', contactId);
    visitor.send({ watch: { conversationId: '2-seen' } });
    await eventually(() => expect(told().at(-1)).toMatchObject({ conversationId: '2-seen' }));

    const { gatewayId, epoch } = deltas.at(-1) ?? { gatewayId: '', epoch: '' };
    const request = presence.SessionSnapshotRequest.encode({ partition: partitionOfTenant('acme') }).finish();
    const chunks = bus.requestMany(sessionSnapshotSubject(gatewayId), request, {
      timeoutMs: 20_000,
      isLast: (data) => presence.SessionSnapshot.decode(data).last,
    });
    for await (const data of chunks) {
      const snapshot = presence.SessionSnapshot.decode(data);
      expect(snapshot).toMatchObject({ gatewayId, epoch, seq: deltas.at(-1)?.seq });
      expect(snapshot.sessions.find((one) => one.sessionId === sessionId)).toMatchObject({
        conversationId: '2-seen',
      });
    }
    const lease = await (await openKv(bus, GATEWAY_LEASES)).get(gatewayId);
    expect(presence.GatewayLease.decode(lease?.value ?? new Uint8Array())).toEqual({ gatewayId, epoch });

    visitor.ws.close();
    await eventually(() => expect(deltas.at(-1)?.closed).toContain(sessionId));
    const own = deltas.filter((delta) => delta.epoch === epoch);
    expect(own.map((delta) => Number(delta.seq))).toEqual(own.map((_, i) => i + 1));
  });
});

describe('activity at a desk', () => {
  it('is told to presence with when it was, and is nothing that a visitor may tell', async () => {
    const from = deltas.length;
    const ann = await TestSocket.hello(gateway.url, await gateway.token('ann'));
    const { sessionId } = await ann.next('welcome');
    const before = Date.now();
    ann.send({ activity: { idleMs: 60_000, awayAfterSeconds: 900 } });
    const told = () =>
      deltas
        .slice(from)
        .flatMap((delta) => delta.opened)
        .findLast((one) => one.sessionId === sessionId && one.activeAt);
    await eventually(() => expect(told()).toMatchObject({ principalId: 'ann', awayAfterSeconds: 900 }));
    const at = told()?.activeAt?.getTime() ?? 0;
    expect([at >= before - 60_000, at <= Date.now() - 60_000]).toEqual([true, true]);
    const { token } = await gateway.visitor();
    const visitor = await TestSocket.hello(gateway.url, token);
    visitor.send({ activity: { awayAfterSeconds: 900 } });
    expect(await visitor.next('error')).toMatchObject({ reason: 'ROLE_NOT_ALLOWED' });
    for (const socket of [ann, visitor]) socket.ws.close();
  });
});

describe('a gateway that goes down', () => {
  it('asks everybody to leave at another time, serves them until then, and gives its lease back', async () => {
    const { token, contactId } = await gateway.visitor();
    const sockets = await Promise.all(Array.from({ length: 20 }, () => TestSocket.hello(gateway.url, token)));
    const [visitor] = sockets as [TestSocket, ...TestSocket[]];
    conversations.open('acme', '3-last', contactId);
    const drained = gateway.drain();
    const asked = await Promise.all(sockets.map((socket) => socket.next('goAway')));
    expect(new Set(asked.map(({ reason }) => reason))).toEqual(new Set(['draining']));
    const waits = asked.map(({ reconnectAfterMs }) => Number(reconnectAfterMs));
    // Everybody is back within 3 s, also who takes a tenth more and half a second for it; few at the same time.
    expect(waits.every((wait) => wait >= 200 && 1.1 * wait <= 2_500)).toBe(true);
    expect(new Set(waits).size).toBeGreaterThan(10);

    const method = 'parley.conversation.v1.ConversationService/SendMessage';
    visitor.send({
      call: { id: 7, method, request: { conversationId: '3-last', messageId: 'm', text: 'last words' } },
    });
    expect(await visitor.next('reply')).toMatchObject({ id: 7, response: { version: 2 } });
    // One leaves as asked; the others, who do not, are cut in the end.
    visitor.ws.close();
    await drained;
    expect((await sockets.at(-1)!.end()).code).toBe(1001);
    const { gatewayId } = deltas.at(-1) ?? { gatewayId: '' };
    expect(await (await openKv(bus, GATEWAY_LEASES)).get(gatewayId)).toBeUndefined();
  });
});
