/** Private authorities: every pod of Parley's image that reaches out trusts them, and mounts what it is told to. */
import { describe, expect, it, jest } from '@jest/globals';
import { render, type KubeObject } from './helm.js';

// Each rendering is a process of its own, which is slow on a busy machine.
jest.setTimeout(60_000);

const values = ['values-small.yaml'];
const set = { 'backup.enabled': 'true' };

interface PodSpec {
  readonly containers: readonly {
    readonly env: readonly { readonly name: string; readonly value?: string }[];
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
  readonly volumes: readonly { readonly name: string }[];
}

/** The pods of services and of copies. */
const podsOf = (objects: readonly KubeObject[]): readonly PodSpec[] =>
  objects.flatMap(({ kind, spec }) => {
    if (kind === 'Deployment') return [(spec as { template: { spec: PodSpec } }).template.spec];
    if (kind !== 'CronJob') return [];
    const { jobTemplate } = spec as { jobTemplate: { spec: { template: { spec: PodSpec } } } };
    return [jobTemplate.spec.template.spec];
  });

describe('private authorities', () => {
  it.each([
    [
      { 'extraCaCerts.configMap': 'company' },
      { configMap: { name: 'company', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    ],
    [
      { 'extraCaCerts.secret': 'company', 'extraCaCerts.key': 'bundle.pem' },
      { secret: { secretName: 'company', items: [{ key: 'bundle.pem', path: 'ca.crt' }] } },
    ],
  ])('of %j are trusted by all services and copies', async (authorities, volume) => {
    const pods = podsOf(await render({ values, set: { ...set, ...authorities } }));
    expect(pods).toHaveLength(9);
    for (const { containers, volumes } of pods) {
      expect(volumes).toContainEqual({ name: 'ca', ...volume });
      const [{ env, volumeMounts } = { env: [], volumeMounts: [] }] = containers;
      const { mountPath } = volumeMounts.find(({ name }) => name === 'ca')!;
      expect(env).toContainEqual({ name: 'NODE_EXTRA_CA_CERTS', value: `${mountPath}/ca.crt` });
    }
  });

  it('are not looked for when there are none', async () => {
    const text = JSON.stringify(podsOf(await render({ values, set })));
    expect(text).not.toMatch(/NODE_EXTRA_CA_CERTS|"name":"ca"/);
  });
});
