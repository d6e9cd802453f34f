import type { Bus, BusSubscription } from '@parley/messaging';

type Listener = (data: Uint8Array, subject: string) => void;

/** Subscriptions shared by the sockets of this gateway: one for each subject, as long as anybody listens. */
export class Topics {
  private readonly topics = new Map<string, { subscription: BusSubscription; listeners: Set<Listener> }>();
  constructor(private readonly bus: Pick<Bus, 'subscribe'>) {}

  /** Listens from now on; returns what ends it. The subscription is in force after the bus was flushed. */
  join(subject: string, listener: Listener): () => void {
    let topic = this.topics.get(subject);
    if (!topic) {
      const listeners = new Set<Listener>();
      const subscription = this.bus.subscribe(subject, (message) => {
        for (const each of listeners) each(message.data, message.subject);
      });
      this.topics.set(subject, (topic = { subscription, listeners }));
    }
    const { listeners, subscription } = topic;
    listeners.add(listener);
    return () => {
      if (!listeners.delete(listener) || listeners.size > 0) return;
      subscription.unsubscribe();
      this.topics.delete(subject);
    };
  }
}
