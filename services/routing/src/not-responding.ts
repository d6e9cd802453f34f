import { routing, type Client } from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import { ownContext } from './context.js';
import type { RoutingState } from './domain.js';

const { AGENT_STATUS_AVAILABLE, AGENT_STATUS_NOT_RESPONDING } = routing.AgentStatus;

/** Tells presence, which owns the status, who did not respond. */
export class NotResponding {
  constructor(
    private readonly presence: Pick<Client<'parley.presence.v1.PresenceService'>, 'setStatus'>,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** At once when it happens; what fails here is repeated by `mend`. */
  committed(tenant: string, events: readonly routing.RoutingEvent[]): void {
    for (const { event } of events)
      if (event?.$case === 'agentNotResponding') void this.#tell(tenant, event.value.agentId);
  }

  /** Tells presence again about those it still reports as available. */
  async mend(tenant: string, state: RoutingState): Promise<void> {
    for (const agent of state.agents.values())
      if (agent.notResponding && agent.reported === AGENT_STATUS_AVAILABLE)
        await this.#tell(tenant, agent.id);
  }

  async #tell(tenant: string, agentId: string): Promise<void> {
    try {
      const request = { agentId, status: AGENT_STATUS_NOT_RESPONDING, automatic: false, finishing: false };
      await this.presence.setStatus(request, ownContext(tenant, this.clock));
    } catch (error) {
      this.logger.warn(
        { err: error, tenant },
        'presence was not told that an agent does not respond; again soon',
      );
    }
  }
}
