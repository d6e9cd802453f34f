import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conversation, routing } from '@parley/contracts';
import { newUlid, type Principal, type RequestContext } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { createCaller, type ClosableCaller } from '@parley/service';
import { eventually, freePort, startNats, TestGateway, type TestNats } from '@parley/testkit';
import { bundleService, startProcess, type ServiceProcess } from './processes.js';

const SERVICES = ['conversation', 'routing', 'presence'] as const;
const PATIENT = { timeoutMs: 40_000, intervalMs: 50 };

/** Conversation, routing and presence as processes of their own, with what a test does to them. */
export class Trio {
  readonly processes: ServiceProcess[] = [];
  readonly #gateways: TestGateway[] = [];

  private constructor(
    readonly nats: TestNats,
    readonly bus: Bus,
    readonly caller: ClosableCaller,
    private readonly folder: string,
  ) {}

  static async start(): Promise<Trio> {
    const [nats, folder, bundles, ports] = await Promise.all([
      startNats(),
      mkdtemp(join(tmpdir(), 'parley-trio-')),
      Promise.all(SERVICES.map((service) => bundleService(service))),
      Promise.all(SERVICES.map(() => freePort())),
    ]);
    const bus = await connectBus({ url: nats.url, name: 'trio' });
    const address = (i: number): string => `127.0.0.1:${ports[i] ?? 0}`;
    const addresses = Object.fromEntries(SERVICES.map((name, i) => [name, address(i)]));
    const trio = new Trio(nats, bus, createCaller({ bus, addresses }), folder);
    SERVICES.forEach((_name, i) =>
      trio.processes.push(
        startProcess(bundles[i] ?? '', {
          NATS_URL: nats.url,
          PARLEY_DATA: folder,
          PARLEY_PARTITIONS: '2',
          PARLEY_LOG_LEVEL: 'warn',
          PARLEY_CONVERSATION_ADDRESS: address(0),
          PARLEY_SERVICE_GRPC_PORT: String(ports[i] ?? 0),
          PARLEY_AGENT_GRACE_MS: '300',
        }),
      ),
    );
    return trio;
  }

  async stop(): Promise<void> {
    for (const gateway of this.#gateways) gateway.stop();
    await Promise.all(this.processes.map((process) => process.kill()));
    this.caller.close();
    await this.bus.drain();
    await this.nats.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A tenant of its own, with sockets for its agents. */
  async tenant(): Promise<Desk> {
    const name = `t-${newUlid(Date.now()).toLowerCase()}`;
    const gateway = await TestGateway.start(this.bus, `gw-${name}`, name);
    this.#gateways.push(gateway);
    return new Desk(this.caller, name, gateway);
  }

  /** A tenant with two agents of one queue, the first of whom has the chat of a visitor. */
  async withAnn(more: Partial<routing.PutQueueRequest> = {}): Promise<[Desk, string]> {
    const desk = await this.tenant();
    await desk.queue('sales', { isDefault: true, ...more });
    await desk.agent('ann', { capacity: 2 });
    const chat = await desk.chat('vera');
    await desk.accept('ann', chat);
    await desk.agentsIn(chat, 'ann');
    await desk.agent('bob', { capacity: 2 });
    return [desk, chat];
  }
}

const id = (): string => newUlid(Date.now());

/** What the people of one tenant do. Calls are repeated until they succeed, as their ids allow. */
export class Desk {
  constructor(
    private readonly caller: ClosableCaller,
    readonly name: string,
    readonly gateway: TestGateway,
  ) {}

  as(role: Principal['role'], who: string): RequestContext {
    return { tenant: this.name, principal: { role, id: who, name: who }, deadline: Date.now() + 10_000 };
  }

  get routing() {
    return this.caller.client('parley.routing.v1.RoutingService');
  }

  get conversations() {
    return this.caller.client('parley.conversation.v1.ConversationService');
  }

  get boss(): RequestContext {
    return this.as('admin', 'boss');
  }

  queue(queueId: string, more: Partial<routing.PutQueueRequest> = {}) {
    const request = routing.PutQueueRequest.fromPartial({ commandId: id(), queueId, name: queueId, ...more });
    return eventually(() => this.routing.putQueue(request, this.boss), PATIENT);
  }

  /** A queue that is closed for many years. */
  async closedQueue(queueId: string, more: Partial<routing.PutQueueRequest> = {}): Promise<void> {
    const schedule = routing.Schedule.fromPartial({
      scheduleId: 'never',
      name: 'Never but on one day',
      timeZone: 'Europe/Berlin',
      exceptions: [{ date: '2099-01-01', periods: [{ fromMinute: 0, toMinute: 60 }] }],
    });
    const request = { commandId: id(), schedule, expectedVersion: 0, mustBeNew: false };
    await eventually(() => this.routing.putSchedule(request, this.boss), PATIENT);
    await this.queue(queueId, { scheduleId: 'never', ...more });
  }

  /** Configures an agent who is then connected and available. */
  async agent(agentId: string, more: Partial<routing.PutAgentRequest> = {}): Promise<void> {
    const request = routing.PutAgentRequest.fromPartial({ commandId: id(), agentId, name: agentId, ...more });
    await eventually(() => this.routing.putAgent(request, this.boss), PATIENT);
    this.gateway.open('AGENT', [agentId]);
    await this.status(agentId, routing.AgentStatus.AGENT_STATUS_AVAILABLE);
    await this.until(async () => (await this.agentState(agentId))?.status, AVAILABLE);
  }

  status(agentId: string, status: routing.AgentStatus, finishing = false) {
    const presence = this.caller.client('parley.presence.v1.PresenceService');
    const request = { status, agentId: '', automatic: false, finishing };
    return eventually(() => presence.setStatus(request, this.as('agent', agentId)), PATIENT);
  }

  async agentState(agentId: string): Promise<routing.AgentState | undefined> {
    const { agents } = await this.routing.listAgents({}, this.boss);
    return agents.find(({ agent }) => agent?.agentId === agentId);
  }

  /** A visitor begins a chat; resolves with its id. */
  async chat(visitor: string, more: Partial<conversation.StartConversationRequest> = {}): Promise<string> {
    const request = conversation.StartConversationRequest.fromPartial({
      commandId: id(),
      locale: 'en',
      channel: conversation.Channel.CHANNEL_WEB_CHAT,
      messageId: id(),
      text: 'Hello',
      ...more,
    });
    const started = await eventually(
      () => this.conversations.startConversation(request, this.as('visitor', visitor)),
      PATIENT,
    );
    return started.conversationId;
  }

  say(conversationId: string, role: 'visitor' | 'agent', who: string) {
    const request = conversation.SendMessageRequest.fromPartial({
      conversationId,
      messageId: id(),
      text: 'And?',
    });
    return this.conversations.sendMessage(request, this.as(role, who));
  }

  /** The offer of this chat to an agent, once there is one. */
  async offer(agentId: string, conversationId: string): Promise<routing.Offer> {
    const found = await eventually(async () => {
      const { offers } = await this.routing.listOffers({}, this.as('agent', agentId));
      const offer = offers.find((each) => each.conversationId === conversationId);
      if (!offer) throw new Error(`no offer of ${conversationId} to ${agentId}`);
      return offer;
    }, PATIENT);
    return found;
  }

  async accept(agentId: string, conversationId: string): Promise<void> {
    const { offerId } = await this.offer(agentId, conversationId);
    await this.routing.acceptOffer({ offerId }, this.as('agent', agentId));
  }

  async decline(agentId: string, conversationId: string, reason: string): Promise<void> {
    const { offerId } = await this.offer(agentId, conversationId);
    await this.routing.declineOffer({ offerId, reason }, this.as('agent', agentId));
  }

  async get(conversationId: string): Promise<conversation.Conversation | undefined> {
    return (await this.conversations.getConversation({ conversationId }, this.boss)).conversation;
  }

  /** The conversation's events of one kind. */
  async facts<C extends Fact['$case']>(conversationId: string, $case: C): Promise<ValueOf<C>[]> {
    const request = conversation.ListEventsRequest.fromPartial({ conversationId });
    const { events } = await this.conversations.listEvents(request, this.boss);
    return events.flatMap(({ event }) =>
      event?.event?.$case === $case ? [event.event.value as ValueOf<C>] : [],
    );
  }

  /** Once what is looked at is this. */
  async until(look: () => Promise<unknown>, expected: unknown): Promise<void> {
    await eventually(async () => {
      const found = JSON.stringify(await look());
      if (found !== JSON.stringify(expected))
        throw new Error(`expected ${JSON.stringify(expected)}, found ${found}`);
    }, PATIENT);
  }

  agentsIn(conversationId: string, ...agentIds: string[]): Promise<void> {
    return this.until(async () => (await this.get(conversationId))?.agentIds, agentIds);
  }

  used(agentId: string, used: number): Promise<void> {
    return this.until(async () => (await this.agentState(agentId))?.used, used);
  }
}

type Fact = NonNullable<conversation.ConversationEvent['event']>;
type ValueOf<C extends Fact['$case']> = Extract<Fact, { $case: C }>['value'];
const AVAILABLE = routing.AgentStatus.AGENT_STATUS_AVAILABLE;
