import { Agent, request } from 'undici';
import { Webhook } from 'standardwebhooks';
import { checkHost, publicLookup } from './addresses.js';

const TIMEOUT_MS = 15_000;
const ANSWER_BYTES = 64 * 1024;

export interface Post {
  readonly url: string;
  /** whsec_… */
  readonly secret: string;
  /** The webhook-id header. */
  readonly id: string;
  readonly payload: string;
  /** Now, ms. */
  readonly now: number;
}

/** Sends webhooks. */
export interface Poster {
  /** Resolves with the status of the answer; rejects when there is none within 15 s or the address is refused. */
  post(post: Post): Promise<number>;
  close(): Promise<void>;
}

/**
 * Signs by the Standard Webhooks spec and posts. Redirects are answers like others, never followed: they could lead
 * where the address check would not have let it go.
 */
export const createPoster = ({ allowPrivate = false, timeoutMs = TIMEOUT_MS } = {}): Poster => {
  const agent = new Agent({
    connections: 16,
    keepAliveTimeout: 10_000,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs, ...(allowPrivate ? {} : { lookup: publicLookup }) },
  });
  return {
    post: async ({ url, secret, id, payload, now }) => {
      const target = new URL(url);
      if (!allowPrivate) checkHost(target);
      const at = new Date(now);
      const { statusCode, body } = await request(target, {
        dispatcher: agent,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Parley-Webhooks/1',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(now / 1000)),
          'webhook-signature': new Webhook(secret).sign(id, at, payload),
        },
        body: payload,
        signal: AbortSignal.timeout(timeoutMs),
      });
      await body.dump({ limit: ANSWER_BYTES }).catch(() => undefined);
      return statusCode;
    },
    close: () => agent.destroy(),
  };
};
