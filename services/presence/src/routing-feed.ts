import { setTimeout as pause } from 'node:timers/promises';
import type { Client, routing } from '@parley/contracts';
import { backoffMs, type Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';

/** Changes of this long go in one request: ten thousand agents who come back at once are a few. */
const GATHER_MS = 25;
const RETRY = { baseMs: 200, capMs: 5_000 };
const DEADLINE_MS = 5_000;
const MOST = 1_000;

/**
 * Tells routing about agents, acknowledged: what was not acknowledged is sent again with what is true by then. Revisions
 * let routing drop what it knows. One request under way at a time, so it hears of an agent in order.
 */
export class RoutingFeed {
  readonly #waiting = new Map<string, routing.AgentPresenceChanged>();
  #sending = false;
  readonly #stopping = new AbortController();

  constructor(
    private readonly tenant: string,
    private readonly routing: Pick<Client<'parley.routing.v1.RoutingInternalService'>, 'setAgentPresence'>,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  changed(reports: Iterable<routing.AgentPresenceChanged>): void {
    if (this.#stopping.signal.aborted) return;
    for (const report of reports) this.#keep(report);
    if (!this.#sending && this.#waiting.size > 0) void this.#send();
  }

  stop(): void {
    this.#stopping.abort();
    this.#waiting.clear();
  }

  #keep(report: routing.AgentPresenceChanged): void {
    const waiting = this.#waiting.get(report.agentId);
    if (!waiting || waiting.revision < report.revision) this.#waiting.set(report.agentId, report);
  }

  async #send(): Promise<void> {
    this.#sending = true;
    await this.#pause(GATHER_MS);
    for (let tries = 0; this.#waiting.size > 0;) {
      const agents = [...this.#waiting.values()].slice(0, MOST);
      for (const { agentId } of agents) this.#waiting.delete(agentId);
      try {
        await this.routing.setAgentPresence({ agents }, this.#context());
        tries = 0;
      } catch (error) {
        const { tenant } = this;
        this.logger.warn({ err: error, tenant, agents: agents.length }, 'routing was not told; again soon');
        if (this.#stopping.signal.aborted) break;
        for (const report of agents) this.#keep(report);
        await this.#pause(backoffMs(tries++, RETRY));
      }
    }
    this.#sending = false;
  }

  async #pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined); // stopped
  }

  #context() {
    return {
      tenant: this.tenant,
      principal: { role: 'system', id: 'presence' },
      deadline: this.clock.now() + DEADLINE_MS,
    } as const;
  }
}
