import type { Writable } from 'node:stream';
import { once } from 'node:events';
import { resourceExhausted } from '@parley/kernel';
import type { Streamed } from './invoke.js';

/** How long a client may read nothing while there is something to read. */
const STALLED_MS = 30_000;

/**
 * Writes what a stream brings, as fast as it is read. Rejects with the ApiError that ends the stream, also when the
 * client reads nothing for 30 s. Closes the stream in any case.
 */
export const writeAll = async (
  { messages, signal, close }: Streamed,
  to: Writable,
  encode: (message: unknown) => unknown,
): Promise<void> => {
  try {
    for await (const message of messages) {
      if (to.write(encode(message))) continue;
      const stalled = AbortSignal.timeout(STALLED_MS);
      await once(to, 'drain', { signal: AbortSignal.any([signal, stalled]) }).catch(() => {
        signal.throwIfAborted();
        throw resourceExhausted('TOO_SLOW', 'nothing was read for 30 s: call again and read faster');
      });
    }
  } finally {
    close();
  }
};
