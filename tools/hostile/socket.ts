import { WebSocket } from 'ws';
import { assertNoLeak, type Audience } from './leaks.js';
import { errorOutcome, okOutcome, type Outcome } from './outcome.js';
import { eventually } from './suite.js';

/** A frame of the gateway: one member, named after its kind. */
export type Frame = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A raw socket: sends anything, keeps every frame that came, and checks each for leaks. */
export class Socket {
  readonly frames: Frame[] = [];
  /** What a frame held that this audience may not see. */
  leak: Error | undefined;
  closeCode: number | undefined;
  private readonly replies = new Map<number, (outcome: Outcome) => void>();
  private nextId = 1;

  private constructor(
    readonly ws: WebSocket,
    private readonly audience: Audience,
  ) {
    ws.on('message', (data: Buffer) => this.onMessage(data.toString('utf8')));
    ws.on('close', (code) => (this.closeCode = code));
    ws.on('error', () => undefined);
  }

  /** A connected socket that has said nothing yet. */
  static async open(
    httpUrl: string,
    audience: Audience,
    headers: Record<string, string> = {},
  ): Promise<Socket> {
    const ws = new WebSocket(`${httpUrl.replace(/^http/, 'ws')}/ws`, { headers, maxPayload: 1 << 26 });
    const socket = new Socket(ws, audience);
    await new Promise<void>((resolve, reject) => ws.once('open', () => resolve()).once('error', reject));
    return socket;
  }

  /** A socket that has been welcomed. */
  static async greet(httpUrl: string, token: string, audience: Audience): Promise<Socket> {
    const socket = await Socket.open(httpUrl, audience);
    socket.send({ hello: { protocolVersion: 1, token } });
    await socket.next('welcome');
    return socket;
  }

  send(frame: object | string | Buffer): void {
    this.ws.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  call(method: string, request: object): Promise<Outcome> {
    const id = this.nextId++;
    const reply = new Promise<Outcome>((resolve) => this.replies.set(id, resolve));
    this.send({ call: { id, method, request } });
    return reply.then((outcome) => {
      if (this.leak) throw this.leak;
      return outcome;
    });
  }

  /** The first frame of a kind after `from` frames; waits for it. */
  async next(kind: string, from = 0): Promise<Readonly<Record<string, unknown>>> {
    const frame = await eventually(`a frame ${kind}`, () => {
      if (this.leak) throw this.leak;
      return this.frames.slice(from).find((each) => each[kind]);
    });
    return frame[kind] ?? {};
  }

  /** Sends, and returns the error frame that answers it. */
  async refusal(frame: object | string | Buffer): Promise<Outcome> {
    const from = this.frames.length;
    this.send(frame);
    return errorOutcome(await this.next('error', from));
  }

  /** Resolves once everything sent before has been handled: a ping comes back. */
  async settle(): Promise<void> {
    const from = this.frames.length;
    this.send({ ping: {} });
    await this.next('pong', from);
  }

  closed(withinMs = 20_000): Promise<number> {
    return eventually('the socket is closed', () => this.closeCode, withinMs);
  }

  close(): void {
    this.ws.terminate();
  }

  private onMessage(text: string): void {
    try {
      assertNoLeak(this.audience, text);
    } catch (error) {
      this.leak = error instanceof Error ? error : new Error(String(error));
    }
    const frame = JSON.parse(text) as Frame;
    const { reply } = frame;
    if (!reply) {
      this.frames.push(frame);
      return;
    }
    const outcome = reply['error']
      ? errorOutcome(reply['error'])
      : okOutcome((reply['response'] ?? {}) as Record<string, unknown>);
    this.replies.get(reply['id'] as number)?.(outcome);
    this.replies.delete(reply['id'] as number);
  }
}
