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
  await gone(namespaces);
  const { items } = JSON.parse(await run('kubectl', ['get', 'pv', '-o', 'json'])) as { items: Volume[] };
  for (const { metadata, spec, status } of items) {
    const folder = spec.hostPath?.path ?? spec.local?.path;
    if (status.phase !== 'Released' || !folder || !namespaces.test(spec.claimRef?.namespace ?? '')) continue;
    for (const entry of readdirSync(folder)) rmSync(join(folder, entry), { recursive: true, force: true });
    const free = JSON.stringify([{ op: 'remove', path: '/spec/claimRef' }]);
    await run('kubectl', ['patch', 'pv', metadata.name, '--type=json', '-p', free]);
  }
};

/** Waits for those that are being deleted: they hold their volumes until they are gone. */
const gone = async (namespaces: RegExp): Promise<void> => {
  const told = await run('kubectl', ['get', 'namespaces', '-o', 'json']);
  const { items } = JSON.parse(told) as {
    items: { metadata: { name: string; deletionTimestamp?: string } }[];
  };
  for (const { metadata } of items)
    if (metadata.deletionTimestamp && namespaces.test(metadata.name))
      await run('kubectl', ['wait', '--for=delete', `namespace/${metadata.name}`, '--timeout=110s']);
};
