import { ErrorCode } from '@parley/kernel';
import { refused, refusedField } from '../outcome.js';
import { sampleOf } from '../samples.js';
import { Socket } from '../socket.js';
import { must, type Case } from '../suite.js';
import type { Caller } from '../transports.js';
import type { World } from '../world.js';

const KINDS = ['call', 'watch', 'unwatch', 'typing', 'watchInbox'] as const;
const MESSAGES = {
  call: 'Call',
  watch: 'Watch',
  unwatch: 'Unwatch',
  typing: 'Typing',
  watchInbox: 'WatchInbox',
};
const sampleFrame = (kind: (typeof KINDS)[number]): object => ({
  [kind]: sampleOf(`parley.gateway.v1.${MESSAGES[kind]}`),
});

/** Sockets that misbehave, each on a connection of its own. */
export const frameCases = (world: World): Case[] => {
  const { httpUrl, acme, globex } = world;
  const ben = acme.person('ben');
  const stranger = acme.visitor('stranger');
  const on = (name: string, who: Caller | undefined, run: (socket: Socket) => Promise<void>): Case => ({
    name: `socket: ${name}`,
    run: async () => {
      const socket = who ? await Socket.greet(httpUrl, who.token, who) : await Socket.open(httpUrl, {});
      try {
        await run(socket);
        if (socket.leak) throw socket.leak;
      } finally {
        socket.close();
      }
    },
  });
  /** Refused with an error frame, after which the socket is as good as before. */
  const survives = (
    name: string,
    who: Caller,
    frame: object | string | Buffer,
    code: number,
    field?: string,
  ): Case =>
    on(name, who, async (socket) => {
      const outcome = await socket.refusal(frame);
      if (field === undefined) refused(outcome, code);
      else refusedField(outcome, field);
      await socket.settle();
    });
  const invalid = (name: string, frame: object | string | Buffer, field?: string): Case =>
    survives(name, ben, frame, ErrorCode.invalidArgument, field);
  const { open: foreign } = globex.conversations ?? {};
  const { open: own } = acme.conversations ?? {};
  const denied = [ErrorCode.notFound, ErrorCode.permissionDenied];
  const large = JSON.stringify({ ping: {}, x: 'x'.repeat(128 * 1024) });
  return [
    on('call before hello', undefined, async (socket) => {
      const outcome = await socket.call('parley.routing.v1.RoutingService/ListQueues', {});
      refused(outcome, ErrorCode.failedPrecondition, 'HELLO_FIRST');
    }),
    ...KINDS.filter((kind) => kind !== 'call').map((kind) =>
      on(`${kind} before hello`, undefined, async (socket) =>
        refused(await socket.refusal(sampleFrame(kind)), ErrorCode.failedPrecondition, 'HELLO_FIRST'),
      ),
    ),
    on('a second hello', ben, async (socket) => {
      const hello = { hello: { protocolVersion: 1, token: stranger.token } };
      refused(await socket.refusal(hello), ErrorCode.failedPrecondition, 'HELLO_TWICE');
      await socket.settle();
    }),
    on('a slow hello', undefined, async (socket) => {
      // Told and closed: the gateway waits 10 s and looks every 2 s.
      await socket.closed(18_000);
      must(JSON.stringify(socket.frames).includes('NO_HELLO'), 'closed without a word');
    }),
    ...['', 'x', 'pk_nothing.nothing', acme.keys.all.token].map((token) =>
      on(`hello with the token "${token.slice(0, 12)}"`, undefined, async (socket) => {
        socket.send({ hello: { protocolVersion: 1, token } });
        refused(
          {
            reason: '',
            fields: [],
            retryAfterMs: 0,
            ...((await socket.next('error')) as { code: number; message: string }),
          },
          token === ''
            ? ErrorCode.invalidArgument
            : token === acme.keys.all.token
              ? ErrorCode.permissionDenied
              : ErrorCode.unauthenticated,
        );
      }),
    ),
    invalid('a binary frame', Buffer.from('{"ping":{}}')),
    ...['', '{', 'null', '[]', '7', '"ping"', '\0', '{"ping":{}', '{}'].map((text) =>
      invalid(`the text ${JSON.stringify(text)}`, text),
    ),
    invalid('two frames in one', { ping: {}, watch: { conversationId: 'a' } }),
    ...KINDS.flatMap((kind) => [
      ...[7, 'text', []].map((value) =>
        invalid(`${kind} that is ${JSON.stringify(value)}`, { [kind]: value }, kind),
      ),
      invalid(
        `${kind} with an unknown field`,
        { [kind]: { ...sampleOf(`parley.gateway.v1.${MESSAGES[kind]}`), nosuch: 1 } },
        `${kind}.nosuch`,
      ),
    ]),
    ...(['watch', 'unwatch', 'typing'] as const).flatMap((kind) =>
      ['*', '>', 'a.b', '$SYS', '', 7, 'x'.repeat(65)].map((conversationId) =>
        invalid(
          `${kind} of ${JSON.stringify(conversationId)}`,
          { [kind]: { conversationId } },
          `${kind}.conversationId`,
        ),
      ),
    ),
    invalid('a call without a number', { call: { method: 'a' } }, 'call.id'),
    invalid(
      'a typing preview that is too long',
      { typing: { conversationId: 'a', preview: 'x'.repeat(2001) } },
      'typing.preview',
    ),
    invalid(
      'watchInbox of a scope that is none',
      { watchInbox: { scopes: ['INBOX_SCOPE_EVERYTHING'] } },
      'watchInbox.scopes[0]',
    ),
    survives('a frame of more than 128 KB', ben, large, ErrorCode.resourceExhausted),
    on('a frame of more than 1 MB', ben, async (socket) => {
      socket.send('x'.repeat(1024 * 1024 + 1));
      must((await socket.closed()) === 1009, `closed with ${socket.closeCode}`);
    }),
    ...[{ sing: {} }, { welcome: { role: 'admin' } }, { hologram: { a: [1] } }].map((frame) =>
      on(`the unknown frame ${JSON.stringify(frame)} is ignored`, ben, async (socket) => {
        const before = socket.frames.length;
        socket.send(frame);
        await socket.settle();
        must(!socket.frames.slice(before).some((each) => each['error']), 'it was answered with an error');
      }),
    ),
    survives(
      'watchInbox by a visitor',
      stranger,
      { watchInbox: { scopes: ['INBOX_SCOPE_QUEUE'] } },
      ErrorCode.permissionDenied,
    ),
    survives(
      'watchInbox of all by an agent',
      ben,
      { watchInbox: { scopes: ['INBOX_SCOPE_ALL'] } },
      ErrorCode.permissionDenied,
    ),
    survives(
      'typing without watching',
      ben,
      { typing: { conversationId: own, typing: true } },
      ErrorCode.failedPrecondition,
    ),
    ...[foreign, own, '0-nothing', '__proto__'].map((conversationId) =>
      on(`a visitor watches ${conversationId}, not theirs`, stranger, async (socket) => {
        refused(await socket.refusal({ watch: { conversationId } }), denied);
        refused(
          await socket.refusal({ typing: { conversationId, typing: true } }),
          ErrorCode.failedPrecondition,
        );
      }),
    ),
    ...[ben, acme.person('boss')].map((who) =>
      on(`${who.name} watches the other tenant's conversation`, who, async (socket) =>
        refused(await socket.refusal({ watch: { conversationId: foreign } }), denied),
      ),
    ),
    on('the visitor of a chat with a note watches it', acme.visitor('chatting'), async (socket) => {
      socket.send({ watch: { conversationId: own } });
      await socket.next('events');
    }),
    on('more pings than the session may send', stranger, async (socket) => {
      for (let i = 0; i < 6000; i++) socket.send('{"ping":{}}');
      const error = (await socket.next('error')) as { code: number; reason: string; retryAfterMs: number };
      must(error.code === ErrorCode.resourceExhausted && error.retryAfterMs > 0, JSON.stringify(error));
    }),
  ];
};
