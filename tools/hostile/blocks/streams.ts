import { ErrorCode } from '@parley/kernel';
import { markOf } from '../leaks.js';
import { methodOf } from '../methods.js';
import { refused, succeeded } from '../outcome.js';
import { must, type Case } from '../suite.js';
import type { Caller } from '../transports.js';
import type { World } from '../world.js';

const MOST_OF_SESSION = 16;
const WAIT_MS = 10_000;

/** Streams that are opened too often, left without a word, asked for what is another tenant's, or outlive a session. */
export const streamCases = ({ acme, globex, http, grpc, httpUrl }: World): Case[] => {
  const watch = methodOf('RoutingService/WatchQueues');
  /** Opens a stream and reads nothing of it. */
  const open = async ({ token }: Caller) => {
    const controller = new AbortController();
    const answer = await fetch(`${httpUrl}/${watch.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{}',
      signal: controller.signal,
    });
    must(answer.status === 200, `a stream was answered with ${answer.status}`);
    return { answer, close: () => controller.abort() };
  };
  return [
    {
      name: 'so many streams a session and no more; room again once they are left without a word',
      run: async () => {
        const boss = await acme.logIn('boss');
        const streams = await Promise.all(Array.from({ length: MOST_OF_SESSION }, () => open(boss)));
        for (const transport of [http, grpc])
          refused(await transport.call(watch, {}, boss), ErrorCode.resourceExhausted, 'TOO_MANY_STREAMS');
        for (const { close } of streams) close();
        const until = Date.now() + WAIT_MS;
        for (;;) {
          const outcome = await grpc.call(watch, {}, boss);
          if (outcome.code === 0 || Date.now() > until) return void succeeded(outcome);
        }
      },
    },
    {
      name: 'a stream ends with its session',
      run: async () => {
        const boss = await acme.logIn('boss');
        const { answer } = await open(boss);
        succeeded(await http.call(methodOf('AuthService/Logout'), {}, boss));
        const text = await answer.text();
        must(/"reason":"SESSION_ENDED".*\n$/.test(text), `it ended with ${text.slice(-200)}`);
        refused(await http.call(watch, {}, boss), ErrorCode.unauthenticated, 'SESSION_ENDED');
      },
    },
    ...[[acme, globex] as const, [globex, acme] as const].flatMap(([from, to]) =>
      [http, grpc].map((transport) => ({
        name: `${transport.name}: ${from.name} sees no queue and no agent of ${to.name}`,
        run: async () => {
          const boss = from.person('boss');
          for (const name of ['RoutingService/WatchQueues', 'RoutingService/WatchAgents']) {
            const rows = JSON.stringify(succeeded(await transport.call(methodOf(name), {}, boss)));
            must(!rows.includes(markOf(to.name)), `${name} shows ${rows.slice(0, 200)}`);
          }
        },
      })),
    ),
  ];
};
