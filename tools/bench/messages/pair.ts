import type { events } from '@parley/client';
import type { RawSocket } from './socket.js';

/** What one side of a chat was sent: every version must come once and in order. */
class Side {
  private lastVersion = 0;
  /** Messages shown, by id. */
  private readonly shown = new Set<string>();
  private readonly waiting = new Map<string, () => void>();
  /** Versions that were missing, came again or came out of order. */
  irregular = 0;

  readonly take = (batch: readonly events.RecordedEvent[]): void => {
    for (const { version = 0, event } of batch) {
      if (version !== this.lastVersion + 1) this.irregular++;
      this.lastVersion = Math.max(this.lastVersion, version);
      const id = event?.messageSent?.messageId;
      if (!id) continue;
      if (this.shown.has(id)) this.irregular++;
      this.shown.add(id);
      this.waiting.get(id)?.();
      this.waiting.delete(id);
    }
  };

  /** Resolves once the message is shown; immediately when it is already. */
  whenShown(id: string): Promise<void> {
    if (this.shown.has(id)) return Promise.resolve();
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  has(id: string): boolean {
    return this.shown.has(id);
  }
}

/** Texts between some words and a few sentences, as people write. */
const TEXTS = [
  'Hello, is the two-person tent still in stock?',
  'Yes, in green and in sand. Which one would you like?',
  'Thanks!',
  'The order number is 4711-0815. It should have been here on Tuesday, but the tracking page has not changed since then.',
  'I am sorry about that. Let me look it up: the parcel left our warehouse on Monday evening and is waiting at the depot. I have asked them to bring it tomorrow, and you will get a message with the hour.',
];

/** A visitor and an agent who talk; messages go in turns, first the visitor's. */
export class Pair {
  private readonly sides = { visitor: new Side(), agent: new Side() };
  // The visitor's first message opened the chat.
  private readonly said = { visitor: 1, agent: 0 };
  private readonly ids: string[] = [];

  constructor(
    private readonly name: string,
    private readonly conversationId: string,
    private readonly sockets: { readonly visitor: RawSocket; readonly agent: RawSocket },
  ) {
    for (const who of ['visitor', 'agent'] as const) {
      sockets[who].onEvents = (id, batch) => {
        if (id === conversationId) this.sides[who].take(batch);
      };
      sockets[who].watch(conversationId);
    }
  }

  /**
   * Sends the next message. Resolves once it was acknowledged as durable and shown to the other side, with when it was
   * shown there, in ms of performance.now().
   */
  async exchange(): Promise<number> {
    const turn = this.ids.length;
    const id = `${this.name}-${turn}`;
    this.ids.push(id);
    const [from, to] = turn % 2 === 0 ? (['visitor', 'agent'] as const) : (['agent', 'visitor'] as const);
    let shownAt = 0;
    await Promise.all([
      this.sides[to].whenShown(id).then(() => (shownAt = performance.now())),
      this.sockets[from].call('parley.conversation.v1.ConversationService/SendMessage', {
        conversationId: this.conversationId,
        messageId: id,
        text: TEXTS[turn % TEXTS.length],
        clientSeq: ++this.said[from],
      }),
    ]);
    return shownAt;
  }

  /** What either side was not shown, and what came irregularly. */
  faults(): number {
    const missing = this.ids.filter((id) => !this.sides.visitor.has(id) || !this.sides.agent.has(id)).length;
    return missing + this.sides.visitor.irregular + this.sides.agent.irregular;
  }

  get messages(): number {
    return this.ids.length;
  }

  close(): void {
    this.sockets.visitor.close();
    this.sockets.agent.close();
  }
}
