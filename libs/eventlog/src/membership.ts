import { log as contracts } from '@parley/contracts';
import { backoffMs, newUlid } from '@parley/kernel';
import { openKv, type Bus, type Kv, type KvWatch } from '@parley/messaging';
import { metrics, type Logger } from '@parley/telemetry';
import { assign } from './assignment.js';
import type { Membership } from './types.js';

const BUCKET = 'members';
const LEASE_MS = 4_000;
const RENEW_MS = 1_000;
const RETRY = { baseMs: 200, capMs: 5_000 };

export interface MembershipOptions {
  readonly bus: Bus;
  /** Whose partitions are shared out: a service's name, or that of a consumer within one (`analytics-facts`). */
  readonly group: string;
  /** Their number; a function (such as `() => log.refresh()`) is asked every second, so that it may grow. */
  readonly partitions: number | (() => number | Promise<number>);
  /** Event types that this release knows; see Membership.allKnow. */
  readonly knownEvents?: readonly string[];
  /** Random by default. */
  readonly instanceId?: string;
  /** How long a member that fell silent keeps its partitions, ms; 4,000 by default. */
  readonly leaseMs?: number;
  readonly replicas?: number;
  readonly logger?: Logger;
}

type ChangeListener = Parameters<Membership['onChange']>[0];

/** Joins a group: resolves once this instance is announced and knows the other members. */
export const joinMembership = async (options: MembershipOptions): Promise<Membership> => {
  const kv = await openKv(options.bus, {
    bucket: BUCKET,
    ttlMs: options.leaseMs ?? LEASE_MS,
    ...(options.replicas ? { replicas: options.replicas } : {}),
  });
  const member = new Member(options, kv);
  await member.join();
  return member;
};

/** Names of the instances that are in a group now: `group.instance`. */
export const listMembers = async (bus: Bus, replicas?: number): Promise<readonly string[]> => {
  const kv = await openKv(bus, { bucket: BUCKET, ttlMs: LEASE_MS, ...(replicas ? { replicas } : {}) });
  return kv.keys();
};

class Member implements Membership {
  readonly instanceId: string;
  private readonly members = new Map<string, contracts.Member>();
  private readonly listeners: Follower[] = [];
  private readonly declined = new Set<number>();
  private readonly startedAt = new Date();
  private partitions = 0;
  private mine: ReadonlySet<number> = new Set();
  private watch: KvWatch | undefined;
  private timer: NodeJS.Timeout | undefined;
  private left = false;

  constructor(
    private readonly options: MembershipOptions,
    private readonly kv: Kv,
  ) {
    this.instanceId = options.instanceId ?? newUlid(Date.now());
  }

  async join(): Promise<void> {
    await this.countPartitions();
    const prefix = `${this.options.group}.`;
    await this.announce();
    this.watch = await this.kv.watch((key, value) => {
      if (!key.startsWith(prefix)) return;
      const id = key.slice(prefix.length);
      if (value) this.members.set(id, contracts.Member.decode(value));
      else this.members.delete(id);
      // Until the first listing is complete, others' partitions would look like nobody's.
      if (this.watch) this.recompute();
    });
    this.recompute();
    this.timer = setInterval(() => void this.renew(), RENEW_MS);
    this.timer.unref();
  }

  onChange(listener: ChangeListener): void {
    const follower = new Follower(listener, this.options.logger);
    this.listeners.push(follower);
    follower.want(this.mine);
  }

  owned(): ReadonlySet<number> {
    return this.mine;
  }

  allKnow(eventType: string): boolean {
    const known = this.options.knownEvents ?? [];
    return (
      known.includes(eventType) && [...this.members.values()].every((m) => m.knownEvents.includes(eventType))
    );
  }

  async decline(partition: number): Promise<void> {
    if (this.declined.has(partition)) return;
    this.declined.add(partition);
    this.recompute();
    await this.announce();
  }

  async leave(): Promise<void> {
    if (this.left) return;
    this.left = true;
    clearInterval(this.timer);
    this.watch?.stop();
    this.mine = new Set();
    for (const follower of this.listeners) follower.want(this.mine);
    await Promise.all(this.listeners.map((follower) => follower.settled()));
    await this.kv.delete(this.key).catch((error: unknown) => {
      this.options.logger?.warn({ err: error }, 'could not leave the group; the lease will run out');
    });
  }

  private get key(): string {
    return `${this.options.group}.${this.instanceId}`;
  }

  private async announce(): Promise<void> {
    const member: contracts.Member = {
      id: this.instanceId,
      knownEvents: [...(this.options.knownEvents ?? [])],
      startedAt: this.startedAt,
      declined: [...this.declined],
    };
    this.members.set(this.instanceId, member);
    await this.kv.put(this.key, contracts.Member.encode(member).finish());
  }

  private async countPartitions(): Promise<void> {
    const { partitions } = this.options;
    this.partitions = typeof partitions === 'number' ? partitions : await partitions();
  }

  private async renew(): Promise<void> {
    try {
      await this.announce();
      await this.countPartitions();
    } catch (error) {
      this.options.logger?.warn({ err: error, group: this.options.group }, 'lease not renewed');
    }
    this.recompute();
  }

  private recompute(): void {
    if (this.left) return;
    const candidates = [...this.members].map(([id, { declined }]) => ({
      id,
      declined: id === this.instanceId ? [...this.declined] : declined,
    }));
    if (!this.members.has(this.instanceId))
      candidates.push({ id: this.instanceId, declined: [...this.declined] });
    const owners = assign(this.options.group, this.partitions, candidates);
    const mine = new Set(
      [...owners].filter(([, id]) => id === this.instanceId).map(([partition]) => partition),
    );
    if (mine.size === this.mine.size && [...mine].every((partition) => this.mine.has(partition))) return;
    this.mine = mine;
    metrics.gauge('membershipOwned').set({ group: this.options.group }, mine.size);
    for (const follower of this.listeners) follower.want(mine);
  }
}

/** Brings one listener to what is owned, one call at a time; a call that fails is made again. */
class Follower {
  private wanted: ReadonlySet<number> = new Set();
  private told: ReadonlySet<number> | undefined;
  private working: Promise<void> | undefined;

  constructor(
    private readonly listener: ChangeListener,
    private readonly logger: Logger | undefined,
  ) {}

  want(partitions: ReadonlySet<number>): void {
    this.wanted = partitions;
    this.working ??= this.work().finally(() => (this.working = undefined));
  }

  async settled(): Promise<void> {
    await this.working;
  }

  private async work(): Promise<void> {
    for (let tries = 0; this.told !== this.wanted;) {
      const wanted = this.wanted;
      const before = this.told ?? new Set<number>();
      const gained = [...wanted].filter((partition) => !before.has(partition));
      const lost = [...before].filter((partition) => !wanted.has(partition));
      try {
        if (this.told === undefined || gained.length + lost.length > 0) await this.listener(gained, lost);
        this.told = wanted;
        tries = 0;
      } catch (error) {
        this.logger?.error({ err: error, gained, lost }, 'could not take over or hand over partitions');
        await new Promise((resolve) => setTimeout(resolve, backoffMs(tries++, RETRY)));
      }
    }
  }
}
