import type { Client } from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { Effect, Roster } from './domain.js';

const ASK_EVERY_MS = 2_000;
const DEADLINE_MS = 5_000;

export interface FinishingDeps {
  readonly routing: Pick<Client<'parley.routing.v1.RoutingInternalService'>, 'listAgentsAtWork'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly carryOut: (tenant: string, effects: readonly Effect[]) => Promise<void>;
}

/**
 * Takes those offline who finish their chats, once routing holds none of theirs any more. Asked again and again while
 * anybody finishes, so a lost answer or another owner of either side changes nothing.
 */
export class Finishing {
  #askAt = 0;
  #asking: Promise<void> | undefined;

  constructor(private readonly deps: FinishingDeps) {}

  /** Asks about everybody who finishes, unless a question is under way or was a moment ago. */
  look(rosters: readonly (readonly [tenant: string, roster: Roster])[], now: number): void {
    if (this.#asking || now < this.#askAt) return;
    this.#askAt = now + ASK_EVERY_MS;
    const asked = rosters.filter(([, { agents }]) => [...agents.values()].some(({ finishing }) => finishing));
    if (asked.length === 0) return;
    this.#asking = Promise.all(asked.map(([tenant, roster]) => this.#ask(tenant, roster)))
      .then(() => undefined)
      .finally(() => (this.#asking = undefined));
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    await this.#asking;
  }

  async #ask(tenant: string, roster: Roster): Promise<void> {
    const { routing, clock, logger, carryOut } = this.deps;
    const finishing = [...roster.agents.values()].filter((agent) => agent.finishing);
    const revisions = new Map(finishing.map(({ agentId, revision }) => [agentId, revision]));
    try {
      const request = { agentIds: [...revisions.keys()] };
      const { agentIds } = await routing.listAgentsAtWork(request, {
        tenant,
        principal: { role: 'system', id: 'presence' },
        deadline: clock.now() + DEADLINE_MS,
      });
      for (const agentId of agentIds) revisions.delete(agentId);
      const now = clock.now();
      const effects = [...revisions].flatMap(([agentId, revision]) =>
        roster.finished(agentId, revision, now),
      );
      await carryOut(tenant, effects);
    } catch (error) {
      logger.warn({ err: error, tenant }, 'who finishes their chats stays away for now; asked again soon');
    }
  }
}
