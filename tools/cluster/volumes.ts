import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './kube.js';

interface Volume {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly claimRef?: { readonly namespace: string };
    readonly hostPath?: { readonly path: string };
    readonly local?: { readonly path: string };
  };
  readonly status: { readonly phase: string };
}

/** Empties the volumes of a cluster on this machine that namespaces of earlier runs left, so that they are free again. */
export const reclaimVolumes = async (namespaces: RegExp): Promise<void> => {
  const { items } = JSON.parse(await run('kubectl', ['get', 'pv', '-o', 'json'])) as { items: Volume[] };
  for (const { metadata, spec, status } of items) {
    const folder = spec.hostPath?.path ?? spec.local?.path;
    if (status.phase !== 'Released' || !folder || !namespaces.test(spec.claimRef?.namespace ?? '')) continue;
    for (const entry of readdirSync(folder)) rmSync(join(folder, entry), { recursive: true, force: true });
    const free = JSON.stringify([{ op: 'remove', path: '/spec/claimRef' }]);
    await run('kubectl', ['patch', 'pv', metadata.name, '--type=json', '-p', free]);
  }
};
