import { setTimeout as pause } from 'node:timers/promises';
import type { Installation } from './install.js';
import { run } from './kube.js';

export interface Use {
  /** Working set, MiB. */
  readonly memory: number;
  /** Thousandths of a core. */
  readonly cpu: number;
}

interface Summary {
  readonly pods: readonly {
    readonly podRef: { readonly name: string; readonly namespace: string };
    readonly cpu?: { readonly usageCoreNanoSeconds?: number };
    readonly memory?: { readonly workingSetBytes?: number };
  }[];
}

/** What each component of the release uses, as the kubelets tell, over so many ms. */
export const measure = async (own: Installation, overMs: number): Promise<Record<string, Use>> => {
  const before = await read(own);
  const startedAt = performance.now();
  await pause(overMs);
  const after = await read(own);
  const elapsedMs = performance.now() - startedAt;
  const uses: Record<string, Use> = {};
  for (const [name, { cpu, memory }] of after) {
    const component = name.replace(/^parley-/, '').split('-')[0]!;
    const spent = Math.max(0, cpu - (before.get(name)?.cpu ?? cpu));
    const known = uses[component] ?? { memory: 0, cpu: 0 };
    uses[component] = {
      memory: known.memory + Math.round(memory / 1024 / 1024),
      cpu: known.cpu + Math.round((spent / 1e6 / elapsedMs) * 1_000),
    };
  }
  return uses;
};

export const total = (uses: Readonly<Record<string, Use>>): Use => ({
  memory: Object.values(uses).reduce((sum, { memory }) => sum + memory, 0),
  cpu: Object.values(uses).reduce((sum, { cpu }) => sum + cpu, 0),
});

const read = async (own: Installation): Promise<Map<string, { cpu: number; memory: number }>> => {
  const { items } = await own.space.get<{ items: { metadata: { name: string } }[] }>('nodes');
  const found = new Map<string, { cpu: number; memory: number }>();
  for (const { metadata } of items) {
    const path = `/api/v1/nodes/${metadata.name}/proxy/stats/summary`;
    const { pods } = JSON.parse(await run('kubectl', ['get', '--raw', path])) as Summary;
    for (const { podRef, cpu, memory } of pods)
      if (podRef.namespace === own.space.name)
        found.set(podRef.name, {
          cpu: cpu?.usageCoreNanoSeconds ?? 0,
          memory: memory?.workingSetBytes ?? 0,
        });
  }
  return found;
};
