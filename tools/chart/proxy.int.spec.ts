/** Whether the gateway takes the caller's address from x-forwarded-for. */
import { expect, it, jest } from '@jest/globals';
import { render, type Rendering } from './helm.js';

// Each rendering is a process of its own, which is slow on a busy machine.
jest.setTimeout(60_000);

interface Workload {
  readonly template: {
    readonly spec: {
      readonly containers: readonly { readonly env: readonly { name: string; value?: string }[] }[];
    };
  };
}

const trusts = async (set: NonNullable<Rendering['set']>): Promise<string | undefined> => {
  const objects = await render({ values: ['values-small.yaml'], set });
  const gateway = objects.find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'parley-gateway',
  );
  const { env } = (gateway!.spec as Workload).template.spec.containers[0]!;
  return env.find(({ name }) => name === 'PARLEY_TRUST_PROXY')?.value;
};

const ingress = { 'ingress.enabled': 'true', 'ingress.hosts[0]': 'chat.example' };

it.each([
  ['does not where anybody can send that header', {}, 'false'],
  ['does behind the Ingress of the chart, which adds it', ingress, 'true'],
  ['does not where the Ingress can be passed by', { ...ingress, 'service.type': 'LoadBalancer' }, 'false'],
  ['does where it is told to', { 'gateway.trustProxy': 'true' }, 'true'],
])('%s', async (_what, set, expected) => {
  expect(await trusts(set)).toBe(expected);
});
