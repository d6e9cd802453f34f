/** The users of the embedded NATS, on a real server: each may say and hear its own subjects and no other's. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectBus, type Bus } from '@parley/messaging';
import type { Logger } from '@parley/telemetry';
import { startNats, type TestNats } from '@parley/testkit';
import { render } from './helm.js';

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

describe('the users of the embedded NATS', () => {
  let nats: TestNats;
  const passwords = new Map<string, string>();
  const buses = new Map<string, Bus>();
  const refusals = new Map<string, string[]>();

  beforeAll(async () => {
    const objects = await render({ values: ['values-small.yaml'] });
    const secret = (suffix: string): Readonly<Record<string, string>> =>
      objects.find(({ kind, metadata }) => kind === 'Secret' && metadata.name.endsWith(suffix))!.stringData!;
    for (const [user, password] of Object.entries(secret('nats-users'))) passwords.set(user, password);
    const config = secret('nats-config')['nats.conf']!;
    nats = await startNats({ settings: config.slice(config.lastIndexOf('\nauthorization {')) });
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
          name: user,
          user,
          password: passwords.get(user)!,
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
