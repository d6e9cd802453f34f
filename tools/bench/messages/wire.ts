import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
/** Bit of a first byte: the message ends with this frame. */
const LAST = 0x80;
/** Bit of a second byte: a mask follows. */
const MASKED = 0x80;
const HEAD_END = '\r\n\r\n';

// What arrives is read out before the next thing is read: one place serves all sockets.
const arrived = Buffer.allocUnsafe(256 * 1024);

export interface WireListener {
  onText(text: string): void;
  /** Told once; the wire is of no use any more. */
  onEnd(reason: string): void;
}

/**
 * A WebSocket without the streams and buffers of a library: the load shares the cores with what is measured, and a library
 * costs it a third of its time. Knows what the gateway sends: whole text frames, pings and the close.
 */
export class Wire {
  private greeted = false;
  private ended = false;
  /** The beginning of a frame whose rest has not come. */
  private rest: Buffer = Buffer.alloc(0);
  private socket!: Socket;

  private constructor(
    private readonly listener: WireListener,
    private readonly onOpen: () => void,
  ) {}

  /** Resolves once the gateway has taken the socket; rejects when it does not. */
  static open(url: string, listener: WireListener): Promise<Wire> {
    const { hostname, port, pathname, host } = new URL(url);
    return new Promise((resolve, reject) => {
      const onEnd = (reason: string): void => {
        reject(new Error(reason));
        listener.onEnd(reason);
      };
      const wire = new Wire({ onText: (text) => listener.onText(text), onEnd }, () => resolve(wire));
      const onread = {
        buffer: arrived,
        callback: (bytes: number) => {
          wire.read(arrived.subarray(0, bytes));
          return true;
        },
      };
      wire.socket = connect({ host: hostname, port: Number(port), noDelay: true, onread });
      wire.socket.on('error', (error) => wire.end(error.message));
      wire.socket.on('close', () => wire.end('closed'));
      wire.socket.write(
        [
          `GET ${pathname} HTTP/1.1`,
          `Host: ${host}`,
          'Connection: Upgrade',
          'Upgrade: websocket',
          'Sec-WebSocket-Version: 13',
          `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        ].join('\r\n') + HEAD_END,
      );
    });
  }

  send(text: string): void {
    this.write(TEXT, text);
  }

  /** Says goodbye; the listener is told nothing more. */
  close(): void {
    this.ended = true;
    this.write(CLOSE, '');
    this.socket.end();
  }

  private end(reason: string): void {
    if (this.ended) return;
    this.ended = true;
    this.socket.destroy();
    this.listener.onEnd(reason);
  }

  private write(opcode: number, text: string): void {
    const length = Buffer.byteLength(text);
    if (length > 0xffff) throw new Error(`a frame of ${length} bytes is too long for the bench`);
    const head = length < 126 ? 6 : 8;
    const frame = Buffer.allocUnsafe(head + length);
    frame[0] = LAST | opcode;
    frame[1] = MASKED | (length < 126 ? length : 126);
    if (length >= 126) frame.writeUInt16BE(length, 2);
    // A mask of zeros changes nothing.
    frame.writeUInt32BE(0, head - 4);
    frame.write(text, head);
    this.socket.write(frame);
  }

  private read(chunk: Buffer): void {
    const data = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    let at = this.greeted ? 0 : this.readGreeting(data);
    while (!this.ended && at < data.length) {
      const next = this.readFrame(data, at);
      if (next === undefined) break;
      at = next;
    }
    // Out of the place that the next read overwrites.
    this.rest = at < data.length ? Buffer.from(data.subarray(at)) : Buffer.alloc(0);
  }

  private readGreeting(data: Buffer): number {
    const end = data.indexOf(HEAD_END);
    if (end < 0) return 0;
    const status = data.toString('latin1', 0, data.indexOf('\r'));
    if (status.split(' ')[1] !== '101') this.end(status);
    this.greeted = true;
    this.onOpen();
    return end + HEAD_END.length;
  }

  /** Reads the frame that begins here; returns where it ends, or undefined when not all of it has come. */
  private readFrame(data: Buffer, at: number): number | undefined {
    const short = data[at + 1];
    if (!this.greeted || short === undefined) return undefined;
    // Of the longer ones no whole frame is shorter than its longest head.
    if (short > 125 && data.length < at + 10) return undefined;
    const opcode = data[at]! & 0x0f;
    let from = at + 2;
    let length = short;
    if (short === 126) {
      length = data.readUInt16BE(from);
      from += 2;
    } else if (short === 127) {
      length = Number(data.readBigUInt64BE(from));
      from += 8;
    }
    const end = from + length;
    if (end > data.length) return undefined;
    if (opcode === TEXT) this.listener.onText(data.toString('utf8', from, end));
    else if (opcode === PING) this.write(PONG, data.toString('utf8', from, end));
    else if (opcode === CLOSE) this.end(`closed with ${length >= 2 ? data.readUInt16BE(from) : 'no code'}`);
    else if (opcode !== PONG) this.end(`frame of kind ${opcode}`);
    return end;
  }
}
