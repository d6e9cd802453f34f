import type { routing } from '@parley/contracts';
import type { RoutingState } from '../../services/routing/src/domain.js';
import { Model } from '../simulate/model.js';
import { Oracle } from '../simulate/oracle.js';

/** An event of routing's log, and the chats that waited before it. */
export interface Step {
  readonly event: routing.RoutingEvent;
  readonly waiting: ReadonlySet<string>;
}

/** Judges what routing wrote by the oracle of the simulation, which sees nothing but events and who waits. */
export class Judge {
  /** Offers that were made while somebody else waited: where there was an order to keep. */
  contested = 0;
  /** Targets that were entered: where requirements may have been relaxed. */
  targets = 0;
  readonly #model = new Model();
  readonly #oracle = new Oracle(this.#model);

  /**
   * One commit, and who waits after it; tells what is wrong. The commit may hold several decisions and does not say
   * where each ends. So only those count as waiting who have not ceased to up to its end: they waited when the decision
   * was over, wherever that was, and somebody else was preferred to them.
   */
  commit(steps: readonly Step[], waitingAfter: ReadonlySet<string>, time: number): string[] {
    const passedOver: ReadonlySet<string>[] = [];
    let still = waitingAfter;
    for (const { waiting } of steps.toReversed()) passedOver.unshift((still = still.intersection(waiting)));
    const found: string[] = [];
    for (const [i, { event }] of steps.entries()) {
      const waits = passedOver[i] ?? waitingAfter;
      this.#oracle.isWaiting = (id) => waits.has(id);
      if (event.event) {
        if (event.event.$case === 'offerMade' && waits.size > 0) this.contested++;
        if (event.event.$case === 'targetEntered') this.targets++;
        found.push(...this.#oracle.check(event.event, time));
      }
      this.#model.fold(event, time);
    }
    this.#oracle.isWaiting = (id) => waitingAfter.has(id);
    return [...found, ...this.#oracle.settled()];
  }
}

/** Events do not say when a chat that nobody has waits, and when it does not. */
export const waitingIn = ({ chats }: RoutingState): ReadonlySet<string> => {
  const waiting = new Set<string>();
  for (const { id, phase } of chats.values()) if (phase === 'waiting') waiting.add(id);
  return waiting;
};
