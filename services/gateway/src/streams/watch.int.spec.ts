import { Client, credentials, Metadata, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { common, routing } from '@parley/contracts';
import { unavailable } from '@parley/kernel';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { Lines } from '../testing/lines.js';
import { bearer, KEY, startGateway, type TestGateway } from '../testing/platform.js';
import { Routing } from '../testing/routing.js';
import { TestSocket } from '../testing/socket.js';

jest.setTimeout(60_000);

const QUEUES = 'parley.routing.v1.RoutingService/WatchQueues';
const AGENTS = 'parley.routing.v1.RoutingService/WatchAgents';

let nats: TestNats;
let gateway: TestGateway;
let client: Client;
let token: string;
const service = new Routing();

beforeAll(async () => {
  nats = await startNats();
  service.putQueue('acme', 'sales', 1);
  service.putQueue('acme', 'support', 2);
  service.putQueue('other', 'theirs', 9);
  gateway = await startGateway({ natsUrl: nats.url, routing: (bus) => service.handlers(bus) });
  client = new Client(gateway.grpcAddress, credentials.createInsecure());
  token = await gateway.token('sue');
});
afterAll(async () => {
  client.close();
  await gateway.stop();
  await nats.stop();
});

const open = (method: string, request: unknown = {}, by = token): Promise<Lines> =>
  Lines.open(gateway.url, method, request, by);
/** What a stream of queues told so far, as `id:waiting`. */
const told = ({ results }: Lines): string[] =>
  results.flatMap(({ queue, removed }) => {
    if (!queue) return [];
    const { queue: one, waiting = 0 } = queue as { queue: { queueId: string }; waiting?: number };
    return [removed ? `${one.queueId} removed` : `${one.queueId}:${waiting}`];
  });

/** A gRPC stream with what came by it. */
const grpc = (request: routing.WatchQueuesRequest, by = token) => {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${by}`);
  const stream: ClientReadableStream<routing.WatchQueuesResponse> = client.makeServerStreamRequest(
    `/${QUEUES}`,
    (message: routing.WatchQueuesRequest) => Buffer.from(routing.WatchQueuesRequest.encode(message).finish()),
    (bytes: Buffer) => routing.WatchQueuesResponse.decode(bytes),
    request,
    metadata,
  );
  const received: routing.WatchQueuesResponse[] = [];
  const failure = new Promise<ServiceError>((resolve) => stream.on('error', resolve));
  stream.on('data', (message: routing.WatchQueuesResponse) => received.push(message));
  return { stream, received, failure };
};

describe('a stream of queues', () => {
  it('brings every queue first, says when these are all, then what changes; other tenants stay out', async () => {
    const lines = await open(QUEUES);
    expect(lines.response.headers.get('content-type')).toBe('application/x-ndjson');
    await eventually(() => expect(told(lines)).toEqual(['sales:1', 'support:2']));
    expect(lines.results.map(({ complete }) => complete)).toEqual([undefined, true]);
    service.putQueue('other', 'theirs', 10);
    service.putQueue('acme', 'sales', 3);
    service.putQueue('acme', 'late', 0);
    await eventually(() => expect(told(lines).slice(2).toSorted()).toEqual(['late:0', 'sales:3']));
    service.removeQueue('acme', 'late');
    await eventually(() => expect(told(lines).at(-1)).toBe('late removed'));
    expect(told(lines).join()).not.toContain('theirs');
    lines.cancel();
  });

  it('is the same over gRPC, and only of the queues that were asked for', async () => {
    const { stream, received } = grpc({ queueIds: ['support'] });
    await eventually(() => expect(received).toMatchObject([{ queue: { waiting: 2 } }]));
    service.putQueue('acme', 'sales', 4);
    service.putQueue('acme', 'support', 5);
    await eventually(() => expect(received.at(-1)?.queue?.waiting).toBe(5));
    const ids = received.flatMap(({ queue }) => (queue ? [queue.queue?.queueId] : []));
    expect(new Set(ids)).toEqual(new Set(['support']));
    stream.cancel();
    service.putQueue('acme', 'support', 2);
  });

  it('says that it is complete when there is nothing, and when what is last was not asked for', async () => {
    const lines = await open(QUEUES, { queueIds: ['nothing-of-this-name'] });
    await eventually(() => expect(lines.results).toEqual([{ complete: true }]));
    lines.cancel();
    const none = await open(AGENTS);
    await eventually(() => expect(none.results).toEqual([{ complete: true }]));
    none.cancel();
  });

  it('skips what was in between when a row changes fast', async () => {
    const lines = await open(QUEUES, { queueIds: ['sales'] });
    await eventually(() => expect(lines.results.length).toBeGreaterThan(0));
    for (let waiting = 100; waiting <= 150; waiting++) service.putQueue('acme', 'sales', waiting);
    await eventually(() => expect(told(lines).at(-1)).toBe('sales:150'));
    expect(lines.results.length).toBeLessThan(10);
    lines.cancel();
  });

  it('reads once for all who follow', async () => {
    const first = await open(QUEUES);
    const { reads } = service;
    const second = await open(QUEUES);
    await eventually(() => expect(second.results.length).toBeGreaterThanOrEqual(2));
    expect(service.reads).toBe(reads);
    first.cancel();
    second.cancel();
  });

  it('is refused as any call is when the queues cannot be read', async () => {
    await eventually(async () => {
      // Until nobody follows any more, nothing has to be read.
      service.failure = unavailable('LOG_UNAVAILABLE', 'try again');
      const refused = await gateway.call(QUEUES, {}, bearer(await gateway.token('sue', 'other')));
      expect(refused).toMatchObject({ status: 503, json: { reason: 'LOG_UNAVAILABLE' } });
    });
    service.failure = undefined;
  });
});

describe('a stream of agents', () => {
  it('of one team tells who joins it and who leaves it', async () => {
    service.putAgent('acme', 'ann', 'red');
    service.putAgent('acme', 'bob', 'blue');
    const lines = await open(AGENTS, { teamId: 'red' });
    await eventually(() =>
      expect(lines.results).toMatchObject([{ agent: { agent: { agentId: 'ann' } } }, {}]),
    );
    service.putAgent('acme', 'bob', 'red');
    service.putAgent('acme', 'ann', 'blue');
    await eventually(() => {
      const rest = lines.results.slice(2).map(({ agent, removed }) => {
        const { agentId } = (agent as { agent: { agentId: string } }).agent;
        return `${agentId}${removed ? ' removed' : ''}`;
      });
      expect(rest.toSorted()).toEqual(['ann removed', 'bob']);
    });
    lines.cancel();
  });
});

describe('who may stream', () => {
  it('is checked as for any call, before the first line', async () => {
    const { token: visitor } = await gateway.visitor();
    expect(await gateway.call(QUEUES, {})).toMatchObject({ status: 401, json: { reason: 'NO_TOKEN' } });
    for (const [method, by, reason] of [
      [QUEUES, visitor, 'ROLE_NOT_ALLOWED'],
      [AGENTS, await gateway.token('ann'), 'ROLE_NOT_ALLOWED'],
      [QUEUES, KEY, 'SCOPE_MISSING'],
    ] as const)
      expect(await gateway.call(method, {}, bearer(by))).toMatchObject({ status: 403, json: { reason } });
    const invalid = await gateway.call(QUEUES, { queueIds: ['a.>'] }, bearer(token));
    expect(invalid).toMatchObject({ status: 400, json: { violations: [{ field: 'queueIds[0]' }] } });
    expect(await grpc({ queueIds: [] }, visitor).failure).toMatchObject({ code: 7 });
  });

  it('is told that a socket is no place for it', async () => {
    const socket = await TestSocket.hello(gateway.url, token);
    socket.send({ call: { id: 1, method: QUEUES, request: {} } });
    expect(await socket.next('reply')).toMatchObject({ error: { reason: 'METHOD_STREAMS' } });
    socket.ws.close();
  });

  it('has a limit by session, and room again after ending one', async () => {
    const by = await gateway.token('ada');
    const streams = await Promise.all(Array.from({ length: 16 }, () => open(QUEUES, {}, by)));
    expect(await gateway.call(QUEUES, {}, bearer(by))).toMatchObject({
      status: 429,
      json: { reason: 'TOO_MANY_STREAMS' },
    });
    const fails = await grpc({ queueIds: [] }, by).failure;
    expect(fails).toMatchObject({ code: 8 });
    streams[0]?.cancel();
    const again = await eventually(async () => {
      const lines = await open(QUEUES, {}, by);
      return lines.response.ok && lines;
    });
    for (const each of [...streams, again]) if (each) each.cancel();
  });

  it('ends with the session', async () => {
    const by = await gateway.token('sue');
    const lines = await open(QUEUES, {}, by);
    await gateway.call('parley.gateway.v1.AuthService/Logout', {}, bearer(by));
    await eventually(() => expect(lines.ended).toBe(true));
    expect(lines.error).toMatchObject({ code: 16, reason: 'SESSION_ENDED' });
  });
});

describe('a gateway that goes down', () => {
  it('ends its streams with when to come back', async () => {
    const lines = await open(QUEUES);
    const { failure, received } = grpc({ queueIds: [] });
    await eventually(() => expect(received.length).toBeGreaterThan(0));
    await gateway.drain();
    await eventually(() => expect(lines.ended).toBe(true));
    expect(lines.error).toMatchObject({ code: 14, reason: 'DRAINING' });
    expect(Number(lines.error?.['retryAfterMs'])).toBeGreaterThanOrEqual(200);
    const error = await failure;
    expect(error.code).toBe(14);
    const status = common.Status.decode(error.metadata.get('grpc-status-details-bin')[0] as Buffer);
    expect(status.details.map(({ typeUrl }) => typeUrl.split('.').at(-1))).toContain('RetryInfo');
  });
});
