import {
  partitionOfTenant,
  presence,
  sessionDeltaSubject,
  sessionSnapshotSubject,
  TENANT_PARTITIONS,
} from '@parley/contracts';
import type { Bus, BusMessage, BusSubscription } from '@parley/messaging';
import type { SessionListener, SocketPort } from '../sockets/port.js';

/** Changes of this long go out as one delta, ms. */
const GATHER_MS = 20;
const CHUNK = 500;

interface Partition {
  seq: bigint;
  readonly sessions: Map<string, presence.Session>;
  /** Since the last delta: the session as it is now, or undefined when it closed. */
  readonly changed: Map<string, presence.Session | undefined>;
}

/** Tells presence which sockets this gateway has: deltas in order, everything on request. */
export class PresenceReporter implements SessionListener {
  private readonly partitions: readonly Partition[] = Array.from({ length: TENANT_PARTITIONS }, () => ({
    seq: 0n,
    sessions: new Map(),
    changed: new Map(),
  }));
  private readonly subscription: BusSubscription;
  private timer: NodeJS.Timeout | undefined;

  /** `epoch` differs with every start of the gateway. */
  constructor(
    private readonly bus: Pick<Bus, 'publish' | 'subscribe'>,
    private readonly gatewayId: string,
    readonly epoch: string,
  ) {
    this.subscription = bus.subscribe(sessionSnapshotSubject(gatewayId), (message) => this.answer(message));
  }

  opened(socket: SocketPort, conversationId: string): void {
    const { tenant, principal } = socket.session;
    const visitor = principal.role === 'visitor';
    const session = presence.Session.fromPartial({
      sessionId: socket.id,
      tenant,
      kind: visitor ? presence.Session_Kind.KIND_VISITOR : presence.Session_Kind.KIND_AGENT,
      principalId: principal.id,
      conversationId,
    });
    const partition = this.partitionOf(tenant);
    if (partition.sessions.get(socket.id)?.conversationId === conversationId) return;
    partition.sessions.set(socket.id, session);
    this.change(partition, socket.id, session);
  }

  active(socket: SocketPort, at: number, awayAfterSeconds: number): void {
    const partition = this.partitionOf(socket.session.tenant);
    const known = partition.sessions.get(socket.id);
    if (!known) return;
    const session = { ...known, activeAt: new Date(at), awayAfterSeconds };
    partition.sessions.set(socket.id, session);
    this.change(partition, socket.id, session);
  }

  closed(socket: SocketPort): void {
    const partition = this.partitionOf(socket.session.tenant);
    // Where they were last is to be known even when they were there for a moment only.
    if (partition.changed.get(socket.id)?.conversationId) this.flush();
    if (partition.sessions.delete(socket.id)) this.change(partition, socket.id, undefined);
  }

  /** Sends what is gathered, and answers no more requests. */
  close(): void {
    this.flush();
    this.subscription.unsubscribe();
  }

  private partitionOf(tenant: string): Partition {
    const partition = this.partitions[partitionOfTenant(tenant)];
    if (!partition) throw new Error('a tenant has a partition');
    return partition;
  }

  private change(partition: Partition, id: string, session: presence.Session | undefined): void {
    partition.changed.set(id, session);
    this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.partitions.forEach((partition, index) => {
      if (partition.changed.size === 0) return;
      const opened = [...partition.changed.values()].filter((session) => session !== undefined);
      const closed = [...partition.changed].filter(([, session]) => !session).map(([id]) => id);
      partition.changed.clear();
      partition.seq++;
      const { gatewayId, epoch } = this;
      const delta = presence.SessionDelta.fromPartial({
        gatewayId,
        epoch,
        seq: partition.seq,
        opened,
        closed,
      });
      this.bus.publish(sessionDeltaSubject(index), presence.SessionDelta.encode(delta).finish());
    });
  }

  private answer({ data, respond }: BusMessage): void {
    const partition = this.partitions[presence.SessionSnapshotRequest.decode(data).partition];
    if (!partition || !respond) return;
    // What is gathered is in the sessions already: it must not come once more as a delta after the snapshot's number.
    this.flush();
    const sessions = [...partition.sessions.values()];
    for (let from = 0; from === 0 || from < sessions.length; from += CHUNK) {
      const chunk = presence.SessionSnapshot.fromPartial({
        gatewayId: this.gatewayId,
        epoch: this.epoch,
        seq: partition.seq,
        sessions: sessions.slice(from, from + CHUNK),
        last: from + CHUNK >= sessions.length,
      });
      respond(presence.SessionSnapshot.encode(chunk).finish());
    }
  }
}
