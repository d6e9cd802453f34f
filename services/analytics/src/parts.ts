import { emptyTally, type Measured, type Tally, tallyFact, tallyQueues } from './definitions/tally.js';
import { key, type RollupDoc } from './store.js';

/** A tally of facts of one queue and agent, or of one agent over all queues. */
export type Part = Pick<RollupDoc, 'kind' | 'queueId' | 'agentId' | 'tally'>;

/** Tallies facts by kind, queue and agent, each where it belongs. */
export class Parts {
  readonly #parts = new Map<string, Part>();

  /** The tally of these; an empty one at first. */
  of(kind: Part['kind'], queueId: string, agentId: string): Tally {
    const id = key(kind, queueId, agentId);
    let part = this.#parts.get(id);
    if (!part) this.#parts.set(id, (part = { kind, queueId, agentId, tally: emptyTally() }));
    return part.tally;
  }

  add(measured: Measured): void {
    tallyFact(this.of('chat', '', measured.fact.agentId), measured);
    tallyQueues((queueId, agentId) => this.of('queue', queueId, agentId), measured);
  }

  all(): Iterable<Part> {
    return this.#parts.values();
  }
}
