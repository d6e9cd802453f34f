import { connect } from 'node:net';
import { ErrorCode } from '@parley/kernel';
import { assertNoLeak } from '../leaks.js';
import { refused, type Outcome } from '../outcome.js';
import { must, type Case } from '../suite.js';
import { ANYONE, post } from '../transports.js';
import type { World } from '../world.js';

const LIST = 'parley.routing.v1.RoutingService/ListQueues';

/** Sends bytes as they are over a connection of its own; resolves with all that came back until it was closed. */
const raw = (httpUrl: string, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(httpUrl).port), '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('close', () => resolve(text));
    // What was not read any more ends in a reset after the answer.
    socket.on('error', (error) => (text ? resolve(text) : reject(error)));
    socket.setTimeout(8000, () => socket.destroy());
  });

/** Bodies, headers and verbs that no client of ours would send. */
export const httpCases = (world: World): Case[] => {
  const { httpUrl } = world;
  const boss = world.acme.person('boss');
  const send = (
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Outcome> => post(httpUrl, LIST, body, boss, headers);
  const wrong = (name: string, run: () => Promise<Outcome>, code: number, status: number): Case => ({
    name: `HTTP ${name}: ${status}`,
    run: async () => {
      const outcome = await run();
      refused(outcome, code);
      must(outcome.status === status, `status ${outcome.status}`);
    },
  });
  const bodies: [string, string | Uint8Array<ArrayBuffer>][] = [
    ['half an object', '{"a":'],
    ['a comma too many', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['NaN', '{"a":NaN}'],
    ['a byte order mark and nothing', '\ufeff'],
    ['no JSON at all', 'tenant=acme'],
    ['protobuf', new Uint8Array([10, 1, 97])],
    ['bytes that are not UTF-8', new Uint8Array([123, 34, 255, 254, 34, 58, 49, 125])],
    ['an encoded surrogate', new Uint8Array([123, 34, 0xed, 0xa0, 0x80, 34, 58, 49, 125])],
    ['null bytes', '\0\0\0\0'],
    ['60,000 open brackets', '['.repeat(60_000)],
    ['60,000 brackets', '['.repeat(60_000) + ']'.repeat(60_000)],
    ['20,000 nested objects', '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000)],
    ['a number beyond all numbers', '{"page":1e400}'],
    ['a number of 100,000 digits', `{"page":${'9'.repeat(100_000)}}`],
    [
      'thousands of unknown fields',
      JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`f${i}`, i]))),
    ],
    ['an own __proto__', '{"__proto__":{"role":"admin"}}'],
  ];
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/grpc',
    'application/jsonp',
    '',
  ];
  const large = `{"a":"${'x'.repeat(128 * 1024)}"}`;
  return [
    ...bodies.map(([name, body]) => wrong(name, () => send(body), ErrorCode.invalidArgument, 400)),
    ...types.map((type) =>
      wrong(
        `content type "${type}"`,
        () => send('{}', { 'content-type': type }),
        ErrorCode.invalidArgument,
        415,
      ),
    ),
    wrong(
      'a compressed body',
      () => send('{}', { 'content-encoding': 'gzip' }),
      ErrorCode.invalidArgument,
      415,
    ),
    wrong('more than 128 KB', () => send(large), ErrorCode.resourceExhausted, 413),
    ...['GET', 'PUT', 'PATCH', 'DELETE'].map((verb) =>
      wrong(
        verb,
        async () => {
          const body = verb === 'GET' ? {} : { body: '{}' };
          const headers = { authorization: `Bearer ${boss.token}`, 'content-type': 'application/json' };
          const answer = await fetch(`${httpUrl}/${LIST}`, { method: verb, headers, ...body });
          must(answer.headers.get('allow')?.includes('POST'), 'no allow header');
          const { code, detail } = (await answer.json()) as { code: number; detail: string };
          return { code, message: detail, reason: '', fields: [], retryAfterMs: 0, status: answer.status };
        },
        ErrorCode.unimplemented,
        405,
      ),
    ),
    ...paths.map((path) =>
      wrong(`path ${path}`, () => post(httpUrl, path, '{}', boss), ErrorCode.notFound, 404),
    ),
    ...forged(world),
    ...broken(httpUrl, boss.token),
  ];
};

const paths = [
  'parley.gateway.v1.AuthService/__proto__',
  'parley.gateway.v1.AuthService/constructor',
  'parley.gateway.v1.AuthService/login',
  'parley.gateway.v1.AuthService/',
  'parley.gateway.v1.AuthService/Login/',
  'parley.gateway.v1.AuthService/Log%69n',
  'parley.gateway.v1.Auth*/Login',
  'parley.__proto__/toString',
  'parley./',
  'parley.gateway.v1.AuthService%2fLogin',
];

/** Headers by which services tell each other who calls: from outside they mean nothing. */
const forged = (world: World): Case[] => {
  const visitor = world.acme.visitor('stranger');
  const globex = world.globex.conversations?.open;
  const headers = {
    'parley-context': `globex admin globex-boss ${Date.now() + 60_000} boss`,
    'parley-method': 'parley.conversation.v1.ConversationInternalService/GetHeads',
    'x-tenant': 'globex',
    'x-forwarded-for': '127.0.0.1',
  };
  const method = 'parley.conversation.v1.ConversationService/ListEvents';
  const json = { conversationId: globex };
  return [
    {
      name: 'HTTP headers that claim another tenant and role',
      run: async () =>
        refused(
          await post(world.httpUrl, method, JSON.stringify(json), visitor, headers),
          ErrorCode.notFound,
        ),
    },
    {
      name: 'HTTP headers that claim a context, without a token',
      run: async () =>
        refused(
          await post(world.httpUrl, method, JSON.stringify(json), ANYONE, headers),
          ErrorCode.unauthenticated,
        ),
    },
  ];
};

const head = (token: string, ...lines: string[]): string =>
  [
    `POST /${LIST} HTTP/1.1`,
    'host: localhost',
    `authorization: Bearer ${token}`,
    'content-type: application/json',
    ...lines,
    '',
    '',
  ].join('\r\n');

/** What is not HTTP, or not one request. */
const broken = (httpUrl: string, token: string): Case[] => {
  const cases: [string, string, RegExp][] = [
    ['no HTTP at all', 'hello\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', /^HTTP\/1\.1 400 /],
    [
      'two lengths',
      head(token, 'content-length: 2', 'content-length: 3', 'connection: close') + '{}',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'a length and chunks',
      head(token, 'content-length: 2', 'transfer-encoding: chunked', 'connection: close') + '0\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    ['a negative length', head(token, 'content-length: -1', 'connection: close'), /^HTTP\/1\.1 400 /],
    [
      'a bad chunk',
      head(token, 'transfer-encoding: chunked', 'connection: close') + 'zz\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'chunks beyond 128 KB',
      head(token, 'transfer-encoding: chunked', 'connection: close') +
        `30000\r\n${'x'.repeat(0x30000)}\r\n0\r\n\r\n`,
      /^HTTP\/1\.1 413 /,
    ],
    [
      '20 KB of headers',
      head(token, `x-large: ${'x'.repeat(20_000)}`, 'content-length: 2', 'connection: close') + '{}',
      /^HTTP\/1\.1 431 /,
    ],
    [
      'a header with a null byte',
      head(token, 'x-null: a\0b', 'content-length: 2', 'connection: close') + '{}',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'two hosts',
      head(token, 'host: evil.example', 'content-length: 2', 'connection: close') + '{}',
      /^HTTP\/1\.1 (200|400) /,
    ],
    ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n\r\n', /^(HTTP\/1\.1 4\d\d |$)/],
    [
      'an upgrade elsewhere',
      'GET /desk/ HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      /^HTTP\/1\.1 404 /,
    ],
    [
      'an upgrade without a key',
      'GET /ws HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
  ];
  return cases.map(([name, bytes, wanted]) => ({
    name: `HTTP ${name}`,
    run: async () => {
      const answer = await raw(httpUrl, bytes);
      assertNoLeak({ tenant: 'acme' }, answer);
      must(wanted.test(answer), `got ${answer.slice(0, 200)}`);
    },
  }));
};

const CLIMBS = [
  '/../../../../etc/passwd',
  '/desk/../../../package.json',
  '/desk/..%2f..%2fpackage.json',
  '/desk/%2e%2e/%2e%2e/package.json',
  '/widget/..%5c..%5cpackage.json',
  '//etc/passwd',
  '/desk//etc/passwd.js',
  '/widget/%00.js',
  '/desk/..%c0%af..%c0%afetc/passwd.js',
  '/demo/....//....//package.json',
  'file:///etc/passwd',
  '/__proto__',
  '/constructor',
  '/desk/__proto__.js',
  '/widget/constructor.js',
  '/%',
  '/desk/%zz.js',
];

/** Paths that try to leave the folders of the web apps. */
export const pathCases = (world: World): Case[] =>
  CLIMBS.flatMap((path) =>
    ['GET', 'HEAD', 'POST'].map((verb) => ({
      name: `${verb} ${path}`,
      run: async () => {
        const answer = await raw(
          world.httpUrl,
          `${verb} ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
        );
        assertNoLeak({}, answer.replaceAll('/services/', ''));
        must(/^HTTP\/1\.1 4\d\d /.test(answer), `got ${answer.slice(0, 200)}`);
        must(!answer.includes('root:') && !answer.includes('"workspaces"'), 'a file from outside');
      },
    })),
  );
