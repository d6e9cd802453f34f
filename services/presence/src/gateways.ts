import type { presence } from '@parley/contracts';

interface Known {
  epoch: string;
  /** The last delta applied; deltas come in order and each once. */
  seq: bigint;
  readonly sessions: Map<string, presence.Session>;
}

export interface Changes {
  readonly opened: readonly presence.Session[];
  readonly closed: readonly presence.Session[];
}

/**
 * The sockets of all gateways in one partition, from their deltas and snapshots. Pure: it says what opened and closed,
 * and when a snapshot is needed because a delta is missing.
 */
export class GatewaySessions {
  readonly #gateways = new Map<string, Known>();

  /** The start of the gateway whose sockets these are; undefined when none are known. */
  epochOf(gatewayId: string): string | undefined {
    return this.#gateways.get(gatewayId)?.epoch;
  }

  /** Sockets of all gateways, by kind. */
  count(kind: presence.Session_Kind): number {
    let count = 0;
    for (const { sessions } of this.#gateways.values())
      for (const session of sessions.values()) if (session.kind === kind) count++;
    return count;
  }

  /** Undefined when deltas are missing before this one: ask the gateway for a snapshot. */
  delta(delta: presence.SessionDelta): Changes | undefined {
    const known = this.#gateways.get(delta.gatewayId);
    const fresh = !known || known.epoch !== delta.epoch;
    if (fresh && delta.seq !== 1n) return undefined;
    if (!fresh && delta.seq <= known.seq) return { opened: [], closed: [] };
    if (!fresh && delta.seq !== known.seq + 1n) return undefined;
    const lost = fresh ? this.forget(delta.gatewayId) : [];
    const entry = fresh ? this.#begin(delta.gatewayId, delta.epoch) : known;
    entry.seq = delta.seq;
    const closed = delta.closed.flatMap((id) => {
      const session = entry.sessions.get(id);
      entry.sessions.delete(id);
      return session ? [session] : [];
    });
    for (const session of delta.opened) entry.sessions.set(session.sessionId, session);
    return { opened: delta.opened, closed: [...lost, ...closed] };
  }

  /** Replaces all that is known of a gateway. An older snapshot than what is known changes nothing. */
  snapshot(gatewayId: string, epoch: string, seq: bigint, sessions: readonly presence.Session[]): Changes {
    const known = this.#gateways.get(gatewayId);
    if (known?.epoch === epoch && known.seq > seq) return { opened: [], closed: [] };
    const before = known?.sessions ?? new Map<string, presence.Session>();
    const entry = this.#begin(gatewayId, epoch);
    entry.seq = seq;
    for (const session of sessions) entry.sessions.set(session.sessionId, session);
    return {
      opened: sessions,
      closed: [...before.values()].filter((session) => !entry.sessions.has(session.sessionId)),
    };
  }

  /** The gateway is gone: all its sockets are closed. */
  forget(gatewayId: string): presence.Session[] {
    const sessions = [...(this.#gateways.get(gatewayId)?.sessions.values() ?? [])];
    this.#gateways.delete(gatewayId);
    return sessions;
  }

  #begin(gatewayId: string, epoch: string): Known {
    const entry = { epoch, seq: 0n, sessions: new Map<string, presence.Session>() };
    this.#gateways.set(gatewayId, entry);
    return entry;
  }
}
