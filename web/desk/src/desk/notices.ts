import { createStore, type Store } from '../state/store.js';

/** A short message at the edge of the page. */
export interface Notice {
  readonly id: number;
  readonly kind: 'info' | 'error';
  readonly text: string;
  readonly action?: { readonly label: string; run(): void };
}

export interface Notices {
  readonly list: Store<readonly Notice[]>;
  show(notice: Omit<Notice, 'id'>): void;
  dismiss(id: number): void;
}

const SHOWN_MS = 6_000;

/** Messages that go away by themselves. */
export const createNotices = (): Notices => {
  const list = createStore<readonly Notice[]>([]);
  let lastId = 0;
  const dismiss = (id: number): void => list.update((shown) => shown.filter((notice) => notice.id !== id));
  return {
    list,
    dismiss,
    show: (notice) => {
      const id = ++lastId;
      // Said again, it stands there once, for as long as if it were new.
      list.update((shown) => [
        ...shown.filter((other) => !isSame(other, notice)).slice(-2),
        { ...notice, id },
      ]);
      setTimeout(() => dismiss(id), SHOWN_MS);
    },
  };
};

const isSame = (one: Omit<Notice, 'id'>, other: Omit<Notice, 'id'>): boolean =>
  one.kind === other.kind && one.text === other.text;
