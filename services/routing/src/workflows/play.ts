import { routing } from '@parley/contracts';
import type { Command } from '../domain/commands.js';
import { decide } from '../domain/decide.js';
import { evolve } from '../domain/evolve.js';
import { OrderedSet } from '../domain/ordered-set.js';
import { emptyState, nextDueAt, type RoutingState } from '../domain/state.js';
import { enginePorts } from './engine-ports.js';
import { WARM_UP_MS, type Arrival, type Recording } from './recording.js';

/** Whoever waits when the range ends may still be served for so long. */
const RUN_ON_MS = 4 * 3_600_000;

/** How a chat went. Times are ms. */
export interface Played {
  readonly conversationId: string;
  readonly at: number;
  queueId: string;
  filterName: string;
  outcome: 'waiting' | 'answered' | 'abandoned' | 'message_taken' | 'bot';
  /** Until it was answered or left. */
  wait: number;
}

interface Happening {
  readonly at: number;
  readonly order: number;
  readonly command: Command;
  /** Only if this chat still waits. */
  readonly whileWaiting: string;
}

const inOrder = (a: Happening, b: Happening): number => a.at - b.at || a.order - b.order;

const END = routing.AssignmentEnded_Reason.REASON_CLOSED;

/**
 * Plays a recording through the engine as it is configured now, with another workflow. A generator, so that whoever
 * drives it can pause; it ends with how each chat went. The same recording and workflow always go the same way.
 */
export class Play {
  readonly #state: RoutingState;
  /** What was recorded, the next last; and what follows from it. */
  readonly #recorded: Happening[];
  readonly #plan = new OrderedSet<Happening>(({ at }) => at, inOrder);
  readonly #played = new Map<string, Played>();
  readonly #arrivals: ReadonlyMap<string, Arrival>;
  readonly #end: number;
  #order = 0;
  #waiting = 0;

  constructor(
    configured: RoutingState,
    workflow: routing.Workflow | undefined,
    private readonly recording: Recording,
  ) {
    const begin = recording.from - WARM_UP_MS;
    this.#state = furnished(configured, workflow, begin);
    this.#end = recording.to + RUN_ON_MS;
    this.#arrivals = new Map(recording.arrivals.map((arrival) => [arrival.conversationId, arrival]));
    let revision = 0n;
    const presence = recording.presence.map(({ at, report }) =>
      this.#happening(at, { kind: 'setPresence', report: { ...report, revision: ++revision } }),
    );
    const arrivals = recording.arrivals.map(({ at, entry }) =>
      this.#happening(at, { kind: 'enqueue', entry: { ...entry, enteredAt: new Date(at) } }),
    );
    this.#recorded = [...presence, ...arrivals].sort(inOrder).reverse();
  }

  /** Carries out what happens next; false when nothing is left. */
  step(): boolean {
    const [recorded, planned] = [this.#recorded.at(-1), this.#plan.first()];
    const isRecorded = recorded && (!planned || inOrder(recorded, planned) < 0);
    const next = isRecorded ? recorded : planned;
    const due = nextDueAt(this.#state) ?? Infinity;
    const at = Math.min(next?.at ?? Infinity, due);
    // Beyond the range only those who still wait are of interest.
    if (at > this.#end || (!next && this.#waiting === 0)) return false;
    if (next && next.at <= due) {
      if (isRecorded) this.#recorded.pop();
      else this.#plan.delete(next);
      if (!next.whileWaiting || this.#played.get(next.whileWaiting)?.outcome === 'waiting')
        this.#carryOut(next.command, next.at);
    } else this.#carryOut({ kind: 'tick' }, due);
    return true;
  }

  /** Chats that entered within the range, in order. */
  outcomes(): readonly Played[] {
    return [...this.#played.values()].filter(({ at }) => at >= this.recording.from);
  }

  #later(at: number, command: Command, whileWaiting = ''): void {
    this.#plan.add(this.#happening(at, command, whileWaiting));
  }

  #happening(at: number, command: Command, whileWaiting = ''): Happening {
    return { at, order: this.#order++, command, whileWaiting };
  }

  #carryOut(command: Command, at: number): void {
    const result = decide(this.#state, command, at, enginePorts);
    // A refusal, such as of an offer that is gone by now, changes nothing.
    if (result.ok) for (const { event } of result.value) if (event) this.#observe(event, at);
  }

  #observe(event: NonNullable<routing.RoutingEvent['event']>, at: number): void {
    if (event.$case === 'conversationEnqueued') this.#entered(event.value, at);
    else if (event.$case === 'targetEntered') {
      const played = this.#played.get(event.value.conversationId);
      if (played) played.queueId = event.value.queueId;
    } else if (event.$case === 'offerMade') {
      const { offerId, agentId, autoAccept } = event.value;
      if (!autoAccept) this.#later(at + this.recording.ring, { kind: 'acceptOffer', offerId, agentId });
    } else if (event.$case === 'offerAccepted') this.#accepted(event.value.conversationId, at);
    else if (event.$case === 'overflowReached') {
      const { conversationId, to } = event.value;
      const outcome = to === routing.Overflow.OVERFLOW_BOT ? 'bot' : 'message_taken';
      this.#settle(conversationId, at, outcome);
    } else if (event.$case === 'conversationDequeued')
      this.#settle(event.value.conversationId, at, 'abandoned');
  }

  #entered({ conversationId, queueId, filterName }: routing.ConversationEnqueued, at: number): void {
    const arrival = this.#arrivals.get(conversationId);
    if (!arrival || this.#played.has(conversationId)) return;
    this.#waiting++;
    this.#played.set(conversationId, {
      conversationId,
      at,
      queueId,
      filterName,
      outcome: 'waiting',
      wait: 0,
    });
    if (arrival.patience < Infinity)
      this.#later(at + arrival.patience, ends(conversationId, 2), conversationId);
  }

  #accepted(conversationId: string, at: number): void {
    this.#settle(conversationId, at, 'answered');
    const arrival = this.#arrivals.get(conversationId);
    if (arrival) this.#later(at + arrival.talk, ends(conversationId, 3));
  }

  #settle(conversationId: string, at: number, outcome: Played['outcome']): void {
    const played = this.#played.get(conversationId);
    if (played?.outcome !== 'waiting') return;
    this.#waiting--;
    played.outcome = outcome;
    played.wait = at - played.at;
  }
}

const ends = (conversationId: string, sourceVersion: number): Command => ({
  kind: 'endConversation',
  conversationId,
  reason: END,
  agentId: '',
  sourceVersion,
});

/** A domain with today's configuration and this workflow, in which nothing has happened yet. */
const furnished = (
  configured: RoutingState,
  workflow: routing.Workflow | undefined,
  at: number,
): RoutingState => {
  const state = emptyState();
  const put = (command: Command): void => {
    const result = decide(state, command, at, enginePorts);
    if (!result.ok) throw result.error;
  };
  put({ kind: 'putSettings', settings: configured.settings, expectedVersion: 0 });
  for (const skill of configured.skills.values()) put({ kind: 'putSkill', skill, expectedVersion: 0 });
  for (const schedule of configured.schedules.values())
    put({ kind: 'putSchedule', schedule, expectedVersion: 0 });
  for (const { config } of configured.teams.values())
    put({ kind: 'putTeam', team: config, expectedVersion: 0 });
  // Queues may name each other: by events, which ask nothing, and once more as commands for their hours.
  const queues = [...configured.queues.values()].map(({ config }) => config);
  for (const queue of queues) evolve(state, { event: { $case: 'queueConfigured', value: { queue } } }, at);
  for (const queue of queues) put({ kind: 'putQueue', queue, expectedVersion: 0 });
  for (const { config } of configured.agents.values())
    if (config) put({ kind: 'putAgent', agent: config, expectedVersion: 0 });
  // Not as a command: a version that is in force is played even if it could not be published today.
  if (workflow)
    evolve(
      state,
      { event: { $case: 'workflowPublished', value: { workflow: { ...workflow, version: 1 } } } },
      at,
    );
  return state;
};
