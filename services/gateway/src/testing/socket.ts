import { once } from 'node:events';
import { WebSocket } from 'ws';

const WAIT_MS = 20_000;

type Frame = Record<string, Record<string, unknown>>;

/** A client's socket that keeps every frame it got. */
export class TestSocket {
  readonly frames: Frame[] = [];
  closed: { code: number; reason: string } | undefined;
  private constructor(readonly ws: WebSocket) {
    ws.on('message', (data: Buffer) => this.frames.push(JSON.parse(data.toString()) as Frame));
    ws.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    ws.setMaxListeners(0);
    ws.on('error', () => undefined);
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<TestSocket> {
    const socket = new TestSocket(new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers }));
    await once(socket.ws, 'open', { signal: AbortSignal.timeout(WAIT_MS) });
    return socket;
  }

  /** Opened, and welcomed with this token. */
  static async hello(url: string, token: string): Promise<TestSocket> {
    const socket = await TestSocket.open(url);
    socket.send({ hello: { protocolVersion: 1, token } });
    await socket.next('welcome');
    return socket;
  }

  send(frame: unknown): void {
    this.ws.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Waits for a frame of this kind that matches; fails with what came instead. */
  async next(
    kind: string,
    matches: (value: Record<string, unknown>) => boolean = () => true,
  ): Promise<Record<string, unknown>> {
    const signal = AbortSignal.timeout(WAIT_MS);
    for (;;) {
      const found = this.frames.find((frame) => frame[kind] && matches(frame[kind]))?.[kind];
      if (found) return found;
      if (this.closed) throw new Error(`closed before a ${kind}: ${JSON.stringify(this.frames)}`);
      await Promise.race([once(this.ws, 'message', { signal }), once(this.ws, 'close', { signal })]).catch(
        () => {
          throw new Error(`no ${kind} in ${JSON.stringify(this.frames).slice(0, 2000)}`);
        },
      );
    }
  }

  /** Waits until the socket is closed. */
  async end(): Promise<{ code: number; reason: string }> {
    if (!this.closed) await once(this.ws, 'close', { signal: AbortSignal.timeout(WAIT_MS) });
    return this.closed ?? { code: 0, reason: '' };
  }

  /** Everything that `events` frames brought of a conversation, in order of arrival. */
  events(conversationId: string): { version: number; event?: Record<string, unknown> }[] {
    return this.frames.flatMap((frame) =>
      frame['events']?.['conversationId'] === conversationId
        ? (frame['events']['events'] as { version: number; event?: Record<string, unknown> }[])
        : [],
    );
  }

  versions(conversationId: string): number[] {
    return this.events(conversationId).map((event) => event.version);
  }
}
