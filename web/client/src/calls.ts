import { ApiError, ErrorCode } from '@parley/kernel';
import { errorOf } from './errors.js';
import type { Call, ClientFrame, Reply } from './gen/parley/gateway/v1/frames.js';
import type { Runtime } from './runtime.js';

interface PendingCall {
  call: Call;
  resolve(response: unknown): void;
  reject(error: ApiError): void;
  timer: unknown;
}

/**
 * Calls that wait for their reply. A lost socket does not fail them: they are sent again, in the same order, on the
 * next one. That is safe as every command carries an id given by the caller.
 */
export class Calls {
  // Never reused on a later socket, so a late reply cannot answer another call.
  #nextId = 1;
  readonly #pending = new Map<number, PendingCall>();

  constructor(
    private readonly runtime: Runtime,
    private readonly send: (frame: ClientFrame) => boolean,
  ) {}

  /** Rejects with an ApiError: the gateway's, or `deadlineExceeded` after timeoutMs without a reply. */
  call(method: string, request: object, timeoutMs: number): Promise<unknown> {
    const call: Call = { id: this.#nextId++, method, request: request };
    return new Promise((resolve, reject) => {
      const timer = this.runtime.setTimer(() => {
        const error = new ApiError(ErrorCode.deadlineExceeded, 'No answer in time. Try again.', {
          reason: 'NO_REPLY',
        });
        this.#take(call.id)?.reject(error);
      }, timeoutMs);
      this.#pending.set(call.id ?? 0, { call, resolve, reject, timer });
      this.send({ call });
    });
  }

  resend(): void {
    for (const { call } of this.#pending.values()) this.send({ call });
  }

  receive(reply: Reply): void {
    const pending = this.#take(reply.id);
    if (!pending) return;
    if (reply.error) pending.reject(errorOf(reply.error));
    else pending.resolve(reply.response ?? {});
  }

  failAll(error: ApiError): void {
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(error);
  }

  #take(id: number | undefined): PendingCall | undefined {
    const pending = this.#pending.get(id ?? 0);
    if (!pending) return undefined;
    this.#pending.delete(id ?? 0);
    this.runtime.clearTimer(pending.timer);
    return pending;
  }
}
