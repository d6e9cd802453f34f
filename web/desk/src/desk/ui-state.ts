import { type Filter, noFilter } from '../state/inbox.js';
import { createStore, type Store } from '../state/store.js';

/** What is open on the page beside its address. */
export interface UiState {
  readonly dialog:
    'palette' | 'shortcuts' | 'close' | 'transfer' | 'takeOver' | 'decline' | 'password' | undefined;
  readonly mode: 'reply' | 'note' | 'whisper';
  /** Counts the wishes to write, each of which moves the focus to the composer. */
  readonly focusComposer: number;
  /** On a phone, the customer panel takes the whole page. */
  readonly customerShown: boolean;
  readonly filter: Filter;
  /** The offer that is about to be declined; empty: the one that rings first. */
  readonly declining: string;
  /** Transfers whose summaries were read. */
  readonly readHandovers: ReadonlySet<string>;
}

export const ui: Store<UiState> = createStore<UiState>({
  dialog: undefined,
  mode: 'reply',
  focusComposer: 0,
  customerShown: false,
  filter: noFilter,
  declining: '',
  readHandovers: new Set(),
});

export const openDialog = (dialog: UiState['dialog']): void =>
  ui.update((state) => ({ ...state, dialog, declining: '' }));

/** What was handed over with a chat was read: it stands in the thread, and no longer above it. */
export const handoverRead = (transferId: string): void =>
  ui.update((state) => ({ ...state, readHandovers: new Set(state.readHandovers).add(transferId) }));

/** Asks why an offer is declined. */
export const askDecline = (declining: string): void =>
  ui.update((state) => ({ ...state, dialog: 'decline', declining }));

/** Turns the composer to replies or notes and puts the focus there. */
export const write = (mode: UiState['mode']): void =>
  ui.update((state) => ({ ...state, mode, focusComposer: state.focusComposer + 1 }));

export const showCustomer = (customerShown: boolean): void =>
  ui.update((state) => ({ ...state, customerShown }));

export const setFilter = (change: Partial<Filter>): void =>
  ui.update((state) => ({ ...state, filter: { ...state.filter, ...change } }));
