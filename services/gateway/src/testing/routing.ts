import { agentLiveSubject, queueLiveSubject, routing, type HandlerTable } from '@parley/contracts';
import type { RequestContext } from '@parley/kernel';
import type { Bus } from '@parley/messaging';

/** The smallest routing service that streams can be tested against: queues and agents by tenant, and their live rows. */
export class Routing {
  private bus: Bus | undefined;
  private readonly queues = new Map<string, Map<string, routing.QueueState>>();
  private readonly agents = new Map<string, Map<string, routing.AgentState>>();
  /** Thrown by every read while it is set. */
  failure: Error | undefined;
  /** How often all queues were read. */
  reads = 0;

  putQueue(tenant: string, queueId: string, waiting: number): void {
    const row = routing.QueueState.fromPartial({ queue: { queueId, name: queueId }, waiting });
    mapOf(this.queues, tenant).set(queueId, row);
    this.bus?.publish(queueLiveSubject(tenant, queueId), routing.QueueState.encode(row).finish());
  }

  removeQueue(tenant: string, queueId: string): void {
    mapOf(this.queues, tenant).delete(queueId);
    this.bus?.publish(queueLiveSubject(tenant, queueId), new Uint8Array());
  }

  putAgent(tenant: string, agentId: string, teamId: string, queueIds: string[] = []): void {
    const row = routing.AgentState.fromPartial({ agent: { agentId, teamId, queueIds } });
    mapOf(this.agents, tenant).set(agentId, row);
    this.bus?.publish(agentLiveSubject(tenant, agentId), routing.AgentState.encode(row).finish());
  }

  /** Handlers for a service on this bus. Methods that no test calls are not there and answer `internal`. */
  handlers(bus: Bus): HandlerTable {
    this.bus = bus;
    const own = {
      listQueues: async (_request: object, { tenant }: RequestContext) => {
        this.reads++;
        if (this.failure) throw this.failure;
        return { queues: [...mapOf(this.queues, tenant).values()] };
      },
      // Their answers tell how many seconds they were given.
      dryRunWorkflow: async (_request: object, context: RequestContext) =>
        routing.DryRunWorkflowResponse.fromPartial({ arrivals: secondsOf(context) }),
      validateWorkflow: async (_request: object, context: RequestContext) =>
        routing.ValidateWorkflowResponse.fromPartial({ problems: [{ reason: `${secondsOf(context)}` }] }),
      listOffers: async () => ({ offers: [] }),
      listAgents: async (_request: object, { tenant }: RequestContext) => ({
        agents: [...mapOf(this.agents, tenant).values()],
      }),
    };
    const missing = { get: (target: Record<string, unknown>, name: string) => target[name] ?? refuse };
    return {
      'parley.routing.v1.RoutingService': new Proxy(own, missing),
    } as unknown as HandlerTable;
  }
}

const secondsOf = ({ deadline }: RequestContext): number => Math.round((deadline - Date.now()) / 1000);

const mapOf = <Row>(byTenant: Map<string, Map<string, Row>>, tenant: string): Map<string, Row> => {
  let rows = byTenant.get(tenant);
  if (!rows) byTenant.set(tenant, (rows = new Map<string, Row>()));
  return rows;
};

const refuse = async (): Promise<never> => {
  throw new Error('not part of this test');
};
