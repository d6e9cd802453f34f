import { hash32 } from '@parley/kernel';

export interface Candidate {
  readonly id: string;
  /** Partitions it does not want. */
  readonly declined: readonly number[];
}

/**
 * Who owns which of the partitions 0 … n−1: rendezvous hashing in which nobody gets more than its even share, since
 * with a handful of partitions chance alone would leave members idle. The same for everyone who knows the same
 * members. A partition that all decline has no owner.
 */
export const assign = (
  group: string,
  partitions: number,
  members: readonly Candidate[],
): ReadonlyMap<number, string> => {
  const owners = new Map<number, string>();
  const load = new Map<string, number>();
  const share = Math.ceil(partitions / Math.max(1, members.length));
  for (let partition = 0; partition < partitions; partition++) {
    const willing = members.filter(({ declined }) => !declined.includes(partition));
    const free = willing.filter(({ id }) => (load.get(id) ?? 0) < share);
    const owner = highest(group, partition, free.length > 0 ? free : willing);
    if (owner === undefined) continue;
    owners.set(partition, owner);
    load.set(owner, (load.get(owner) ?? 0) + 1);
  }
  return owners;
};

const highest = (group: string, partition: number, members: readonly Candidate[]): string | undefined => {
  let best: { id: string; score: number } | undefined;
  for (const { id } of members) {
    const score = hash32(`${group}/${partition}/${id}`);
    if (!best || score > best.score || (score === best.score && id < best.id)) best = { id, score };
  }
  return best?.id;
};
