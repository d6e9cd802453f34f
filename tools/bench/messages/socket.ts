import type { events, frames, Methods } from '@parley/client';
import WebSocket from 'ws';

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

  private constructor(private readonly ws: WebSocket) {}

  /** Opens a socket and says hello; resolves with the welcome. */
  static async open(url: string, token: string): Promise<RawSocket> {
    // What costs the load's side only is left out: it shares the cores with what is measured.
    const ws = new WebSocket(url, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
      generateMask: (mask) => mask.fill(0),
    });
    const socket = new RawSocket(ws);
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: string): void => {
        const error = new Error(`a socket of the bench: ${reason}`);
        reject(error);
        for (const call of socket.calls.values()) call.reject(error);
        socket.calls.clear();
      };
      ws.on('error', (error) => fail(error.message));
      ws.on('close', (code, reason) => fail(`closed with ${code} ${reason.toString()}`));
      ws.on('message', (data: Buffer) => {
        const frame = JSON.parse(data.toString()) as frames.ServerFrame;
        if (frame.events) socket.onEvents(frame.events.conversationId ?? '', frame.events.events ?? []);
        else if (frame.reply) socket.onReply(frame.reply);
        else if (frame.welcome) resolve();
        else if (frame.error || frame.goAway) fail(data.toString().slice(0, 300));
        else socket.onPushed(frame);
      });
      ws.on('open', () => socket.send({ hello: { protocolVersion: 1, token } }));
    });
    return socket;
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
    this.ws.removeAllListeners('close');
    this.ws.close();
  }

  private send(frame: frames.ClientFrame): void {
    this.ws.send(JSON.stringify(frame));
  }

  private onReply(reply: frames.Reply): void {
    const call = this.calls.get(reply.id ?? 0);
    if (!call) return;
    this.calls.delete(reply.id ?? 0);
    if (reply.error) call.reject(new Error(`refused: ${JSON.stringify(reply.error)}`));
    else call.resolve(reply.response ?? {});
  }
}

/** Rejects when it takes longer than a minute. */
export const inTime = async <T>(what: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than a minute`)), CALL_WITHIN_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};
