import { publicMethods } from '@parley/contracts';
import { ErrorCode } from '@parley/kernel';
import { methodOf, shortName } from '../methods.js';
import { refused } from '../outcome.js';
import type { Case } from '../suite.js';
import { ANYONE } from '../transports.js';
import type { World } from '../world.js';

const tag = (field: number, wireType: number): number => field * 8 + wireType;

/** Bytes that are no message, whatever its type. */
const MALFORMED: readonly (readonly [string, readonly number[]])[] = [
  ['a tag and nothing', [tag(1, 2)]],
  ['a length beyond the end', [tag(1, 2), 200, 97]],
  ['a length of 4 GB', [tag(1, 2), 255, 255, 255, 255, 15, 97]],
  ['an endless varint', [tag(1, 0), ...Array.from({ length: 12 }, () => 255)]],
  ['field number 0', [0, 1]],
  ['the end of a group that never began', [tag(1, 4), 1]],
  ['wire type 7', [tag(100, 7), 1]],
  ['a group without an end', [tag(100, 3), tag(1, 0), 1]],
  ['50,000 nested groups', Array.from({ length: 100_000 }, (_, i) => (i % 2 ? 6 : 163))],
  ['random bytes', Array.from({ length: 64 }, (_, i) => (i * 197 + 255) % 256)],
];
/** A text field that is not UTF-8: field 1 of the methods below is an id, field 3 a text. */
const NOT_UTF8: readonly (readonly [string, readonly number[]])[] = [
  ['a lone continuation', [0x80]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['beyond Unicode', [0xf5, 0x80, 0x80, 0x80]],
];

const text = (field: number, bytes: readonly number[]): number[] => [tag(field, 2), bytes.length, ...bytes];
const ascii = (value: string): number[] => [...Buffer.from(value)];

/** Bytes over gRPC that no generated client would send. */
export const grpcCases = (world: World): Case[] => {
  const { grpc, acme } = world;
  const all = acme.keys.all;
  const boss = acme.person('boss');
  const malformed = publicMethods
    .filter(({ name }) => name !== 'Logout')
    .flatMap((method) => {
      const open = method.roles.includes('anyone');
      const roles = method.roles.map(String);
      const caller = open
        ? ANYONE
        : roles.includes('admin')
          ? boss
          : roles.includes('visitor')
            ? acme.visitor('stranger')
            : all;
      return MALFORMED.map(([what, bytes]) => ({
        name: `gRPC ${shortName(method)} with ${what}`,
        run: async () =>
          refused(
            await grpc.callBytes(method.path, Uint8Array.from(bytes), caller),
            ErrorCode.invalidArgument,
          ),
      }));
    });
  const send = methodOf('ConversationService/SendMessage');
  const notUtf8 = NOT_UTF8.flatMap(([what, bytes]) => [
    {
      what: `${what} in a text`,
      body: [...text(1, ascii('0-a')), ...text(2, ascii('m')), ...text(3, bytes)],
    },
    { what: `${what} in an id`, body: [...text(1, bytes), ...text(2, ascii('m')), ...text(3, ascii('t'))] },
  ]);
  return [
    ...malformed,
    ...notUtf8.map(({ what, body }) => ({
      name: `gRPC SendMessage with ${what}`,
      run: async () =>
        refused(await grpc.callBytes(send.path, Uint8Array.from(body), boss), ErrorCode.invalidArgument),
    })),
    {
      name: 'gRPC malformed bytes without a token: the token is asked for first',
      run: async () =>
        refused(
          await grpc.callBytes(send.path, Uint8Array.from([tag(1, 2)]), ANYONE),
          ErrorCode.unauthenticated,
        ),
    },
    {
      name: 'gRPC more than 128 KB',
      run: async () =>
        refused(
          await grpc.callBytes(send.path, new Uint8Array(200 * 1024), boss),
          ErrorCode.resourceExhausted,
        ),
    },
    ...[
      'parley.nosuch.v1.Service/Method',
      'parley.gateway.v1.AuthService/__proto__',
      'parley.gateway.v1.AuthService/constructor',
      '__proto__/a',
    ].map((path) => ({
      name: `gRPC /${path}`,
      run: async () => refused(await grpc.callBytes(path, new Uint8Array(), boss), ErrorCode.unimplemented),
    })),
    {
      name: 'gRPC metadata that claims another tenant and role',
      run: async () => {
        const json = { conversationId: world.globex.conversations?.open };
        const headers = {
          'parley-context': `globex admin globex-boss ${Date.now() + 60_000} boss`,
          'x-tenant': 'globex',
        };
        const outcome = await grpc.call(
          methodOf('ConversationService/ListEvents'),
          json,
          acme.visitor('stranger'),
          headers,
        );
        refused(outcome, ErrorCode.notFound);
      },
    },
  ];
};
