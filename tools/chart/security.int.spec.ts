/** Every pod is one that the restricted Pod Security Standard takes. */
import { describe, expect, it, jest } from '@jest/globals';
import { render, type KubeObject } from './helm.js';
import { profiles } from './profiles.js';

// Each rendering is a process of its own, which is slow on a busy machine.
jest.setTimeout(60_000);

interface PodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly securityContext?: object;
  readonly containers: readonly { readonly securityContext?: object }[];
  readonly initContainers?: readonly { readonly securityContext?: object }[];
  readonly volumes?: readonly object[];
}

/** The specification of the pods that an object makes, however deep. */
const podOf = ({ kind, spec }: KubeObject): PodSpec | undefined => {
  const inner = spec as { template?: { spec: PodSpec }; jobTemplate?: { spec: unknown } } | undefined;
  if (kind === 'Pod') return spec as PodSpec;
  if (inner?.jobTemplate) return podOf({ kind: 'Job', metadata: { name: '' }, spec: inner.jobTemplate.spec });
  return inner?.template?.spec;
};

const VOLUMES = ['configMap', 'emptyDir', 'persistentVolumeClaim', 'projected', 'secret'];

describe('the pods', () => {
  it.each(Object.entries(profiles))('of %s are restricted, and have no token', async (_, values) => {
    const pods = (await render({ values })).flatMap((object) => {
      const pod = podOf(object);
      return pod ? [{ name: `${object.kind}/${object.metadata.name}`, pod }] : [];
    });
    expect(pods.length).toBeGreaterThanOrEqual(7);
    for (const { name, pod } of pods) {
      expect({ name, ...pod }).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      for (const { securityContext } of [...pod.containers, ...(pod.initContainers ?? [])])
        expect({ name, ...securityContext }).toMatchObject({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      for (const volume of pod.volumes ?? [])
        expect(Object.keys(volume).filter((key) => key !== 'name' && !VOLUMES.includes(key))).toEqual([]);
    }
  });
});
