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
      const head = { gatewayId, epoch: EPOCH, seq: sockets.#seq, sessions, last: true };
      respond?.(presence.SessionSnapshot.encode(head).finish());
    });
    await bus.flush();
    const kv = await openKv(bus, GATEWAY_LEASES);
    const lease = presence.GatewayLease.encode({ gatewayId, epoch: EPOCH }).finish();
    await kv.put(gatewayId, lease);
    setInterval(() => void kv.put(gatewayId, lease).catch(() => undefined), RENEW_MS).unref();
    return sockets;
  }

  connect(agentId: string): void {
    const sessionId = `${this.#gatewayId}-${agentId}`;
    const kind = presence.Session_Kind.KIND_AGENT;
    const session = { sessionId, tenant: this.tenant, kind, principalId: agentId, conversationId: '' };
    this.#open.set(sessionId, session);
    this.#send([session], []);
  }

  cut(agentId: string): void {
    const sessionId = `${this.#gatewayId}-${agentId}`;
    this.#open.delete(sessionId);
    this.#send([], [sessionId]);
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
