/** The users of the embedded NATS, on a real server: each may say and hear its own subjects and no other's. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { connectBus, type Bus } from '@parley/messaging';
import type { Logger } from '@parley/telemetry';
import { eventually, freePort, startNats, type TestNats } from '@parley/testkit';
import { containerOf, environmentOf, render } from './helm.js';

const services = [
  'gateway',
  'conversation',
  'routing',
  'presence',
  'transcript',
  'analytics',
  'notification',
];

/** Subjects by who may publish to them: one of each kind that there is. */
const published: Readonly<Record<string, readonly string[]>> = {
  'conversation.0.acme.c1': ['conversation'],
  'conversation.appended': ['conversation'],
  'conversation.live.acme.c1': ['conversation'],
  'inbox.live.acme.all': ['conversation'],
  'conversation.typing.acme.c1': ['gateway', 'conversation'],
  'conversation.command.0': ['gateway', 'conversation', 'routing', 'presence', 'transcript', 'notification'],
  'routing.0.acme.d1': ['routing'],
  'routing.live.acme.queue.q1': ['routing'],
  'routing.command.0': ['gateway', 'conversation', 'routing', 'presence'],
  'tenant.0.acme.t1': ['gateway'],
  'presence.live.acme.a1': ['presence'],
  'presence.sessions.0': ['gateway'],
  'presence.command.0': ['gateway', 'conversation', 'routing'],
  'transcript.command.0': ['gateway', 'conversation', 'routing', 'analytics', 'notification'],
  'analytics.command.0': ['gateway'],
  'notification.command.0': ['gateway'],
  'gateway.snapshot.g1': ['presence'],
  '$KV.GATEWAYS.g1': ['gateway'],
  '$KV.members.routing.r1': ['routing'],
  '$KV.members.conversation.c1': ['conversation'],
  '$KV.CHECKPOINTS.transcript.conversation.0': ['transcript'],
  '$JS.API.STREAM.PURGE.CONVERSATION_0': ['transcript'],
  '$JS.API.STREAM.PURGE.ROUTING_0': ['routing'],
  '$JS.API.STREAM.DELETE.CONVERSATION_0': [],
  '$JS.API.STREAM.MSG.DELETE.CONVERSATION_0': [],
  '$JS.API.DIRECT.GET.CONVERSATION_3': ['conversation', 'routing', 'transcript', 'analytics', 'notification'],
  '$JS.API.DIRECT.GET.ROUTING_0': ['routing', 'analytics'],
  '$JS.API.DIRECT.GET.TENANT_0': ['gateway'],
  '$SYS.REQ.SERVER.PING': [],
  '_INBOX.gateway.x.1': [],
  'anything.else': [],
};

/** Subjects by who may subscribe to them. */
const heard: Readonly<Record<string, readonly string[]>> = {
  'conversation.live.acme.*': ['gateway'],
  'inbox.live.acme.*': ['gateway'],
  'routing.live.acme.queue.*': ['gateway'],
  'presence.live.acme.*': ['gateway'],
  'presence.sessions.0': ['presence'],
  'gateway.snapshot.g1': ['gateway'],
  'conversation.appended': ['conversation', 'routing', 'transcript', 'analytics', 'notification'],
  'routing.appended': ['routing', 'analytics'],
  'conversation.0.>': [],
  '$KV.GATEWAYS.>': ['presence'],
  '_INBOX.>': [],
  '>': [],
  ...Object.fromEntries(services.map((service) => [`_INBOX.${service}.x.*`, [service]])),
  ...Object.fromEntries(services.slice(1).map((service) => [`${service}.command.0`, [service]])),
};

/** Of a secret of one's own; what looks like a number is a password as well. */
const passwords: Readonly<Record<string, string>> = {
  ...Object.fromEntries(services.map((service) => [service, `${service}1234567890`])),
  ...{ gateway: '1234567890', conversation: '12e4', routing: '5K', cluster: 'true', backup: '9M' },
};

/** Configuration of the embedded servers, and the environment that they read it in. */
const embedded = async () => {
  const objects = await render({
    values: ['values-small.yaml'],
    set: { 'nats.embedded.existingSecret': 'parley-nats' },
  });
  const { stringData } = objects.find(({ metadata }) => metadata.name.endsWith('nats-config'))!;
  const text = stringData!['nats.conf']!;
  const [cluster] = /\ncluster \{.*?\n\}\n/s.exec(text)!;
  return {
    users: text.slice(text.lastIndexOf('\nauthorization {')),
    cluster,
    env: environmentOf(containerOf(objects, 'nats'), { 'parley-nats': passwords }),
  };
};

const loginOf = (user: string) => ({ name: user, user, password: passwords[user]! });

describe('the users of the embedded NATS', () => {
  let nats: TestNats;
  const buses = new Map<string, Bus>();
  const refusals = new Map<string, string[]>();

  beforeAll(async () => {
    const { users, env } = await embedded();
    nats = await startNats({ settings: users, env });
    for (const user of services) {
      const refused: string[] = [];
      refusals.set(user, refused);
      const logger = {
        error: (fields: { err?: unknown }) => refused.push(String(fields.err)),
        warn: () => {},
      };
      buses.set(
        user,
        await connectBus({
          url: nats.url,
          ...loginOf(user),
          logger: logger as unknown as Logger,
        }),
      );
    }
  });
  afterAll(async () => {
    for (const bus of buses.values()) await bus.drain();
    await nats.stop();
  });

  /** Which services the server lets do this. */
  const allowed = async (act: (bus: Bus) => void): Promise<string[]> => {
    const those: string[] = [];
    for (const [service, bus] of buses) {
      const refused = refusals.get(service)!;
      refused.length = 0;
      act(bus);
      // A refusal comes before the answer to this; the listener hears of it in a turn of its own.
      await bus.flush();
      await new Promise(setImmediate);
      if (!refused.some((text) => /permissions? violation/i.test(text))) those.push(service);
    }
    return those;
  };

  it.each(Object.entries(published))('%s is published by %j only', async (subject, expected) => {
    expect(await allowed((bus) => bus.publish(subject, new Uint8Array()))).toEqual(expected);
  });

  it.each(Object.entries(heard))('%s is heard by %j only', async (subject, expected) => {
    expect(await allowed((bus) => bus.subscribe(subject, () => undefined))).toEqual(expected);
  });

  it('need their passwords', async () => {
    const wrong = connectBus({
      url: nats.url,
      name: 'x',
      user: 'gateway',
      password: 'x',
      connectTimeoutMs: 0,
    });
    await expect(wrong).rejects.toThrow(/refuses the login/);
    await expect(connectBus({ url: nats.url, name: 'x', connectTimeoutMs: 0 })).rejects.toThrow(
      /refuses the login/,
    );
  });
});

describe('the servers of the embedded NATS', () => {
  it('find each other by their own password', async () => {
    const { users, cluster, env } = await embedded();
    const ports = [await freePort(), await freePort()];
    const routes = Object.keys(env)
      .filter((name) => name.startsWith('ROUTE_'))
      .map((name, i) => [name, env[name]!.replace(/@[\w.-]+:\d+/, `@127.0.0.1:${ports[i % 2]}`)] as const);
    const servers: TestNats[] = [];
    const buses: Bus[] = [];
    try {
      for (const [i, port] of ports.entries()) {
        const own = cluster.replace('port: 6222', `listen: "127.0.0.1:${port}"`);
        servers.push(
          await startNats({
            settings: `server_name: n${i}${own}${users}`,
            env: { ...env, ...Object.fromEntries(routes) },
          }),
        );
      }
      const [hearer, teller] = [
        await connectBus({ url: servers[0]!.url, ...loginOf('presence') }),
        await connectBus({ url: servers[1]!.url, ...loginOf('gateway') }),
      ];
      buses.push(hearer, teller);
      const told = jest.fn();
      hearer.subscribe('presence.sessions.0', told);
      await hearer.flush();
      // Until the one server knows of who listens at the other one.
      await eventually(async () => {
        teller.publish('presence.sessions.0', new Uint8Array());
        await teller.flush();
        expect(told).toHaveBeenCalled();
      });
    } finally {
      for (const bus of buses) await bus.drain();
      for (const server of servers) await server.stop();
    }
  });
});
