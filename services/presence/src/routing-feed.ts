import type { routing } from '@parley/contracts';
import { type Client } from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { AgentEntry } from './domain.js';

const RETRY_MS = 500;
const DEADLINE_MS = 5_000;
const MOST = 1_000;

/**
 * Tells routing about agents, acknowledged: what was not acknowledged is sent again with the state of that moment.
 * Revisions let routing drop what comes late. One request under way at a time.
 */
export class RoutingFeed {
  readonly #dirty = new Map<string, AgentEntry>();
  #sending = false;
  #stopped = false;

  constructor(
    private readonly tenant: string,
    private readonly routing: Pick<Client<'parley.routing.v1.RoutingInternalService'>, 'setAgentPresence'>,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  changed(agents: Iterable<AgentEntry>): void {
    for (const agent of agents) this.#dirty.set(agent.agentId, agent);
    if (!this.#sending && this.#dirty.size > 0) void this.#send();
  }

  stop(): void {
    this.#stopped = true;
    this.#dirty.clear();
  }

  async #send(): Promise<void> {
    this.#sending = true;
    while (this.#dirty.size > 0 && !this.#stopped) {
      const batch = [...this.#dirty.values()].slice(0, MOST);
      for (const agent of batch) this.#dirty.delete(agent.agentId);
      try {
        await this.routing.setAgentPresence({ agents: batch.map(toChange) }, this.#context());
      } catch (error) {
        this.logger.warn(
          { err: error, tenant: this.tenant, agents: batch.length },
          'routing was not told; again soon',
        );
        for (const agent of batch) if (!this.#dirty.has(agent.agentId)) this.#dirty.set(agent.agentId, agent);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    this.#sending = false;
  }

  #context() {
    return {
      tenant: this.tenant,
      principal: { role: 'system', id: 'presence' },
      deadline: this.clock.now() + DEADLINE_MS,
    } as const;
  }
}

const toChange = (agent: AgentEntry): routing.AgentPresenceChanged => ({
  agentId: agent.agentId,
  status: agent.status,
  online: agent.online,
  revision: BigInt(agent.revision),
});
