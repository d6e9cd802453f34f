import { routing } from '@parley/contracts';
import {
  decide,
  emptyState,
  evolve,
  nextDueAt,
  restoreSnapshot,
  takeSnapshot,
  type Command,
  type RoutingState,
} from '../../services/routing/src/domain.js';
import { invariants } from '../../services/routing/src/domain/invariants.js';
import { enginePorts } from '../../services/routing/src/workflows/engine-ports.js';
import { Model } from './model.js';
import { Oracle } from './oracle.js';

/** What a decision of the engine got wrong. */
export class Violation extends Error {}

interface Decided {
  readonly command: Command;
  readonly at: number;
  /** Encoded events; undefined: refused. */
  readonly bytes: readonly string[] | undefined;
}

const MOST_TICKS = 500;

/** The engine under the eyes of the oracle: every decision is checked, and all since the last restart can be repeated. */
export class Engine {
  state: RoutingState = emptyState();
  readonly model = new Model();
  readonly oracle = new Oracle(this.model);
  decisions = 0;
  /** Told of every decision that led to events. */
  onDecided: (events: readonly routing.RoutingEvent[], time: number) => void = () => undefined;
  #snapshot = JSON.stringify(takeSnapshot(this.state));
  #since: Decided[] = [];
  #events: { readonly event: routing.RoutingEvent; readonly time: number }[] = [];

  constructor(private readonly onEvent: (event: NonNullable<routing.RoutingEvent['event']>) => void) {
    this.oracle.isWaiting = (id) => this.state.chats.get(id)?.phase === 'waiting';
  }

  /** Carries out a command; false when it is refused. Throws Violation. */
  execute(command: Command, at: number): boolean {
    this.decisions++;
    const time = Math.max(at, this.state.time);
    const { version } = this.state;
    const result = decide(this.state, command, at, enginePorts);
    if (!result.ok) {
      if (this.state.version !== version) throw new Violation(`a refused ${command.kind} changed the state`);
      this.#since.push({ command, at, bytes: undefined });
      return false;
    }
    const found: string[] = [];
    for (const event of result.value) {
      this.#events.push({ event, time });
      if (event.event) found.push(...this.oracle.check(event.event, time));
      this.model.fold(event, time);
    }
    this.#since.push({ command, at, bytes: result.value.map(encoded) });
    found.push(...this.oracle.settled(), ...invariants(this.state));
    if (found.length > 0) throw new Violation(found.join('; '));
    for (const { event } of result.value) if (event) this.onEvent(event);
    if (result.value.length > 0) this.onDecided(result.value, time);
    return true;
  }

  /** Lets everything that is due happen. */
  tick(now: number): void {
    for (let i = 0; (nextDueAt(this.state) ?? Infinity) <= now; i++) {
      if (i === MOST_TICKS) throw new Violation('something stays due for ever');
      this.execute({ kind: 'tick' }, now);
    }
    const found = this.oracle.seenTo(now);
    for (const chat of this.model.chats.values())
      if (chat.transfer && (chat.transfer.expiresAt?.getTime() ?? 0) <= now)
        found.push(`the transfer of ${chat.id} does not end`);
    for (const chat of this.state.chats.values())
      for (const until of chat.excluded.values())
        if (until > 0 && until <= now) found.push(`an exclusion from ${chat.id} does not end`);
    if (found.length > 0) throw new Violation(found.join('; '));
  }

  /**
   * The process ends and another one takes over: from its snapshot, it decides the same commands to the same bytes, and
   * folding the events alone gives the same state.
   */
  restart(): void {
    const now = JSON.stringify(takeSnapshot(this.state));
    const again = restored(this.#snapshot);
    for (const { command, at, bytes } of this.#since) {
      const result = decide(again, command, at, enginePorts);
      const repeated = result.ok ? result.value.map(encoded) : undefined;
      if (repeated?.join() !== bytes?.join())
        throw new Violation(`${command.kind} is decided otherwise after a restart`);
    }
    if (JSON.stringify(takeSnapshot(again)) !== now)
      throw new Violation('deciding again gives another state');
    const folded = restored(this.#snapshot);
    for (const { event, time } of this.#events) evolve(folded, event, time);
    if (JSON.stringify(takeSnapshot(folded)) !== now)
      throw new Violation('folding the events gives another state');
    const found = invariants(folded);
    if (found.length > 0) throw new Violation(`after a restart: ${found.join('; ')}`);
    this.state = restored(now);
    const wrong = invariants(this.state);
    if (wrong.length > 0) throw new Violation(`after a snapshot: ${wrong.join('; ')}`);
    this.#snapshot = now;
    this.#since = [];
    this.#events = [];
  }
}

const encoded = (event: routing.RoutingEvent): string =>
  Buffer.from(routing.RoutingEvent.encode(event).finish()).toString('base64');

const restored = (snapshot: string): RoutingState =>
  restoreSnapshot(JSON.parse(snapshot) as Parameters<typeof restoreSnapshot>[0]);
