import { setTimeout as pause } from 'node:timers/promises';
import type { Installation } from './install.js';
import { run } from './kube.js';

export interface Use {
  /** Working set, MiB. */
  readonly memory: number;
  /** Thousandths of a core. */
  readonly cpu: number;
}

interface Sample {
  /** Seconds of a core since the container began, and when that was so, ms. */
  cpu: number;
  at: number;
  /** Bytes of the working set. */
  memory: number;
}

/** What each component of the release uses, as the kubelets tell, over so many ms. */
export const measure = async (own: Installation, overMs: number): Promise<Record<string, Use>> => {
  const before = await read(own);
  await pause(overMs);
  const after = await read(own);
  const uses: Record<string, Use> = {};
  for (const [pod, { cpu, at, memory }] of after) {
    const component = pod.replace(/^parley-/, '').split('-')[0]!;
    const earlier = before.get(pod);
    // A container that began meanwhile counts from nought.
    const [spent, elapsedMs] =
      earlier && earlier.cpu <= cpu && earlier.at < at ? [cpu - earlier.cpu, at - earlier.at] : [cpu, overMs];
    const known = uses[component] ?? { memory: 0, cpu: 0 };
    uses[component] = {
      memory: known.memory + Math.round(memory / 1024 / 1024),
      cpu: known.cpu + Math.round((spent * 1_000_000) / elapsedMs),
    };
  }
  return uses;
};

export const total = (uses: Readonly<Record<string, Use>>): Use => ({
  memory: Object.values(uses).reduce((sum, { memory }) => sum + memory, 0),
  cpu: Object.values(uses).reduce((sum, { cpu }) => sum + cpu, 0),
});

const LINE =
  /^container_(cpu_usage_seconds_total|memory_working_set_bytes)\{.*namespace="([^"]*)",pod="([^"]*)"\} (\S+) (\d+)$/;

/** By pod. The kubelet's figures of resources: those with file systems fail on nodes whose disk it cannot find. */
const read = async (own: Installation): Promise<Map<string, Sample>> => {
  const { items } = await own.space.get<{ items: { metadata: { name: string } }[] }>('nodes');
  const found = new Map<string, Sample>();
  for (const { metadata } of items) {
    const path = `/api/v1/nodes/${metadata.name}/proxy/metrics/resource`;
    const told = await run('kubectl', ['get', '--raw', path]);
    for (const line of told.split('\n')) {
      const [, figure, namespace, pod = '', value, at] = LINE.exec(line) ?? [];
      if (namespace !== own.space.name) continue;
      const sample = found.get(pod) ?? { cpu: 0, at: 0, memory: 0 };
      if (figure === 'memory_working_set_bytes') sample.memory += Number(value);
      else {
        sample.cpu += Number(value);
        sample.at = Math.max(sample.at, Number(at));
      }
      found.set(pod, sample);
    }
  }
  return found;
};
