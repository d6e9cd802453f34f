import { messageSchemas, type conversation, type Method } from '@parley/contracts';
import { failedPrecondition, notFound, resourceExhausted } from '@parley/kernel';
import type { Caller, ToApiError } from '../edge/call.js';
import type { Invoker } from '../edge/invoke.js';
import { observed } from '../edge/observe.js';
import { replyErrorFrame, replyFrame } from './frames.js';
import { MOST_WAITING, type SocketPort } from './port.js';

/** Calls of one socket that may be under way or waiting their turn. */
const MOST_AT_ONCE = 32;
const START = 'parley.conversation.v1.ConversationService/StartConversation';

/** Carries out the calls of one socket: in order within a conversation, side by side otherwise. */
export class Calls {
  private underWay = 0;
  private readonly tails = new Map<string, Promise<void>>();
  private onIdle: (() => void) | undefined;
  constructor(
    private readonly invoker: Pick<Invoker, 'method' | 'invokeJson'>,
    private readonly socket: SocketPort,
    private readonly caller: (method: Method) => Caller,
    private readonly toApiError: ToApiError,
    /** Told of the conversation that a call began or found open, before the reply is sent. */
    private readonly onStarted: (conversationId: string) => void,
  ) {}

  /** Calls that have not been answered. */
  get pending(): number {
    return this.underWay;
  }

  /** Runs `then` once no call is under way. */
  whenIdle(then: () => void): void {
    if (this.underWay === 0) then();
    else this.onIdle = then;
  }

  /** Carries out a call and sends its reply. */
  run(id: number, path: string, request: Readonly<Record<string, unknown>>): void {
    if (this.underWay >= MOST_AT_ONCE) {
      const message = `${MOST_AT_ONCE} calls of this socket are under way: wait for a reply`;
      this.socket.send(
        replyErrorFrame(id, resourceExhausted('TOO_MANY_CALLS', message, { retryAfterMs: 100 })),
      );
      return;
    }
    this.underWay++;
    const key = typeof request['conversationId'] === 'string' ? request['conversationId'] : undefined;
    const before = key === undefined ? undefined : this.tails.get(key);
    const turn = before
      ? before.then(() => this.carryOut(id, path, request))
      : this.carryOut(id, path, request);
    if (key === undefined) return;
    this.tails.set(key, turn);
    void turn.then(() => {
      if (this.tails.get(key) === turn) this.tails.delete(key);
    });
  }

  /** Never rejects: what goes wrong is the reply. */
  private async carryOut(
    id: number,
    path: string,
    request: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    let reply: string;
    try {
      const method = this.invoker.method(path);
      reply = await observed('socket', method, async () => {
        if (!method)
          throw notFound(
            'NO_SUCH_METHOD',
            `there is no method ${path}: name one like parley.x.v1.XService/Method`,
          );
        const response = await this.invoker.invokeJson(method, request, this.caller(method));
        if (path === START)
          this.onStarted((response as conversation.StartConversationResponse).conversationId);
        const frame = replyFrame(id, method.responseType.toJSON(response));
        if (isWhole(method, request) && Buffer.byteLength(frame) > MOST_WAITING) throw tooLarge();
        return frame;
      });
    } catch (error) {
      reply = replyErrorFrame(id, this.toApiError(error));
    }
    this.underWay--;
    this.socket.send(reply);
    if (this.underWay === 0) this.onIdle?.();
  }
}

/** True where an answer could come in parts, and all at once was asked for. */
const isWhole = (method: Method, request: Readonly<Record<string, unknown>>): boolean =>
  (messageSchemas[method.request] ?? []).some(({ name }) => name === 'maxBytes') &&
  Number(request['maxBytes'] ?? 0) === 0;

/** Whatever came next would find so much waiting that the socket is taken for a slow reader's and closed. */
const tooLarge = () =>
  failedPrecondition(
    'TRANSCRIPT_TOO_LARGE',
    `This is more than ${MOST_WAITING >> 20} MB, the most that a socket answers at once: ask for it in parts, with maxBytes, each with the nextAfterVersion of the one before as afterVersion, or over HTTP or gRPC.`,
  );
