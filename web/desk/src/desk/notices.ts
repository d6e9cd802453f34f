import { type Refusal, refusalOf } from '../state/refusal.js';
import { createStore, type Store } from '../state/store.js';

interface Said {
  readonly kind: 'info' | 'error';
  readonly text: string;
  readonly action?: { readonly label: string; run(): void };
}

/** Something that was refused; the words are found when it is shown. */
interface Refused {
  readonly kind: 'error';
  readonly refusal: Refusal;
}

/** A short message at the edge of the page. */
export type Notice = (Said | Refused) & { readonly id: number };

export interface Notices {
  readonly list: Store<readonly Notice[]>;
  show(notice: Said): void;
  /** Says why something was refused. Stands alone: it can be given to a promise. */
  readonly refused: (error: unknown) => void;
  dismiss(id: number): void;
}

const SHOWN_MS = 6_000;

/** Messages that go away by themselves. */
export const createNotices = (): Notices => {
  const list = createStore<readonly Notice[]>([]);
  let lastId = 0;
  const dismiss = (id: number): void => list.update((shown) => shown.filter((notice) => notice.id !== id));
  const add = (notice: Said | Refused): void => {
    const id = ++lastId;
    // Said again, it stands there once, for as long as if it were new.
    list.update((shown) => [...shown.filter((other) => !isSame(other, notice)).slice(-2), { ...notice, id }]);
    setTimeout(() => dismiss(id), SHOWN_MS);
  };
  return {
    list,
    dismiss,
    show: add,
    refused: (error) => add({ kind: 'error', refusal: refusalOf(error) }),
  };
};

const isSame = (one: Said | Refused, other: Said | Refused): boolean =>
  one.kind === other.kind && said(one) === said(other);

const said = (notice: Said | Refused): string => ('text' in notice ? notice.text : notice.refusal.said);
