import type { events, frames, Methods } from '@parley/client';
import { Wire } from './wire.js';

const CALL_WITHIN_MS = 60_000;

type Pushed = Pick<frames.ServerFrame, 'offerChanged'>;

/**
 * A socket to the gateway without any of the repairs that clients have: what comes twice or not at all is seen. Replies
 * with an error reject; a socket that closes rejects everything.
 */
export class RawSocket {
  private readonly calls = new Map<
    number,
    { resolve: (value: object) => void; reject: (e: Error) => void }
  >();
  private nextId = 0;
  onEvents: (conversationId: string, batch: readonly events.RecordedEvent[]) => void = () => {};
  onPushed: (frame: Pushed) => void = () => {};

  private wire!: Wire;

  private constructor() {}

  /** Opens a socket and says hello; resolves with the welcome. */
  static open(url: string, token: string): Promise<RawSocket> {
    const socket = new RawSocket();
    return new Promise((resolve, reject) => {
      const onEnd = (reason: string): void => {
        const error = new Error(`a socket of the bench: ${reason}`);
        reject(error);
        for (const call of socket.calls.values()) call.reject(error);
        socket.calls.clear();
      };
      const onText = (text: string): void => {
        const frame = JSON.parse(text) as frames.ServerFrame;
        if (frame.events) socket.onEvents(frame.events.conversationId ?? '', frame.events.events ?? []);
        else if (frame.reply) socket.onReply(frame.reply);
        else if (frame.welcome) resolve(socket);
        else if (frame.error || frame.goAway) onEnd(text.slice(0, 300));
        else socket.onPushed(frame);
      };
      Wire.open(url, { onText, onEnd }).then((wire) => {
        socket.wire = wire;
        socket.send({ hello: { protocolVersion: 1, token } });
      }, reject);
    });
  }

  call<M extends keyof Methods>(method: M, request: Methods[M][0]): Promise<Methods[M][1]> {
    const id = ++this.nextId;
    return new Promise((resolve, reject) => {
      this.calls.set(id, {
        resolve,
        reject: (error) => reject(new Error(`${method}: ${error.message}`)),
      });
      this.send({ call: { id, method, request } });
    });
  }

  watch(conversationId: string): void {
    this.send({ watch: { conversationId, afterVersion: 0 } });
  }

  close(): void {
    this.wire.close();
  }

  private send(frame: frames.ClientFrame): void {
    this.wire.send(JSON.stringify(frame));
  }

  private onReply(reply: frames.Reply): void {
    const call = this.calls.get(reply.id ?? 0);
    if (!call) return;
    this.calls.delete(reply.id ?? 0);
    if (reply.error) call.reject(new Error(`refused: ${JSON.stringify(reply.error)}`));
    else call.resolve(reply.response ?? {});
  }
}

/** Rejects when it takes longer than a minute, or so much longer than it is meant to. */
export const inTime = async <T>(what: string, work: Promise<T>, meantMs = 0): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new Error(`${what} took more than a minute too long`));
    timer = setTimeout(fail, meantMs + CALL_WITHIN_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};
