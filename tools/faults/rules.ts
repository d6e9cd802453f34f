// The rules of routing in play while its processes and those of conversation are killed at random.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { conversation, routing } from '@parley/contracts';
import { ApiError, ErrorCode, newUlid } from '@parley/kernel';
import { connectBus } from '@parley/messaging';
import { createCaller } from '@parley/service';
import { eventually, seededRandom, TestGateway } from '@parley/testkit';
import { readJournals } from '../../services/routing/src/journal.js';
import { Desk } from '../../services/routing/src/testing/trio.js';
import { startTemporaryPlatform } from '../lib/platform.js';
import { checkLogs, type RulesOutcome } from './check-logs.js';
import { FAILSAFE_SECONDS, setUp, TOPICS } from './rules-setup.js';

export interface RulesOptions {
  readonly seed: number;
  readonly chats: number;
  readonly kills: number;
  readonly keep: boolean;
}

/** Whoever has not been served by then after the last kill never will be. */
const SETTLED_WITHIN_MS = 180_000;
const KILLED = ['routing', 'routing-2', 'conversation', 'conversation-2'];
const id = (): string => newUlid(Date.now());

/** Answers that say how things stand; everything else is asked again. */
const REFUSALS: readonly number[] = [
  ErrorCode.failedPrecondition,
  ErrorCode.notFound,
  ErrorCode.permissionDenied,
  ErrorCode.invalidArgument,
  ErrorCode.alreadyExists,
];

/** Runs it, and tells every rule that was broken, as both logs have it. */
export const rulesUnderFaults = async (
  options: RulesOptions,
): Promise<{ outcome: RulesOutcome; problems: string[] }> => {
  const random = seededRandom(options.seed);
  const journals = mkdtempSync(join(tmpdir(), 'parley-rules-journal-'));
  const own = await startTemporaryPlatform({
    name: 'rules',
    instances: 2,
    keep: options.keep,
    env: { PARLEY_ROUTING_JOURNAL: journals },
  });
  const { platform } = own;
  const bus = await connectBus({ url: platform.natsUrl, name: 'rules' });
  const caller = createCaller({ bus, addresses: {} });
  let gateway: TestGateway | undefined;
  try {
    const name = `rules-${options.seed}`;
    gateway = await TestGateway.start(bus, `gw-${name}`, name);
    const desk = new Desk(caller, name, gateway);
    const agents = await setUp(desk);
    const play = new Play(desk, agents, random, options.chats);
    const kills = await play.run(async () => {
      const which = KILLED[Math.floor(random() * KILLED.length)] ?? '';
      platform.child(which)?.signal('SIGKILL');
      await pause(2_000 + random() * 3_000);
    }, options.kills);
    await heardOfAllEnds(desk);
    const played = { kills, failsafeSeconds: FAILSAFE_SECONDS, journals: () => readJournals(journals) };
    return await checkLogs(bus, name, play.chats, played);
  } finally {
    gateway?.stop();
    caller.close();
    await bus.drain();
    await own.close();
    if (options.keep) console.error(`kept: ${journals}`);
    else rmSync(journals, { recursive: true, force: true });
  }
};

/** Routing hears of an end by the log of conversations; whatever it still has after a minute, its own log tells. */
const heardOfAllEnds = async (desk: Desk): Promise<void> => {
  const hasNone = async (): Promise<boolean> => {
    const { queues } = await desk.routing.listQueues({}, desk.boss);
    const { agents } = await desk.routing.listAgents({}, desk.boss);
    return (
      queues.every(({ waiting }) => waiting === 0) &&
      agents.every(({ conversationIds, pendingOffers }) => conversationIds.length + pendingOffers === 0)
    );
  };
  await eventually(hasNone, { timeoutMs: 60_000, intervalMs: 100 }).catch(() => undefined);
};

/** Visitors who come and write, and agents who do all that agents do. */
class Play {
  /** Every chat whose beginning was acknowledged, with its visitor. */
  readonly chats = new Map<string, string>();
  /** Chats that a supervisor has taken over and must close. */
  readonly #taken = new Set<string>();
  /** Chats that an agent has closed. */
  readonly #over = new Set<string>();
  #winding = false;
  #done = false;

  constructor(
    private readonly desk: Desk,
    private readonly agents: readonly string[],
    private readonly random: () => number,
    private readonly wanted: number,
  ) {}

  /** Plays until all chats are over; returns how often `kill` was called, after which all agents only close. */
  async run(kill: () => Promise<void>, times: number): Promise<number> {
    const work = [
      this.#come(),
      this.#write(),
      this.#supervise(),
      ...this.agents.map((agentId) => this.#serve(agentId)),
    ];
    let kills = 0;
    for (; kills < times; kills++) await kill();
    this.#winding = true;
    const until = Date.now() + SETTLED_WITHIN_MS;
    while (Date.now() < until && (this.chats.size < this.wanted || this.#open().length > 0)) await pause(500);
    this.#done = true;
    await Promise.all(work);
    return kills;
  }

  #open(): string[] {
    return [...this.chats.keys()].filter((chat) => !this.#over.has(chat));
  }

  async #come(): Promise<void> {
    for (let i = 0; i < this.wanted && !this.#done; i++) {
      while (this.#open().length > 2 * this.agents.length && !this.#done) await pause(100);
      const visitor = `v-${i}`;
      const topic = TOPICS[i % TOPICS.length] ?? '';
      this.chats.set(await this.desk.chat(visitor, { topic }), visitor);
      await pause(this.random() * 150);
    }
  }

  /** Visitors write now and then: what was parked goes on by it. */
  async #write(): Promise<void> {
    while (!this.#done) {
      const open = this.#open();
      const chat = open[Math.floor(this.random() * open.length)];
      if (chat) await this.#try(() => this.desk.say(chat, 'visitor', this.chats.get(chat) ?? ''));
      await pause(100);
    }
  }

  /** Takes a chat over now and then, waiting or not, and ends it. */
  async #supervise(): Promise<void> {
    const { conversations } = this.desk;
    const sue = () => this.desk.as('supervisor', 'sue');
    while (!this.#done) {
      await pause(1_000);
      const open = this.#open();
      const chat = open[Math.floor(this.random() * open.length)];
      const request = { conversationId: chat ?? '', commandId: id() };
      if (chat && !this.#winding) {
        // Also when nobody has answered: it may have been done.
        this.#taken.add(chat);
        await this.#try(() => conversations.takeOverConversation(request, sue()));
      }
      for (const conversationId of this.#taken) {
        const close = conversation.CloseConversationRequest.fromPartial({ conversationId, commandId: id() });
        if (!(await this.#try(() => conversations.closeConversation(close, sue())))) continue;
        this.#taken.delete(conversationId);
        this.#over.add(conversationId);
      }
    }
  }

  async #serve(agentId: string): Promise<void> {
    const me = () => this.desk.as('agent', agentId);
    while (!this.#done) {
      await pause(100 + this.random() * 300);
      const listed = await this.#try(() => this.desk.routing.listOffers({}, me()));
      for (const { offerId } of listed?.offers ?? []) {
        const luck = this.#winding ? 0 : this.random();
        if (luck < 0.75) await this.#try(() => this.desk.routing.acceptOffer({ offerId }, me()));
        else if (luck < 0.9)
          await this.#try(() => this.desk.routing.declineOffer({ offerId, reason: 'busy' }, me()));
        // Otherwise it rings out.
      }
      const state = await this.#try(() => this.desk.agentState(agentId));
      if (state?.status === routing.AgentStatus.AGENT_STATUS_NOT_RESPONDING)
        await this.#try(() => this.desk.status(agentId, routing.AgentStatus.AGENT_STATUS_AVAILABLE));
      for (const chat of state?.conversationIds ?? []) await this.#act(agentId, chat);
    }
  }

  async #act(agentId: string, chat: string): Promise<void> {
    const { conversations } = this.desk;
    const me = this.desk.as('agent', agentId);
    const mine = { conversationId: chat, commandId: id() };
    const luck = this.#winding ? 0 : this.random();
    if (luck < 0.3) {
      const close = conversation.CloseConversationRequest.fromPartial(mine);
      if (await this.#try(() => conversations.closeConversation(close, me))) this.#over.add(chat);
    } else if (luck < 0.4) await this.#try(() => conversations.parkConversation(mine, me));
    else if (luck < 0.55) await this.#transfer(agentId, chat, { toAgentId: this.#anybody() }, 'COLD');
    else if (luck < 0.6) await this.#transfer(agentId, chat, { toQueueId: 'experts' }, 'COLD');
    else if (luck < 0.7) await this.#transfer(agentId, chat, { toQueueId: 'experts' }, 'WARM');
    else if (luck < 0.75) await this.#try(() => conversations.leaveConversation(mine, me));
    else await this.#try(() => this.desk.say(chat, 'agent', agentId));
  }

  #transfer(
    agentId: string,
    conversationId: string,
    to: { readonly toAgentId?: string; readonly toQueueId?: string },
    mode: 'COLD' | 'WARM',
  ): Promise<unknown> {
    const request = conversation.TransferConversationRequest.fromPartial({
      conversationId,
      transferId: id(),
      summary: 'Please go on with this.',
      mode: conversation.TransferRequested_Mode[`MODE_${mode}`],
      ...to,
    });
    return this.#try(() =>
      this.desk.conversations.transferConversation(request, this.desk.as('agent', agentId)),
    );
  }

  #anybody(): string {
    return this.agents[Math.floor(this.random() * this.agents.length)] ?? '';
  }

  /** Undefined when it was refused, or nobody has answered: the next round sees how things stand. */
  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ApiError && (REFUSALS.includes(error.code) || PASSING.includes(error.code)))
        return undefined;
      throw error;
    }
  }
}

const PASSING: readonly number[] = [
  ErrorCode.unavailable,
  ErrorCode.deadlineExceeded,
  ErrorCode.resourceExhausted,
];
