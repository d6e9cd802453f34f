import { err, ok, type Decider } from '@parley/kernel';
import type { EventCodec } from '../types.js';

/** A small aggregate for the tests of this library: it adds up, and refuses to fall below zero. */
export interface Tally {
  readonly total: number;
  readonly added: readonly string[];
}
export type TallyCommand = { readonly add: number; readonly label: string; readonly times?: number };
export type TallyEvent = { readonly added: number; readonly label: string };

export const tallyDecider: Decider<Tally, TallyCommand, TallyEvent, Error> = {
  initialState: { total: 0, added: [] },
  decide: (state, { add, label, times = 1 }) =>
    state.total + add * times < 0
      ? err(new Error(`${state.total} is not enough for ${add * times}`))
      : ok(Array.from({ length: add === 0 ? 0 : times }, () => ({ added: add, label }))),
  evolve: (state, event) => ({ total: state.total + event.added, added: [...state.added, event.label] }),
};

export const tallyCodec: EventCodec<TallyEvent> = {
  encode: (event) => Buffer.from(JSON.stringify(event)),
  decode: (bytes) => {
    const event = JSON.parse(Buffer.from(bytes).toString()) as TallyEvent | { readonly newer: true };
    return 'newer' in event ? undefined : event;
  },
  kindOf: ({ label }) => label,
};
