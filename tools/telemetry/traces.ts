import { SPAN_ATTRIBUTES } from '@parley/telemetry';
import { eventually, must, type Case } from '../hostile/suite.js';
import type { ReceivedSpan, Receiver } from './receiver.js';
import { METHODS } from './story.js';

/** What applies commits of conversations, by the service that does. */
const CONSUMERS: Readonly<Record<string, string>> = {
  inbox: 'parley-conversation',
  'routing-input': 'parley-routing',
  transcript: 'parley-transcript',
  analytics: 'parley-analytics',
  notification: 'parley-notification',
};

type Wanted = Partial<Pick<ReceivedSpan, 'name' | 'kind' | 'service'>> & {
  readonly attributes?: Readonly<Record<string, string>>;
};

const isAs = (span: ReceivedSpan, { name, kind, service, attributes = {} }: Wanted): boolean =>
  (name === undefined || span.name === name) &&
  (kind === undefined || span.kind === kind) &&
  (service === undefined || span.service === service) &&
  Object.entries(attributes).every(([key, value]) => span.attributes[key] === value);

/** The cases about the spans of a story. */
export const traceCases = (receiver: Receiver, conversationId: string, reason: string): readonly Case[] => {
  /** Waits for it: services export on their own time. */
  const find = (what: string, wanted: Wanted, more: (span: ReceivedSpan) => boolean = () => true) =>
    eventually(what, () => receiver.spans.find((span) => isAs(span, wanted) && more(span)));
  const below = async (parent: ReceivedSpan, what: string, wanted: Wanted): Promise<ReceivedSpan> => {
    const child = await find(`${what} below ${parent.name} of ${parent.service}`, wanted, (span) => {
      return span.parentId === parent.spanId;
    });
    must(child.traceId === parent.traceId, `${what} is in another trace`);
    return child;
  };
  /** From the append back to the frame that it began with; the frame is the last. */
  const upwards = async (span: ReceivedSpan): Promise<ReceivedSpan[]> => {
    const chain = [span];
    for (let at = span; at.parentId !== '';) {
      const { parentId } = at;
      at = await eventually(`the parent of ${at.name}`, () =>
        receiver.spans.find(({ spanId }) => spanId === parentId),
      );
      chain.push(at);
    }
    return chain;
  };
  const appended = (method: string) => async (): Promise<ReceivedSpan> =>
    eventually(`an append of ${method}`, async () => {
      for (const span of receiver.spans) {
        const own = { kind: 'producer', attributes: { 'parley.conversation': conversationId } } as const;
        if (isAs(span, own) && (await upwards(span)).at(-1)?.name === method) return span;
      }
      return undefined;
    });
  const sent = appended(METHODS.send);
  const started = appended(METHODS.start);

  return [
    {
      name: 'a frame leads over the gateway and NATS to the command and the append',
      run: async () => {
        const chain = (await upwards(await sent())).map(({ name, kind, service, attributes }) =>
          [name, kind, service, attributes['rpc.system.name'] ?? attributes['messaging.system']].join(' '),
        );
        const wanted = [
          'append conversation producer parley-conversation nats',
          `${METHODS.send} server parley-conversation nats`,
          `${METHODS.send} client parley-gateway nats`,
          `${METHODS.send} server parley-gateway socket`,
        ];
        must(chain.join('\n') === wanted.join('\n'), `the chain is ${chain.join(' ← ')}`);
      },
    },
    ...Object.entries(CONSUMERS).map(([group, service]): Case => ({
      name: `${group} processes the commit below its append`,
      run: async () => {
        const span = await below(await sent(), group, {
          name: 'process conversation',
          kind: 'consumer',
          service,
          attributes: { 'messaging.consumer.group.name': group, 'parley.conversation': conversationId },
        });
        must(!span.failed, `${group} failed`);
      },
    })),
    {
      name: 'the gateway delivers the commit to the sockets that watch',
      run: async () => {
        const wanted = { name: 'deliver conversation', kind: 'consumer', service: 'parley-gateway' } as const;
        const span = await below(await sent(), 'delivery', wanted);
        must(span.attributes['parley.sockets'] === '2', `sent to ${span.attributes['parley.sockets']}`);
      },
    },
    {
      name: 'a chat goes on from the log to routing, its log and its consumers in the same trace',
      run: async () => {
        const forwarded = await below(await started(), 'forwarder', {
          service: 'parley-routing',
          attributes: { 'messaging.consumer.group.name': 'routing-input' },
        });
        const name = METHODS.enqueue;
        const asked = await below(forwarded, 'call', { name, kind: 'client', service: 'parley-routing' });
        const done = await below(asked, 'command', { name, kind: 'server', service: 'parley-routing' });
        const written = await below(done, 'append', { name: 'append routing', kind: 'producer' });
        await below(written, 'facts', { name: 'process routing', service: 'parley-analytics' });
      },
    },
    {
      name: 'a read is a call over gRPC',
      run: async () => {
        const name = METHODS.list;
        const frame = await find('frame', { name, attributes: { 'rpc.system.name': 'socket' } });
        const asked = await below(frame, 'call', { kind: 'client', service: 'parley-gateway' });
        const done = await below(asked, 'read', { name, kind: 'server', service: 'parley-conversation' });
        must(done.attributes['rpc.system.name'] === 'grpc', 'not over gRPC');
        must(done.attributes['rpc.response.status_code'] === 'OK', 'its code is not OK');
      },
    },
    {
      name: 'a refused command is an error of the call, with code and reason, and writes nothing',
      run: async () => {
        const wanted = { name: METHODS.send, kind: 'client', attributes: { 'error.type': reason } } as const;
        const asked = await find('the refused call', wanted);
        must(asked.failed, 'the call of the refused command has no error status');
        const refused = await below(asked, 'command', { kind: 'server', service: 'parley-conversation' });
        must(!refused.failed, 'a refusal is not the failure of the server');
        must(refused.attributes['error.type'] === reason, 'the server does not say why');
        const inTrace = receiver.spans.filter(({ traceId }) => traceId === asked.traceId);
        must(!inTrace.some(({ kind }) => kind === 'producer'), 'a refused command appended');
      },
    },
    {
      name: 'spans have no attribute beside the allowed ones',
      run: () => {
        const allowed = new Set<string>(SPAN_ATTRIBUTES);
        for (const { name, attributes } of receiver.spans)
          for (const key of Object.keys(attributes)) must(allowed.has(key), `${name} has ${key}`);
      },
    },
  ];
};
