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

  constructor(private readonly nc: NatsConnection) {}

  /** `onFailure` hears, later, that it cannot be sent; without it such a message is lost as others on the way are. */
  publish(
    subject: string,
    body: Uint8Array,
    options?: PublishOptions,
    onFailure?: (error: unknown) => void,
  ): void {
    if (this.waiting.push({ subject, body, options, onFailure }) === 1) setImmediate(this.flush);
  }

  /** Hands over what waits, now. */
  readonly flush = (): void => {
    for (const { subject, body, options, onFailure } of this.waiting.splice(0)) {
      try {
        this.nc.publish(subject, body, options);
      } catch (error) {
        onFailure?.(error);
      }
    }
  };
}
