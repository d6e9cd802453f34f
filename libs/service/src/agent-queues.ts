import type { Client } from '@parley/contracts';
import type { Clock, RequestContext } from '@parley/kernel';

type Queues = ReadonlySet<string>;

/** So long is believed what routing has said of a tenant's agents, ms. */
const FRESH_MS = 5_000;
const NONE: Queues = new Set();

/** The queues that agents serve: asked of routing for a whole tenant at a time, for all who ask here. */
export class AgentQueues {
  private readonly asked = new Map<string, { until: number; answer: Promise<ReadonlyMap<string, Queues>> }>();

  constructor(
    private readonly routing: Pick<Client<'parley.routing.v1.RoutingService'>, 'listAgents'>,
    private readonly clock: Clock,
  ) {}

  /** The queues of the agent who asks; none for one whom routing does not know. Fails when routing does not answer. */
  async of(context: RequestContext): Promise<Queues> {
    return (await this.tenant(context)).get(context.principal.id) ?? NONE;
  }

  private tenant(context: RequestContext): Promise<ReadonlyMap<string, Queues>> {
    const now = this.clock.now();
    const known = this.asked.get(context.tenant);
    if (known && known.until > now) return known.answer;
    const answer = this.ask(context);
    this.asked.set(context.tenant, { until: now + FRESH_MS, answer });
    answer.catch(() => this.asked.delete(context.tenant));
    return answer;
  }

  private async ask(context: RequestContext): Promise<ReadonlyMap<string, Queues>> {
    const { agents } = await this.routing.listAgents({}, context);
    return new Map(agents.map(({ agent }) => [agent?.agentId ?? '', new Set(agent?.queueIds)]));
  }
}
