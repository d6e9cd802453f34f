import type { RecordedEvent } from '../gen/parley/conversation/v1/events.js';
import type { ClientFrame, ServerFrame } from '../gen/parley/gateway/v1/frames.js';
import type { SocketLike } from '../runtime.js';
import { type ManualRuntime, manualRuntime } from './manual-runtime.js';

/**
 * What the network does to a frame. `cut` loses it and the socket; a lost frame of the client is always a cut, as a
 * socket that lives loses nothing (a gateway's live fan-out may).
 */
export type Fault = 'none' | 'drop' | 'duplicate' | 'late' | 'cut';

interface Socket extends SocketLike {
  open: boolean;
  watching: Set<string>;
}

interface Log {
  events: RecordedEvent[];
  clientSeq: number;
  versions: Map<string, number>;
}

/** A gateway with its logs in memory, behind a network that does to the n-th frame what the n-th fault says. */
export class SimulatedGateway {
  readonly runtime: ManualRuntime;
  readonly received: ClientFrame[] = [];
  readonly #logs = new Map<string, Log>();
  readonly #sockets = new Set<Socket>();
  #faults: Fault[] = [];
  /** Answers the next calls with this error. */
  refuse: ((call: NonNullable<ClientFrame['call']>) => ServerFrame['error']) | undefined;
  #watchRefusal: ServerFrame['error'];
  readonly rejectTokens = new Set<string>();
  /** Takes everything and answers nothing. */
  silent = false;

  constructor() {
    this.runtime = manualRuntime(() => this.#accept());
  }

  inject(faults: readonly Fault[]): void {
    this.#faults = [...faults];
  }

  /** Answers the next watch with this error. */
  refuseWatch(error: NonNullable<ServerFrame['error']>): void {
    this.#watchRefusal = error;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  events(conversationId: string): readonly RecordedEvent[] {
    return this.#log(conversationId).events;
  }

  texts(conversationId: string): string[] {
    return this.events(conversationId).map((entry) => entry.event?.messageSent?.text?.text ?? '');
  }

  append(conversationId: string, messageId: string, text: string, clientSeq = 0): number {
    const log = this.#log(conversationId);
    const known = log.versions.get(messageId);
    if (known) return known;
    const version = log.events.length + 1;
    const event = { version, event: { messageSent: { messageId, text: { text }, clientSeq } } };
    log.events.push(event);
    log.versions.set(messageId, version);
    for (const socket of this.#sockets)
      if (socket.watching.has(conversationId))
        this.#transmit(socket, () => this.#deliver(socket, { events: { conversationId, events: [event] } }));
    return version;
  }

  /** Sends a frame to every socket, without faults. */
  broadcast(frame: ServerFrame): void {
    for (const socket of [...this.#sockets]) this.#deliver(socket, frame);
  }

  cutAll(): void {
    for (const socket of [...this.#sockets]) this.#cut(socket);
  }

  #log(conversationId: string): Log {
    const log = this.#logs.get(conversationId) ?? { events: [], clientSeq: 0, versions: new Map() };
    this.#logs.set(conversationId, log);
    return log;
  }

  #accept(): Socket {
    const socket: Socket = {
      open: true,
      watching: new Set(),
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      send: (data) =>
        this.#transmit(
          socket,
          () => {
            if (socket.open) this.#handle(socket, JSON.parse(data) as ClientFrame);
          },
          'cut',
        ),
      close: () => this.#cut(socket),
    };
    this.#sockets.add(socket);
    this.runtime.setTimer(() => socket.onopen?.({} as never), 1);
    return socket;
  }

  #transmit(socket: Socket, arrive: () => void, lost: Fault = 'drop'): void {
    const next = this.#faults.shift() ?? 'none';
    const fault = next === 'drop' ? lost : next;
    if (fault === 'drop') return;
    if (fault === 'cut') return void this.runtime.setTimer(() => this.#cut(socket), 1);
    this.runtime.setTimer(arrive, fault === 'late' ? 40 : 5);
    if (fault === 'duplicate') this.runtime.setTimer(arrive, 7);
  }

  #cut(socket: Socket): void {
    if (!socket.open) return;
    socket.open = false;
    this.#sockets.delete(socket);
    socket.onclose?.({} as never);
  }

  #deliver(socket: Socket, frame: ServerFrame): void {
    if (socket.open && !this.silent) socket.onmessage?.({ data: JSON.stringify(frame) } as never);
  }

  #send(socket: Socket, frame: ServerFrame): void {
    this.#transmit(socket, () => this.#deliver(socket, frame));
  }

  #handle(socket: Socket, frame: ClientFrame): void {
    this.received.push(frame);
    if (frame.hello) {
      if (this.rejectTokens.has(frame.hello.token ?? ''))
        this.#send(socket, { error: { code: 16, message: 'Token expired.', close: true } });
      else this.#send(socket, { welcome: { protocolVersion: 1, pingIntervalMs: 20_000 } });
    } else if (frame.ping) this.#send(socket, { pong: {} });
    else if (frame.watch) {
      const { conversationId = '', afterVersion = 0 } = frame.watch;
      const error = this.#watchRefusal;
      this.#watchRefusal = undefined;
      if (error) return this.#send(socket, { error });
      socket.watching.add(conversationId);
      const events = this.events(conversationId).slice(afterVersion);
      if (events.length > 0) this.#send(socket, { events: { conversationId, events } });
    } else if (frame.unwatch) socket.watching.delete(frame.unwatch.conversationId ?? '');
    else if (frame.call) this.#send(socket, { reply: { id: frame.call.id, ...this.#answer(frame.call) } });
  }

  #answer(call: NonNullable<ClientFrame['call']>): { response?: object; error?: ServerFrame['error'] } {
    const error = this.refuse?.(call);
    if (error) return { error };
    const request = call.request as {
      conversationId: string;
      messageId: string;
      text: string;
      clientSeq: number;
    };
    const log = this.#log(request.conversationId);
    if (call.method?.endsWith('/GetConversation'))
      // The other party's count is none of the sender's business.
      return { response: { conversation: { visitorClientSeq: 7, ownClientSeq: log.clientSeq } } };
    if (log.versions.has(request.messageId))
      return { response: { version: log.versions.get(request.messageId) } };
    if (request.clientSeq !== log.clientSeq + 1)
      return { error: { code: 9, message: `The next count is ${log.clientSeq + 1}.` } };
    log.clientSeq++;
    return {
      response: {
        version: this.append(request.conversationId, request.messageId, request.text, request.clientSeq),
      },
    };
  }
}
