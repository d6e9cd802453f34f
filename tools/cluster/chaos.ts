import { setTimeout as pause } from 'node:timers/promises';
import { RELEASE, SERVICES, type Installation } from './install.js';
import type { Pod } from './kube.js';

const COMPONENT = 'app.kubernetes.io/component';

export interface Deleted {
  /** Pods that were asked to go. */
  gently: number;
  /** Pods that were killed. */
  killed: number;
  nats: number;
}

/**
 * Deletes one pod of every service and `natsTimes` times a server of NATS, in a random order with random pauses. The
 * next one goes when the one before has been replaced: a majority of NATS and, of the small profile, most services stay.
 */
export const deletePods = async (
  own: Installation,
  random: () => number,
  natsTimes: number,
): Promise<Deleted> => {
  const victims = [...SERVICES, ...Array.from({ length: natsTimes }, () => 'nats')]
    .map((name) => ({ name, at: random() }))
    .sort((a, b) => a.at - b.at);
  const deleted: Deleted = { gently: 0, killed: 0, nats: 0 };
  for (const { name } of victims) {
    const pods = await own.space.pods(`${COMPONENT}=${name}`);
    const pod = pods[Math.floor(random() * pods.length)] as Pod;
    const kill = random() < 0.5;
    await own.space.kubectl([
      ...['delete', 'pod', pod.metadata.name],
      ...(kill ? ['--grace-period=0', '--force'] : ['--wait=false']),
    ]);
    if (kill) deleted.killed++;
    else deleted.gently++;
    if (name === 'nats') deleted.nats++;
    await pause(500);
    await own.space.settled([name === 'nats' ? own.nats : `deployment/${RELEASE}-${name}`]);
    await pause(random() * 2_000);
  }
  return deleted;
};
