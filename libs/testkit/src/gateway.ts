import {
  GATEWAY_LEASES,
  partitionOfTenant,
  presence,
  sessionDeltaSubject,
  sessionSnapshotSubject,
} from '@parley/contracts';
import { type Bus, type BusSubscription, type Kv, openKv } from '@parley/messaging';

/** Sessions in one message of a snapshot. */
const CHUNK = 500;

/** A gateway as presence sees it: a lease, deltas of one tenant's partition, snapshots on request. */
export class TestGateway {
  readonly sessions = new Map<string, presence.Session>();
  /** How often it was asked for a snapshot. */
  asked = 0;
  private seq = 0n;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    readonly id: string,
    private readonly tenant: string,
    readonly bus: Bus,
    private readonly kv: Kv,
    private readonly leaseMs: number,
  ) {}

  /** Resolves once it has announced itself and answers. `leaseMs`: how long it counts as there without a word. */
  static async start(
    bus: Bus,
    id: string,
    tenant: string,
    leaseMs: number = GATEWAY_LEASES.ttlMs,
  ): Promise<TestGateway> {
    const kv = await openKv(bus, { ...GATEWAY_LEASES, ttlMs: leaseMs });
    const gateway = new TestGateway(id, tenant, bus, kv, leaseMs);
    await gateway.begin();
    return gateway;
  }

  /** Opens sockets; `lost`: the delta never arrives. */
  open(kind: 'AGENT' | 'VISITOR', principals: readonly string[], conversationId = '', lost = false): void {
    const opened = principals.map((principalId) => ({
      sessionId: `${this.id}-${principalId}`,
      tenant: this.tenant,
      kind: presence.Session_Kind[`KIND_${kind}`],
      principalId,
      conversationId,
      activeAt: undefined,
      awayAfterSeconds: 0,
    }));
    for (const session of opened) this.sessions.set(session.sessionId, session);
    this.send(opened, [], lost);
  }

  /** Closes the sockets of these. */
  close(...principals: readonly string[]): void {
    const closed = principals.map((principalId) => `${this.id}-${principalId}`);
    for (const id of closed) this.sessions.delete(id);
    this.send([], closed, false);
  }

  /** No lease is renewed, nothing is answered; the bus, which may be others' too, stays. */
  stop(): void {
    clearInterval(this.timer);
    this.subscription?.unsubscribe();
  }

  /** The process is killed, its connection with it. */
  async die(): Promise<void> {
    this.stop();
    await this.bus.drain();
  }

  private subscription: BusSubscription | undefined;

  private async begin(): Promise<void> {
    const lease = presence.GatewayLease.encode({ gatewayId: this.id, epoch: 'one' }).finish();
    this.subscription = this.bus.subscribe(sessionSnapshotSubject(this.id), ({ data, respond }) => {
      this.asked++;
      const mine = presence.SessionSnapshotRequest.decode(data).partition === partitionOfTenant(this.tenant);
      const all = mine ? [...this.sessions.values()] : [];
      for (let from = 0; from === 0 || from < all.length; from += CHUNK)
        respond?.(
          presence.SessionSnapshot.encode({
            gatewayId: this.id,
            epoch: 'one',
            seq: mine ? this.seq : 0n,
            sessions: all.slice(from, from + CHUNK),
            last: from + CHUNK >= all.length,
          }).finish(),
        );
    });
    await this.bus.flush();
    await this.kv.put(this.id, lease);
    this.timer = setInterval(() => void this.kv.put(this.id, lease).catch(() => undefined), this.leaseMs / 3);
  }

  private send(opened: presence.Session[], closed: string[], lost: boolean): void {
    this.seq++;
    if (lost) return;
    const delta = { gatewayId: this.id, epoch: 'one', seq: this.seq, opened, closed };
    this.bus.publish(
      sessionDeltaSubject(partitionOfTenant(this.tenant)),
      presence.SessionDelta.encode(delta).finish(),
    );
  }
}
