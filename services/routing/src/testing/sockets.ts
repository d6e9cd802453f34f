import {
  GATEWAY_LEASES,
  partitionOfTenant,
  presence,
  sessionDeltaSubject,
  sessionSnapshotSubject,
} from '@parley/contracts';
import { openKv, type Bus } from '@parley/messaging';

/** Sockets of agents of one tenant, told to presence as a gateway does. */
export class Sockets {
  readonly #open = new Map<string, presence.Session>();
  #seq = 0n;
  #timer: ReturnType<typeof setInterval> | undefined;

  private constructor(
    private readonly bus: Bus,
    private readonly tenant: string,
  ) {}

  static async open(bus: Bus, tenant: string): Promise<Sockets> {
    const sockets = new Sockets(bus, tenant);
    const gatewayId = sockets.#gatewayId;
    bus.subscribe(sessionSnapshotSubject(gatewayId), ({ data, respond }) => {
      const { partition } = presence.SessionSnapshotRequest.decode(data);
      const sessions = partition === partitionOfTenant(tenant) ? [...sockets.#open.values()] : [];
      for (let from = 0; from === 0 || from < sessions.length; from += CHUNK) {
        const some = sessions.slice(from, from + CHUNK);
        const last = from + CHUNK >= sessions.length;
        const chunk = { gatewayId, epoch: EPOCH, seq: sockets.#seq, sessions: some, last };
        respond?.(presence.SessionSnapshot.encode(chunk).finish());
      }
    });
    await bus.flush();
    const kv = await openKv(bus, GATEWAY_LEASES);
    const lease = presence.GatewayLease.encode({ gatewayId, epoch: EPOCH }).finish();
    await kv.put(gatewayId, lease);
    sockets.#timer = setInterval(() => void kv.put(gatewayId, lease).catch(() => undefined), RENEW_MS);
    return sockets;
  }

  /** Lets the lease run out. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** Opens a socket of each of these agents, told at once. */
  connect(...agentIds: readonly string[]): void {
    const kind = presence.Session_Kind.KIND_AGENT;
    const opened = agentIds.map((principalId) => ({
      sessionId: `${this.#gatewayId}-${principalId}`,
      tenant: this.tenant,
      kind,
      principalId,
      conversationId: '',
    }));
    for (const session of opened) this.#open.set(session.sessionId, session);
    this.#send(opened, []);
  }

  /** Closes the sockets of these agents. */
  cut(...agentIds: readonly string[]): void {
    const closed = agentIds.map((agentId) => `${this.#gatewayId}-${agentId}`);
    for (const sessionId of closed) this.#open.delete(sessionId);
    this.#send([], closed);
  }

  get #gatewayId(): string {
    return `gw-${this.tenant}`;
  }

  #send(opened: presence.Session[], closed: string[]): void {
    this.#seq++;
    const delta = { gatewayId: this.#gatewayId, epoch: EPOCH, seq: this.#seq, opened, closed };
    const subject = sessionDeltaSubject(partitionOfTenant(this.tenant));
    this.bus.publish(subject, presence.SessionDelta.encode(delta).finish());
  }
}

const EPOCH = 'one';
const RENEW_MS = 1_500;
/** Sessions in one message of a snapshot. */
const CHUNK = 500;
