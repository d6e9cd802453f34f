import type { NatsConnection, PublishOptions } from '@nats-io/transport-node';

interface Item {
  readonly subject: string;
  readonly body: Uint8Array;
  readonly options: PublishOptions | undefined;
  readonly onFailure: ((error: unknown) => void) | undefined;
}

/**
 * Publishes in order, at the end of the turn of the event loop: the client writes to its socket after every step of a
 * turn, and a write costs more than what is written. So all that a turn brings shares one.
 */
export class Outgoing {
  private waiting: Item[] = [];
  private work: (() => void)[] = [];
  private scheduled = false;

  constructor(private readonly nc: NatsConnection) {}

  /** `onFailure` hears, later, that it cannot be sent; without it such a message is lost as others on the way are. */
  publish(
    subject: string,
    body: Uint8Array,
    options?: PublishOptions,
    onFailure?: (error: unknown) => void,
  ): void {
    this.waiting.push({ subject, body, options, onFailure });
    this.schedule();
  }

  /** Runs `work` at the end of the turn; what it hands to the client leaves in the same write. */
  atEndOfTurn(work: () => void): void {
    this.work.push(work);
    this.schedule();
  }

  /** Hands over what waits, now. */
  readonly flush = (): void => {
    this.scheduled = false;
    for (const work of this.work.splice(0)) work();
    for (const { subject, body, options, onFailure } of this.waiting.splice(0)) {
      try {
        this.nc.publish(subject, body, options);
      } catch (error) {
        onFailure?.(error);
      }
    }
  };
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(this.flush);
  }
}
