/**
 * The one shape every aggregate of Parley has: a pure decision and a pure evolution.
 * Time and ids arrive inside the command, so the same inputs always give the same events.
 */
export interface Decider<State, Command, Event, Rejection = unknown> {
  readonly initialState: State;
  /** Returns the events the command leads to (possibly none), or why it is refused. Never throws. */
  readonly decide: (state: State, command: Command) => Result<readonly Event[], Rejection>;
  /** Applies one event. Total: every event that was ever written has a branch. Reads no personal content. */
  readonly evolve: (state: State, event: Event) => State;
}

/** A value or the reason there is none; for outcomes that callers must handle, never for defects. */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });
export const err = <E>(error: E): { ok: false; error: E } => ({ ok: false, error });

/** Folds a history into a state. */
export const fold = <State, Event>(
  decider: { readonly evolve: (state: State, event: Event) => State },
  state: State,
  events: Iterable<Event>,
): State => {
  for (const event of events) state = decider.evolve(state, event);
  return state;
};

/** The compiler's proof that a switch has a branch for every case. */
export const unreachable = (value: never): never => {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
};
