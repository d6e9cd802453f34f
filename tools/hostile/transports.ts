import { Client, credentials, Metadata, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import { common, type Method } from '@parley/contracts';
import { assertNoLeak, type Audience } from './leaks.js';
import { errorOutcome, okOutcome, type ErrorJson, type Outcome } from './outcome.js';
import type { Socket } from './socket.js';

/** Somebody who calls: a token and what its owner may see. */
export interface Caller extends Audience {
  readonly name: string;
  readonly role: string;
  readonly token: string;
  /** API keys only. */
  readonly scopes?: readonly string[];
}

/** Nobody: no token at all. */
export const ANYONE: Caller = { name: 'anyone', role: 'anyone', token: '' };

/** One way into the public methods. `request` is protobuf's JSON form. */
export interface Transport {
  readonly name: string;
  call(
    method: Method,
    request: object,
    caller: Caller,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Outcome>;
}

/** Repeats a call that came too fast, as a good client does. */
const patiently = async (call: () => Promise<Outcome>): Promise<Outcome> => {
  for (;;) {
    const outcome = await call();
    if (outcome.reason !== 'RATE_LIMITED' && outcome.reason !== 'TOO_MANY_CALLS') return outcome;
    await new Promise((resolve) => setTimeout(resolve, outcome.retryAfterMs + 5));
  }
};

/** Reads an HTTP answer of a method; checks it for leaks. */
export const readAnswer = async (answer: Response, audience: Audience): Promise<Outcome> => {
  const text = await answer.text();
  assertNoLeak(audience, text);
  const json = JSON.parse(text) as Record<string, unknown>;
  return answer.ok ? okOutcome(json, answer.status) : errorOutcome(json, answer.status);
};

/** `POST /parley.x.v1.XService/Method` with any body. */
export const post = async (
  httpUrl: string,
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  caller: Caller,
  headers: Readonly<Record<string, string>> = {},
): Promise<Outcome> => {
  const controller = new AbortController();
  const answer = await fetch(`${httpUrl}/${path}`, {
    method: 'POST',
    signal: controller.signal,
    headers: {
      'content-type': 'application/json',
      ...(caller.token ? { authorization: `Bearer ${caller.token}` } : {}),
      ...headers,
    },
    body,
  });
  if (answer.headers.get('content-type') !== 'application/x-ndjson') return readAnswer(answer, caller);
  try {
    return await readStream(answer, caller);
  } finally {
    controller.abort();
  }
};

/** The beginning of a stream of lines: all rows until the one that makes them complete. */
const readStream = async (answer: Response, audience: Audience): Promise<Outcome> => {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(bytes, { stream: true });
    const lines = text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as StreamLine);
    const failed = lines.find(({ error }) => error)?.error;
    if (!failed && !lines.some(({ result }) => result?.['complete'])) continue;
    assertNoLeak(audience, text);
    return failed
      ? errorOutcome(failed)
      : okOutcome({ rows: lines.map(({ result }) => result) }, answer.status);
  }
  throw new Error(`a stream ended before it was complete: ${text.slice(0, 200)}`);
};

interface StreamLine {
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: ErrorJson;
}

/** JSON over HTTP. */
export const httpTransport = (httpUrl: string): Transport => ({
  name: 'HTTP',
  call: (method, request, caller, headers) =>
    patiently(() => post(httpUrl, method.path, JSON.stringify(request), caller, headers)),
});

/** gRPC, with access to the bytes. */
export class GrpcTransport implements Transport {
  readonly name = 'gRPC';
  private readonly client: Client;

  constructor(address: string) {
    this.client = new Client(address, credentials.createInsecure());
  }

  call(
    method: Method,
    request: object,
    caller: Caller,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    const bytes = method.requestType.encode(method.requestType.fromJSON(request)).finish();
    return patiently(() => this.callBytes(method.path, bytes, caller, headers, method));
  }

  /** Sends bytes as they are; `method` decodes the answer when it is given. */
  callBytes(
    path: string,
    bytes: Uint8Array,
    caller: Caller,
    headers: Readonly<Record<string, string>> = {},
    method?: Method,
  ): Promise<Outcome> {
    const metadata = new Metadata();
    if (caller.token) metadata.set('authorization', `Bearer ${caller.token}`);
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, answer?: Buffer): void => {
        try {
          assertNoLeak(
            caller,
            error ? `${error.details} ${allOf(error.metadata)}` : (answer ?? Buffer.alloc(0)),
          );
          const json = method && answer ? method.responseType.toJSON(method.responseType.decode(answer)) : {};
          resolve(error ? grpcError(error) : okOutcome(json as Record<string, unknown>));
        } catch (problem) {
          reject(problem instanceof Error ? problem : new Error(String(problem)));
        }
      };
      const plain = (value: Buffer): Buffer => value;
      const options = { deadline: Date.now() + 15_000 };
      const call = [`/${path}`, plain, plain, Buffer.from(bytes), metadata, options] as const;
      if (method?.serverStreaming)
        resolve(readRows(method, this.client.makeServerStreamRequest(...call), caller));
      else this.client.makeUnaryRequest(...call, done);
    });
  }

  close(): void {
    this.client.close();
  }
}

/** Reads a stream until all rows of its beginning are there; checks each for leaks. */
const readRows = (
  method: Method,
  stream: ClientReadableStream<Buffer>,
  audience: Audience,
): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const rows: unknown[] = [];
    stream.on('error', (error: ServiceError) => {
      // Our own cancelling comes here, too: the promise is settled by then.
      resolve(grpcError(error));
    });
    stream.on('data', (bytes: Buffer) => {
      try {
        assertNoLeak(audience, bytes);
        const row = method.responseType.decode(bytes);
        rows.push(method.responseType.toJSON(row));
        if (!(row as { complete?: boolean }).complete) return;
        resolve(okOutcome({ rows }));
      } catch (problem) {
        reject(problem instanceof Error ? problem : new Error(String(problem)));
      }
      stream.cancel();
    });
  });

const allOf = (metadata: Metadata): string =>
  Object.keys(metadata.getMap())
    .flatMap((key) => metadata.get(key))
    .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : value))
    .join(' ');

const grpcError = ({ code, details, metadata }: ServiceError): Outcome => {
  const bytes = metadata.get('grpc-status-details-bin')[0];
  const parts = Buffer.isBuffer(bytes) ? common.Status.decode(bytes).details : [];
  const part = (type: string): Uint8Array | undefined =>
    parts.find(({ typeUrl }) => typeUrl.endsWith(`/google.rpc.${type}`))?.value;
  const info = part('ErrorInfo');
  const bad = part('BadRequest');
  const retry = part('RetryInfo');
  const delay = retry ? common.RetryInfo.decode(retry).retryDelay : undefined;
  return {
    code,
    message: details,
    reason: info ? common.ErrorInfo.decode(info).reason : '',
    fields: bad ? common.BadRequest.decode(bad).fieldViolations.map(({ field }) => field) : [],
    retryAfterMs: delay ? Number(delay.seconds) * 1000 + delay.nanos / 1e6 : 0,
  };
};

/** Calls over the caller's socket; `socketOf` gives the one that is open for them. */
export const socketTransport = (socketOf: (caller: Caller) => Socket): Transport => ({
  name: 'socket',
  call: (method, request, caller) => patiently(() => socketOf(caller).call(method.path, request)),
});
