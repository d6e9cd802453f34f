/** A value that components follow. Replaced, never changed in place. */
export interface Store<T> {
  readonly get: () => T;
  /** Puts what `update` makes of the present value; the same value again tells nobody. */
  readonly update: (update: (value: T) => T) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** A store with a first value. */
export const createStore = <T>(initial: T): Store<T> => {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    update: (update) => {
      const next = update(value);
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
