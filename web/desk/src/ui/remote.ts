import { useCallback, useEffect, useState } from 'react';

/** Something that is fetched: on its way, there, or refused. */
export type Remote<T> =
  | { readonly status: 'loading'; readonly value?: T }
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'failed'; readonly value?: T; readonly message: string };

interface Fetched<T> {
  readonly load: () => Promise<T>;
  readonly remote: Remote<T>;
}

/**
 * Fetches when `load` changes (so it must be memoized), and again by the returned function, which keeps what is shown
 * until the new value is there. `everyMs`: again and again.
 */
export const useRemote = <T>(load: () => Promise<T>, everyMs?: number): [Remote<T>, () => void] => {
  const [fetched, setFetched] = useState<Fetched<T>>({ load, remote: { status: 'loading' } });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    load().then(
      (value) => current && setFetched({ load, remote: { status: 'ready', value } }),
      (error: Error) =>
        current &&
        setFetched((before) => ({
          load,
          remote: {
            status: 'failed',
            message: error.message,
            ...(before.load === load && before.remote.value !== undefined
              ? { value: before.remote.value }
              : {}),
          },
        })),
    );
    const timer = everyMs ? setTimeout(() => setRound((n) => n + 1), everyMs) : undefined;
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [load, everyMs, round]);
  const again = useCallback(() => setRound((n) => n + 1), []);
  return [fetched.load === load ? fetched.remote : { status: 'loading' }, again];
};
