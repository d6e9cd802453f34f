import type { ServerResponse } from 'node:http';
import { gateway, type Method } from '@parley/contracts';
import { toFrameError } from '@parley/service';
import type { ToApiError } from './call.js';
import { ALWAYS } from './csp.js';
import type { Streamed } from './invoke.js';
import { writeAll } from './write-all.js';

/** Nothing is silent for longer: proxies cut what is, and clients can tell that we are still there. */
const HEARTBEAT_MS = 15_000;
const CLOSE_MS = 5000;

const line = (object: unknown): string => `${JSON.stringify(object)}\n`;

/**
 * Sends a stream as one JSON object a line: `{"result": …}` for a message, `{"heartbeat": {}}` every 15 s, and
 * `{"error": …}` as the last line, when the stream ends before the client ends it.
 */
export const answerStream = async (
  streamed: Streamed,
  method: Method,
  response: ServerResponse,
  toApiError: ToApiError,
): Promise<void> => {
  response.on('close', streamed.close);
  if (response.destroyed) streamed.close();
  response.writeHead(200, {
    ...ALWAYS,
    'content-type': 'application/x-ndjson',
    'cache-control': 'no-store',
    // Some proxies keep an answer until it is complete.
    'x-accel-buffering': 'no',
  });
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(line({ heartbeat: {} }));
  }, HEARTBEAT_MS);
  const failed = await writeAll(streamed, response, (message) =>
    line({ result: method.responseType.toJSON(message) }),
  ).then(
    () => undefined,
    (error: unknown) => toApiError(error),
  );
  clearInterval(heartbeat);
  response.end(failed && line({ error: gateway.Error.toJSON(toFrameError(failed)) }));
  // Who reads nothing does not read the end either.
  setTimeout(() => response.destroy(), CLOSE_MS).unref();
};
