import { routing } from '@parley/contracts';
import { explainWaiting, position, totals, type Command } from '../../services/routing/src/domain.js';
import { configurationOf } from './configuration.js';
import { Conversations } from './conversations.js';
import { Engine, Violation } from './engine.js';
import type { Step } from './schedule.js';

/** A Monday, at eight in the morning: the simulated hours begin then. */
const T0 = Date.UTC(2026, 0, 5, 8);
const { AssignmentEnded_Reason: Ended, AgentStatus: Status } = routing;
type Effect = () => void;

interface Join {
  readonly conversationId: string;
  readonly agentId: string;
  readonly offerId: string;
  readonly transferId: string;
  /** Version of the entry into a queue that was offered. */
  readonly entered: number;
}

const at = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];

/** A contact center in which a schedule's steps happen. Throws Violation with the first thing that is wrong. */
export class World {
  readonly engine: Engine;
  readonly conversations = new Conversations();
  readonly #effects: Effect[] = [];
  readonly delivered: Command[] = [];
  now = T0;
  #revision = 1n;
  count = 0;

  constructor() {
    this.engine = new Engine((event) => this.#react(event));
  }

  /** Changes configuration; false when the step is none of that. */
  configure(step: Step): boolean {
    const commands = configurationOf(step, this.#catalogue());
    for (const command of commands ?? []) this.engine.execute(command, this.now);
    return commands !== undefined;
  }

  /** Everything that is under way arrives; then both sides must tell the same story. */
  end(): void {
    for (let round = 0; round < 100; round++) {
      this.engine.tick(this.now);
      if (this.conversations.inputs.length + this.#effects.length === 0) return this.#compare();
      while (this.deliverInput() || this.deliverEffect(0)) continue;
    }
    throw new Violation('what is under way does not come to an end');
  }

  #catalogue() {
    const { state } = this.engine;
    return {
      queueIds: [...state.queues.keys()],
      teamIds: [...state.teams.keys()],
      draftRevision: state.draftRevision,
      versions: [...state.workflows.keys()],
    };
  }

  report(agentId: string, status: routing.AgentStatus, online: boolean): void {
    this.presence(agentId, status, online && status !== Status.AGENT_STATUS_OFFLINE, ++this.#revision);
  }

  presence(agentId: string, status: routing.AgentStatus, online: boolean, revision: bigint): void {
    this.engine.execute({ kind: 'setPresence', report: { agentId, status, online, revision } }, this.now);
  }

  #react(event: NonNullable<routing.RoutingEvent['event']>): void {
    const { $case, value } = event;
    if ($case === 'offerAccepted') {
      const { conversationId, agentId, offerId } = value;
      const transferId = this.#transferOf(offerId);
      const entered = this.engine.state.chats.get(conversationId)?.entryVersion ?? 0;
      this.#effects.push(() => this.#join({ conversationId, agentId, offerId, transferId, entered }));
    }
    if ($case === 'offerMade' && value.transferId) this.#transfers.set(value.offerId, value.transferId);
    if ($case === 'transferEnded' && value.outcome !== routing.TransferEnded_Outcome.OUTCOME_ACCEPTED)
      this.#effects.push(() => this.conversations.refuseTransfer(value.conversationId, value.transferId));
    if ($case === 'overflowReached') this.#overflowing = value;
    if ($case === 'conversationDequeued' && value.conversationId === this.#overflowing?.conversationId) {
      const { to } = this.#overflowing;
      this.#effects.push(() => this.conversations.overflow(value.conversationId, value.sourceVersion, to));
    }
    if ($case === 'agentNotResponding')
      this.#effects.push(() => {
        if (this.engine.state.agents.get(value.agentId)?.notResponding)
          this.report(value.agentId, Status.AGENT_STATUS_NOT_RESPONDING, true);
      });
  }

  #overflowing: routing.OverflowReached | undefined;
  readonly #transfers = new Map<string, string>();
  #transferOf(offerId: string): string {
    return this.#transfers.get(offerId) ?? '';
  }

  #join({ conversationId, agentId, offerId, transferId, entered }: Join): void {
    if (this.conversations.join(conversationId, agentId, transferId, entered)) return;
    const reason = Ended.REASON_JOIN_REFUSED;
    const refused = { conversationId, agentId, offerId, reason, sourceVersion: 0 };
    this.engine.execute({ kind: 'endConversation', ...refused }, this.now);
  }

  deliverInput(): boolean {
    const input = this.conversations.inputs.shift();
    if (!input) return false;
    this.engine.execute(input, this.now);
    // The rest is known by its command id when it comes again, as the writer remembers them.
    if ('sourceVersion' in input || 'entry' in input) this.delivered.push(input);
    return true;
  }

  deliverEffect(pick: number): boolean {
    const [effect] = this.#effects.splice(pick % Math.max(1, this.#effects.length), 1);
    effect?.();
    return effect !== undefined;
  }

  /** Views answer about everything at any time. */
  look(pick: number): void {
    const { state } = this.engine;
    totals(state, this.now, 60_000);
    const id = at([...state.chats.keys()], pick) ?? 'nobody';
    explainWaiting(state, id, this.now);
    position(state, id);
  }

  #compare(): void {
    const found: string[] = [];
    const { chats } = this.engine.state;
    for (const { id, status, agents } of this.conversations.all.values()) {
      const chat = chats.get(id);
      const held =
        chat?.assignments
          .map(({ agentId }) => agentId)
          .sort()
          .join() ?? '';
      if (held !== [...agents].sort().join())
        found.push(`${id}: routing says ${held}, the conversation ${agents.join()}`);
      const waits = chat?.phase === 'waiting' || chat?.phase === 'offered';
      if (waits !== (status === 'queued'))
        found.push(`${id} is ${status} and, in routing, ${chat?.phase ?? 'unknown'}`);
    }
    for (const { id, phase } of chats.values())
      if (!this.conversations.all.has(id)) found.push(`${id} is ${phase} and was never started`);
    if (found.length > 0) throw new Violation(found.join('; '));
  }
}
