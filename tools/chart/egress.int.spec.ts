/** Whom the network policies let services reach outside the release. */
import { describe, expect, it, jest } from '@jest/globals';
import { render, type KubeObject, type Rendering } from './helm.js';

// Each rendering is a process of its own, which is slow on a busy machine.
jest.setTimeout(60_000);

const services = [
  'gateway',
  'conversation',
  'routing',
  'presence',
  'transcript',
  'analytics',
  'notification',
];

interface Rule {
  readonly ports: readonly { readonly port: number }[];
  readonly to?: readonly object[];
}

/** The rules of a service's pods that have this port. */
const rulesFor = (objects: readonly KubeObject[], service: string, port: number): readonly Rule[] => {
  const policy = objects.find(
    ({ kind, metadata }) =>
      kind === 'NetworkPolicy' && metadata.labels?.['app.kubernetes.io/component'] === service,
  );
  const { egress } = policy!.spec as { egress: Rule[] };
  return egress.filter(({ ports }) => ports.some((each) => each.port === port));
};

const anywhere = (port: number): object => ({ ports: [{ port }] });

describe('the network policies', () => {
  it('of production let every service reach the MongoDB that has to be given', async () => {
    const objects = await render({ values: ['values-production.yaml'] });
    for (const service of services) expect(rulesFor(objects, service, 27017)).toEqual([anywhere(27017)]);
  });

  const external: Rendering = {
    values: ['values-production.yaml'],
    set: {
      'nats.external.url': 'tls://nats-0.example:4333\\,nats://nats-1.example',
      'tracing.endpoint': 'http://collector.example:4318',
    },
  };

  it('let every service reach an external NATS and the collector at the ports of their addresses', async () => {
    const objects = await render(external);
    for (const service of services) {
      const nats = { ports: [{ port: 4333 }, { port: 4222 }] };
      expect(rulesFor(objects, service, 4222)).toEqual([nats]);
      expect(rulesFor(objects, service, 4333)).toEqual([nats]);
      expect(rulesFor(objects, service, 4318)).toEqual([anywhere(4318)]);
    }
  });

  it.each([
    ['http://collector.example', 80],
    ['https://collector.example/v1', 443],
    ['http://[fd00::1]:4318', 4318],
  ])('know the port of %s', async (endpoint, port) => {
    const objects = await render({ ...external, set: { ...external.set, 'tracing.endpoint': endpoint } });
    expect(rulesFor(objects, 'routing', port)).toEqual([anywhere(port)]);
  });

  it('let only notification reach mail servers and receivers of webhooks', async () => {
    const objects = await render(external);
    for (const port of [25, 465, 587, 2525, 80, 443])
      for (const service of services)
        expect(rulesFor(objects, service, port)).toHaveLength(service === 'notification' ? 1 : 0);
  });

  it('are narrowed to where things are, and to other ports', async () => {
    const objects = await render({ values: ['ci/external.yaml'] });
    const block = (cidr: string): object => ({ ipBlock: { cidr } });
    for (const service of services) {
      expect(rulesFor(objects, service, 27018)).toEqual([
        { ports: [{ port: 27017 }, { port: 27018 }], to: [block('10.1.0.0/16')] },
      ]);
      expect(rulesFor(objects, service, 4222)).toEqual([
        { ports: [{ port: 4222 }], to: [block('10.1.0.0/16')] },
      ]);
      expect(rulesFor(objects, service, 4318)[0]!.to).toHaveLength(1);
    }
    expect(rulesFor(objects, 'notification', 465)).toEqual([
      { ports: [{ port: 465 }], to: [block('10.2.0.0/16')] },
    ]);
    expect(rulesFor(objects, 'notification', 25)).toEqual([]);
    expect(rulesFor(objects, 'notification', 8443)).toEqual([{ ports: [{ port: 443 }, { port: 8443 }] }]);
  });

  it('open nothing for what is part of the release or not there', async () => {
    const objects = await render({ values: ['values-small.yaml'] });
    for (const service of services) {
      expect(rulesFor(objects, service, 4318)).toEqual([]);
      for (const port of [4222, 27017])
        expect(rulesFor(objects, service, port)).toEqual([
          { ports: [{ port }], to: [expect.objectContaining({ podSelector: expect.anything() })] },
        ]);
    }
  });
});
