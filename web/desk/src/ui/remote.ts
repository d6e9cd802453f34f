import { useCallback, useEffect, useState } from 'react';
import { refusalWords } from '../i18n/error-words.js';
import { type Refusal, refusalOf } from '../state/refusal.js';
import { useWords } from './hooks.js';

/** Something that is fetched: on its way, there, or refused. */
export type Remote<T> =
  | { readonly status: 'loading'; readonly value?: T }
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'failed'; readonly value?: T; readonly message: string };

type Outcome<T> =
  | Exclude<Remote<T>, { status: 'failed' }>
  | { readonly status: 'failed'; readonly value?: T; readonly refusal: Refusal };

interface Fetched<T> {
  readonly load: () => Promise<T>;
  readonly remote: Outcome<T>;
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
      (error: unknown) =>
        current &&
        setFetched((before) => ({
          load,
          remote: {
            status: 'failed',
            refusal: refusalOf(error),
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
  const { t } = useWords();
  const again = useCallback(() => setRound((n) => n + 1), []);
  if (fetched.load !== load) return [{ status: 'loading' }, again];
  const { remote } = fetched;
  if (remote.status !== 'failed') return [remote, again];
  const { refusal, ...rest } = remote;
  return [{ ...rest, message: refusalWords(refusal, t) }, again];
};
