import { ApiError, ErrorCode } from '@parley/kernel';
import { failureOf } from './http.js';

/**
 * Calls a method that answers with one JSON object a line, and yields them as they come. Rejects as fetchJson does when
 * the call is refused.
 */
export const openLines = async (
  base: string,
  method: string,
  request: object,
  { token, signal }: { token: string; signal: AbortSignal },
): Promise<AsyncIterable<object>> => {
  let response: Response;
  try {
    response = await fetch(`${base}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(request),
      signal,
    });
  } catch (cause) {
    throw Object.assign(new ApiError(ErrorCode.unavailable, 'The server cannot be reached.'), { cause });
  }
  if (!response.ok || !response.body) throw failureOf(response.status, await response.text());
  return readLines(response.body.getReader());
};

async function* readLines(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<object> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) yield JSON.parse(part) as object;
    }
  } finally {
    // Not awaited: a connection that is gone may never answer.
    void reader.cancel().catch(() => undefined);
  }
}
