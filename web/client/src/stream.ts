import { ApiError, ErrorCode } from '@parley/kernel';
import { errorOf, isTransient } from './errors.js';
import type { Error as ErrorFrame } from './gen/parley/gateway/v1/frames.js';
import type { Streams } from './gen/methods.js';
import { openLines } from './lines.js';
import { backoffMs, platformRuntime, type Runtime } from './runtime.js';

/** The gateway says something at least every 15 s. */
const SILENT_MS = 40_000;

export interface StreamOptions<M extends keyof Streams> {
  /** The gateway's origin; empty for the page's own. */
  base: string;
  method: M;
  request: Streams[M][0];
  /** The bearer token, asked for before every try. `rejected`: the last one was refused. */
  token: (last: { rejected: boolean }) => Promise<string>;
  /** A stream begins (again): what was told before is told anew. */
  onBegin: () => void;
  onMessage: (message: Streams[M][1]) => void;
  /** True while messages come, false while the next try is awaited. */
  onLive?: (live: boolean) => void;
  /** It is over for good: this caller may not, or has no token any more. */
  onRefused: (error: ApiError) => void;
}

interface Line {
  result?: object;
  error?: ErrorFrame;
}

/** Follows a streaming method until the returned function is called, over lost connections, drains and expired tokens. */
export const followStream = <M extends keyof Streams>(
  options: StreamOptions<M>,
  runtime: Runtime = platformRuntime,
): (() => void) => {
  let stopped = false;
  let failures = 0;
  let rejected = false;
  let timer: unknown;
  let controller = new AbortController();

  const attempt = async (): Promise<void> => {
    controller = new AbortController();
    const { signal } = controller;
    let watchdog: unknown;
    const heard = (): void => {
      runtime.clearTimer(watchdog);
      watchdog = runtime.setTimer(() => controller.abort(), SILENT_MS);
    };
    try {
      const token = await options.token({ rejected });
      heard();
      const lines = await openLines(options.base, options.method, options.request, { token, signal });
      if (stopped) return;
      failures = 0;
      rejected = false;
      options.onBegin();
      options.onLive?.(true);
      for await (const line of lines as AsyncIterable<Line>) {
        if (stopped) return;
        heard();
        if (line.error) throw errorOf(line.error);
        if (line.result) options.onMessage(line.result);
      }
      throw new ApiError(ErrorCode.unavailable, 'The stream broke off.');
    } finally {
      runtime.clearTimer(watchdog);
    }
  };

  const failed = (error: unknown): void => {
    if (stopped) return;
    options.onLive?.(false);
    const known = error instanceof ApiError ? error : undefined;
    const unauthenticated = known?.code === ErrorCode.unauthenticated;
    // A second refusal in a row: the token that was made anew is no better.
    if (known && (!isTransient(known) || (unauthenticated && rejected))) return options.onRefused(known);
    rejected = unauthenticated;
    failures++;
    const waitMs = rejected ? 0 : (known?.details.retryAfterMs ?? backoffMs(failures, runtime.random()));
    timer = runtime.setTimer(run, waitMs);
  };
  const run = (): void => void attempt().catch(failed);

  run();
  return () => {
    stopped = true;
    runtime.clearTimer(timer);
    controller.abort();
  };
};
