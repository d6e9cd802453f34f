import { deepStrictEqual } from 'node:assert';
import { fold, type Decider } from '@parley/kernel';

/** A sentence about a decider: given these events, when this command comes, then these events follow. */
export interface Given<Command, Event, Rejection> {
  when(command: Command): {
    /** Fails unless the command leads to exactly these events (none: it changes nothing). */
    then(...events: readonly Event[]): void;
    /** Fails unless the command is refused with something that has these properties. */
    thenRefused(expected: Partial<Rejection>): void;
  };
}

/**
 * Sentences about one decider: `const given = givenFor(decider)`, then
 * `given(started).when(close).then(closed)`.
 */
export const givenFor =
  <State, Command, Event, Rejection extends object>(decider: Decider<State, Command, Event, Rejection>) =>
  (...events: readonly Event[]): Given<Command, Event, Rejection> => ({
    when: (command) => {
      const decision = decider.decide(fold(decider, decider.initialState, events), command);
      return {
        then: (...expected) => deepStrictEqual(defined(decision), defined({ ok: true, value: expected })),
        thenRefused: (expected) => {
          const found = decision.ok ? decision : { ok: false, ...picked(decision.error, expected) };
          deepStrictEqual(defined(found), defined({ ok: false, ...expected }));
        },
      };
    },
  });

const picked = <T extends object>(from: T, like: Partial<T>): Partial<T> =>
  Object.fromEntries(Object.keys(like).map((key) => [key, from[key as keyof T]])) as Partial<T>;

/** The value without properties that are undefined: codecs set them, people leave them out. */
const defined = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(defined);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(kept.map(([key, inner]) => [key, defined(inner)]));
};
