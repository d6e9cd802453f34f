import type { Connection } from '@parley/client';
import { type Range, rangeOf } from './availability.js';
import type { ChatState } from './state.js';
import type { Thread } from './thread-types.js';

const EVERY_MS = 8_000;

/** A conversation that waits, over a connection. */
interface Waiting {
  readonly connection: Connection;
  readonly conversationId: string;
}

/** Keeps asking for the visitor's place in line while they wait. */
export class PlaceInLine {
  /** `waiting`: undefined while nobody waits. */
  constructor(
    private readonly waiting: () => Waiting | undefined,
    private readonly show: (place: number, wait: Range | undefined) => void,
  ) {
    setInterval(() => void this.ask(), EVERY_MS);
  }

  /** Asks now; does nothing while nobody waits or there is no connection. */
  async ask(): Promise<void> {
    const { connection, conversationId } = this.waiting() ?? {};
    if (connection?.state !== 'online' || !conversationId) return;
    try {
      const method = 'parley.routing.v1.RoutingService/GetQueuePosition';
      const { position = 0, estimate } = await connection.call(
        method,
        { conversationId },
        { timeoutMs: EVERY_MS },
      );
      if (this.waiting()?.conversationId === conversationId) this.show(position, rangeOf(estimate));
    } catch {
      // The next round asks again; until then the last known place stays.
    }
  }
}

/** What is shown of waiting after events: what they told, nothing once it is over. */
export const waitingIn = (before: Thread, { status, wait }: Thread): Partial<ChatState> => {
  if (status !== 'queued') return { position: 0, wait: undefined };
  if (!wait || wait === before.wait) return {};
  const { position, low, high } = wait;
  return { position, wait: rangeOf({ lowSeconds: low, highSeconds: high }) };
};
