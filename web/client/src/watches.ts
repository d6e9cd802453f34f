import type { ApiError } from '@parley/kernel';
import type { RecordedEvent } from './gen/parley/conversation/v1/events.js';
import type { ClientFrame, Events } from './gen/parley/gateway/v1/frames.js';
import type { Runtime } from './runtime.js';

/** A conversation that is followed. */
export interface Watch {
  /** Version of the last event that was delivered. */
  readonly version: number;
  stop(): void;
}

type Listener = (events: readonly RecordedEvent[]) => void;

const ASK_AGAIN_MS = 2_000;
const MAX_AHEAD = 2_000;

/** Delivers each event of a conversation once and in order, whatever order the frames come in. */
class FollowedConversation implements Watch {
  version: number;
  readonly #ahead = new Map<number, RecordedEvent>();
  #askedAfter = -1;
  #askTimer: unknown;

  constructor(
    afterVersion: number,
    private readonly runtime: Runtime,
    private readonly deliver: Listener,
    private readonly ask: (afterVersion: number) => void,
    readonly onStop: () => void,
  ) {
    this.version = afterVersion;
  }

  /** Asks for what comes after the last delivered version, and for all that is new from now on. */
  resume(): void {
    this.#askedAfter = this.version;
    this.ask(this.version);
  }

  receive(events: readonly RecordedEvent[]): void {
    for (const event of events) {
      const version = event.version ?? 0;
      if (version > this.version && this.#ahead.size < MAX_AHEAD) this.#ahead.set(version, event);
    }
    const ready: RecordedEvent[] = [];
    for (let next; (next = this.#ahead.get(this.version + 1));) {
      this.version++;
      this.#ahead.delete(this.version);
      ready.push(next);
    }
    if (this.#ahead.size > 0) this.#repair();
    else this.runtime.clearTimer(this.#askTimer);
    if (ready.length > 0) this.deliver(ready);
  }

  /** The gateway did not take the question. */
  askAgain(afterMs: number): void {
    this.runtime.clearTimer(this.#askTimer);
    this.#askTimer = this.runtime.setTimer(() => this.resume(), afterMs);
  }

  stop(): void {
    this.runtime.clearTimer(this.#askTimer);
    this.onStop();
  }

  #repair(): void {
    if (this.#askedAfter !== this.version) this.resume();
    this.runtime.clearTimer(this.#askTimer);
    this.#askTimer = this.runtime.setTimer(() => {
      this.#askedAfter = -1;
      this.#repair();
    }, ASK_AGAIN_MS);
  }
}

/** All conversations that a connection follows. */
export class Watches {
  readonly #followed = new Map<string, FollowedConversation>();

  constructor(
    private readonly runtime: Runtime,
    private readonly send: (frame: ClientFrame) => boolean,
  ) {}

  /** Follows a conversation from after a version on. Throws when it is followed already. */
  watch(conversationId: string, afterVersion: number, deliver: Listener): Watch {
    if (this.#followed.has(conversationId))
      throw new Error(`${conversationId} is watched already: stop that watch first, or share it.`);
    const followed = new FollowedConversation(
      afterVersion,
      this.runtime,
      deliver,
      (after) => this.send({ watch: { conversationId, afterVersion: after } }),
      () => {
        if (this.#followed.get(conversationId) !== followed) return;
        this.#followed.delete(conversationId);
        this.send({ unwatch: { conversationId } });
      },
    );
    this.#followed.set(conversationId, followed);
    followed.resume();
    return followed;
  }

  resume(): void {
    for (const followed of this.#followed.values()) followed.resume();
  }

  receive({ conversationId = '', events = [] }: Events): void {
    this.#followed.get(conversationId)?.receive(events);
  }

  /** True when the error is about a watch that the gateway takes a little later: it is asked for again then. */
  refused({ details: { violations = [], retryAfterMs } }: ApiError): boolean {
    const about = violations.find(({ field }) => field === 'watch.conversationId')?.description;
    const followed = this.#followed.get(about ?? '');
    if (!followed || retryAfterMs === undefined) return false;
    followed.askAgain(retryAfterMs);
    return true;
  }

  stopAll(): void {
    for (const followed of [...this.#followed.values()]) followed.stop();
  }
}
