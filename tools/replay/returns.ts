import type { Connection } from '@parley/client';
import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from './score.js';

export interface ReturnFigures {
  /** How often a socket was lost or moved, and came back. */
  socketReturns: number;
  /** Of those that a gateway asked to leave: how many, and the time from its asking until they were served again. */
  drained: number;
  drainReturnP99Ms: number;
  /** The longest that anybody was without a socket. */
  longestWithoutSocketMs: number;
  /** Sockets that had not come back in the end. */
  notReturned: number;
}

/** Follows connections through lost sockets and gateways that go down. */
export class Returns {
  readonly #open = new Set<Connection>();
  readonly #without: number[] = [];
  readonly #drained: number[] = [];

  /** Follows it until the returned function is called. */
  follow(connection: Connection): () => void {
    this.#open.add(connection);
    let asked: number | undefined;
    let lost: number | undefined;
    const undo = [
      connection.on('goAway', () => (asked ??= performance.now())),
      connection.on('state', (state) => {
        const now = performance.now();
        if (state === 'offline') lost ??= now;
        if (state !== 'online' || lost === undefined) return;
        this.#without.push(now - lost);
        if (asked !== undefined) this.#drained.push(now - asked);
        asked = lost = undefined;
      }),
    ];
    return () => {
      for (const off of undo) off();
      this.#open.delete(connection);
    };
  }

  /** What was seen, once every open connection has a socket again or the patience is over. */
  async figures(patienceMs: number): Promise<ReturnFigures> {
    const until = performance.now() + patienceMs;
    const away = (): number => [...this.#open].filter(({ state }) => state !== 'online').length;
    while (away() > 0 && performance.now() < until) await pause(50);
    const drained = this.#drained.toSorted((a, b) => a - b);
    return {
      socketReturns: this.#without.length,
      drained: drained.length,
      drainReturnP99Ms: Math.round(quantile(drained, 0.99)),
      longestWithoutSocketMs: Math.round(Math.max(0, ...this.#without)),
      notReturned: away(),
    };
  }
}
