import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@parley/testkit';
import type { ApiError } from '@parley/kernel';
import { platformRuntime } from './runtime.js';
import { followStream } from './stream.js';

const METHOD = 'parley.routing.v1.RoutingService/WatchQueues';
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];
let stop: (() => void) | undefined;
afterEach(() => {
  stop?.();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const line = (object: unknown): string => `${JSON.stringify(object)}\n`;
const row = (queueId: string) => ({ queue: { queue: { queueId } } });
const problem =
  (status: number, body: object): Answer =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/problem+json' }).end(line(body));
const stream =
  (...parts: string[]): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    for (const part of parts) response.write(part);
  };

/** Follows a server that gives these answers one after the other, and what was told meanwhile. */
const follow = async (...answers: Answer[]) => {
  const tokens: string[] = [];
  const server = createServer((request, response) => {
    tokens.push(request.headers.authorization ?? '');
    request.resume();
    (answers.shift() ?? problem(503, { code: 14, detail: 'none left' }))(request, response);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const told: string[] = [];
  const refused: ApiError[] = [];
  let made = 0;
  stop = followStream(
    {
      base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      method: METHOD,
      request: {},
      token: async ({ rejected }) => `t${rejected ? ++made : made}`,
      onBegin: () => told.push('begin'),
      onMessage: ({ queue }) => told.push(queue?.queue?.queueId ?? ''),
      onLive: (live) => told.push(live ? 'live' : 'not live'),
      onRefused: (error) => refused.push(error),
    },
    { ...platformRuntime, random: () => 0 },
  );
  return { told, refused, tokens };
};

describe('a stream that is followed', () => {
  it('brings its messages, however the lines are cut, and takes no heartbeat for one', async () => {
    const text = line({ result: row('ä1') });
    const bytes = text.slice(0, 9);
    const { told } = await follow(
      stream(line({ heartbeat: {} }), bytes, text.slice(9), line({ result: row('b') })),
    );
    await eventually(() => expect(told).toEqual(['begin', 'live', 'ä1', 'b']));
  });

  it('begins again when the gateway goes down, and with a new token when the old one has expired', async () => {
    const { told, tokens, refused } = await follow(
      stream(line({ result: row('a') }), line({ error: { code: 14, reason: 'DRAINING', retryAfterMs: 1 } })),
      stream(line({ error: { code: 16, reason: 'TOKEN_EXPIRED', message: 'expired' } })),
      (_request, response) => void response.destroy(),
      stream(line({ result: row('b') })),
    );
    await eventually(() => expect(told.at(-1)).toBe('b'));
    expect(told.filter((word) => word === 'begin').length).toBe(3);
    expect(tokens).toEqual(['Bearer t0', 'Bearer t0', 'Bearer t1', 'Bearer t1']);
    expect(refused).toEqual([]);
  });

  it('is given up when the caller may not, or a new token is refused as well', async () => {
    const forbidden = await follow(problem(403, { code: 7, reason: 'ROLE_NOT_ALLOWED', detail: 'no' }));
    await eventually(() => expect(forbidden.refused.map(({ message }) => message)).toEqual(['no']));
    stop?.();
    const again = problem(401, { code: 16, reason: 'SESSION_ENDED', detail: 'log in' });
    const ended = await follow(again, again, again);
    await eventually(() => expect(ended.refused.map(({ message }) => message)).toEqual(['log in']));
    expect(ended.tokens).toHaveLength(2);
  });

  it('tells nothing once it was stopped', async () => {
    let response: ServerResponse | undefined;
    const closed = Promise.withResolvers<void>();
    const { told } = await follow((_request, answer) => {
      response = answer.writeHead(200);
      answer.on('close', () => closed.resolve());
      answer.write(line({ result: row('a') }));
    });
    await eventually(() => expect(told.at(-1)).toBe('a'));
    stop?.();
    response?.write(line({ result: row('b') }));
    await closed.promise;
    expect(told.at(-1)).toBe('a');
  });
});
