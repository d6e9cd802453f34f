import { followStream, type Streams } from '@parley/client';
import { accessToken } from '../session/session.js';
import { createStore, type Store } from '../state/store.js';

/** Rows that a stream keeps current. */
export interface Watched<Row> {
  readonly rows: Store<ReadonlyMap<string, Row>>;
  /** False while the connection is lost; the rows stay as they were. */
  readonly live: Store<boolean>;
  stop(): void;
}

/** Rows that come together are drawn together. */
const GATHER_MS = 200;

/** After so long, what a stream that began anew has not told again is gone. */
const COMPLETE_MS = 3_000;

/**
 * Follows a stream of rows: all first, then each when it changes. `rowOf` takes a message apart; a row of undefined is
 * gone.
 */
export const watchRows = <M extends keyof Streams, Row>(
  method: M,
  request: Streams[M][0],
  rowOf: (message: Streams[M][1]) => { readonly key: string; readonly row: Row | undefined },
): Watched<Row> => {
  const rows = createStore<ReadonlyMap<string, Row>>(new Map());
  const live = createStore(false);
  let told = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gathering: ReturnType<typeof setTimeout> | undefined;
  const arrived = new Map<string, Row | undefined>();
  const take = (): void => {
    gathering = undefined;
    rows.update((known) => {
      const next = new Map(known);
      for (const [key, row] of arrived)
        if (row) next.set(key, row);
        else next.delete(key);
      arrived.clear();
      return next;
    });
  };
  const stop = followStream({
    base: '',
    method,
    request,
    token: accessToken,
    onBegin: () => {
      const now = (told = new Set());
      clearTimeout(timer);
      timer = setTimeout(
        () => rows.update((known) => new Map([...known].filter(([key]) => now.has(key)))),
        COMPLETE_MS,
      );
    },
    onMessage: (message) => {
      const { key, row } = rowOf(message);
      told.add(key);
      arrived.set(key, row);
      gathering ??= setTimeout(take, GATHER_MS);
    },
    onLive: (now) => live.update(() => now),
    onRefused: () => live.update(() => false),
  });
  return {
    rows,
    live,
    stop: () => {
      clearTimeout(timer);
      clearTimeout(gathering);
      stop();
    },
  };
};
