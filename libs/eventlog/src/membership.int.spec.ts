import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newUlid } from '@parley/kernel';
import { connectBus, natsConnection, type Bus } from '@parley/messaging';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { joinMembership, type MembershipOptions } from './membership.js';
import type { Membership } from './types.js';

let nats: TestNats;
let bus: Bus;

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'membership-spec' });
});
afterAll(async () => {
  await bus.drain();
  await nats.stop();
});

/** Many times as long as until the next renewal: a pause of this process is no death. */
const LEASE_MS = 8_000;
const join = (group: string, more: Partial<MembershipOptions> = {}): Promise<Membership> =>
  joinMembership({ bus, group, partitions: 4, leaseMs: LEASE_MS, ...more });
const sizes = (members: readonly Membership[]): number[] => members.map((member) => member.owned().size);
const union = (members: readonly Membership[]): number[] =>
  members.flatMap((member) => [...member.owned()]).sort();

describe('membership', () => {
  it('shares partitions out evenly, each to one, and hands over when a member leaves', async () => {
    const group = newUlid(Date.now());
    const one = await join(group);
    const told: string[] = [];
    one.onChange(async (gained, lost) => void told.push(`+${gained.length}-${lost.length}`));
    expect([...one.owned()]).toEqual([0, 1, 2, 3]);
    const two = await join(group);
    await eventually(() => expect(sizes([one, two])).toEqual([2, 2]));
    expect(union([one, two])).toEqual([0, 1, 2, 3]);
    const dropped: number[] = [];
    two.onChange(async (_gained, lost) => void dropped.push(...lost));
    await two.leave();
    expect(dropped).toHaveLength(2);
    // Long before the lease of the other would have run out.
    await eventually(() => expect(one.owned().size).toBe(4), { timeoutMs: LEASE_MS / 2 });
    await eventually(() => expect(told).toEqual(['+4-0', '+0-2', '+2-0']));
    await one.leave();
  });

  it('takes over from a member that died, and keeps groups apart', async () => {
    const group = newUlid(Date.now());
    const otherBus = await connectBus({ url: nats.url, name: 'dying' });
    const one = await join(group);
    const two = await join(group, { bus: otherBus });
    const apart = await join(`${group}-other`);
    await eventually(() => expect(sizes([one, two])).toEqual([2, 2]));
    await natsConnection(otherBus).close();
    await eventually(() => expect(one.owned().size).toBe(4), { timeoutMs: 5 * LEASE_MS });
    expect(apart.owned().size).toBe(4);
    await Promise.all([one, two, apart].map((member) => member.leave()));
  });

  it('tells a new event apart until every member knows it, and leaves a declined partition to others', async () => {
    const group = newUlid(Date.now());
    const old = await join(group, { knownEvents: ['A'] });
    const young = await join(group, { knownEvents: ['A', 'B'] });
    expect([young.allKnow('A'), young.allKnow('B')]).toEqual([true, false]);
    await eventually(() => expect(sizes([old, young])).toEqual([2, 2]));
    const [newer] = [...old.owned()];
    await old.decline(newer!);
    await eventually(() => expect(young.owned()).toContain(newer));
    expect(old.owned()).not.toContain(newer);
    await old.leave();
    await eventually(() => expect(young.allKnow('B')).toBe(true));
    await young.leave();
  });

  it('follows a growing number of partitions', async () => {
    let partitions = 2;
    const one = await join(newUlid(Date.now()), { partitions: () => partitions });
    partitions = 5;
    await eventually(() => expect(one.owned().size).toBe(5));
    await one.leave();
  });

  it('tells again what a listener could not take', async () => {
    const one = await join(newUlid(Date.now()));
    const calls: number[] = [];
    one.onChange(async (gained) => {
      calls.push(gained.length);
      if (calls.length === 1) throw new Error('not yet');
    });
    await eventually(() => expect(calls).toEqual([4, 4]));
    await one.leave();
  });
});
