/** Secrets of one's own: with all of them the chart needs no cluster to ask, as GitOps renders it. */
import { describe, expect, it, jest } from '@jest/globals';
import { render, renderText, type Rendering } from './helm.js';

// Each rendering is a process of its own, which is slow on a busy machine.
jest.setTimeout(60_000);

const rendering: Rendering = {
  values: ['values-small.yaml'],
  set: {
    'secrets.existingSecret': 'own-secret',
    'seed.existingSecret': 'own-tenants',
    'nats.embedded.existingSecret': 'own-nats',
    'tests.existingSecret': 'own-check',
  },
};

describe('with secrets of one’s own', () => {
  it('renders the same bytes each time', async () => {
    const [first, second] = await Promise.all([renderText(rendering), renderText(rendering)]);
    expect(first).toBe(second);
  });

  it('makes no secret that holds one, and names none that is not there', async () => {
    const objects = await render(rendering);
    const made = objects.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => metadata.name);
    expect(made.toSorted()).toEqual(['parley-mongodb', 'parley-nats-config']);
    const text = JSON.stringify(objects);
    const used = [
      ...[...text.matchAll(/"secretKeyRef":\{"name":"([^"]+)"/g)].map(([, name]) => name),
      ...[...text.matchAll(/"secretName":"([^"]+)"/g)].map(([, name]) => name),
    ];
    expect([...new Set(used)].toSorted()).toEqual([
      ...['own-check', 'own-nats', 'own-secret', 'own-tenants', 'parley-mongodb', 'parley-nats-config'],
    ]);
  });
});
