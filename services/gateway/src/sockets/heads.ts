import type { Client } from '@parley/contracts';
import { partitionOf, type Clock } from '@parley/kernel';
import type { Bus } from '@parley/messaging';
import { systemContext } from '../edge/call.js';
import type { Feeds } from './feeds.js';

const EVERY_MS = 5000;
/** Most ids in one request, by its contract. */
const BATCH = 2000;

export interface HeadsOptions {
  readonly feeds: Feeds;
  readonly conversations: Pick<Client<'parley.conversation.v1.ConversationInternalService'>, 'getHeads'>;
  readonly bus: Pick<Bus, 'onConnection'>;
  readonly clock: Clock;
}

/**
 * Asks the owners every 5 s, and whenever the connection is back, how far the watched conversations are: a lost last
 * message leaves no gap by which anybody would notice. Returns what ends it.
 */
export const startHeadChecks = ({ feeds, conversations, bus, clock }: HeadsOptions): (() => void) => {
  let running = false;
  const check = async (): Promise<void> => {
    if (running) return;
    running = true;
    const batches = batchesOf(feeds);
    await Promise.allSettled(
      batches.map(async ({ tenant, partition, ids }) => {
        const context = systemContext(tenant, clock.now() + EVERY_MS);
        const { heads } = await conversations.getHeads({ partition, conversationIds: ids }, context);
        for (const [id, head] of Object.entries(heads)) feeds.repair(tenant, id, head);
      }),
    );
    running = false;
  };
  const timer = setInterval(() => void check(), EVERY_MS);
  bus.onConnection((connected) => {
    if (connected) void check();
  });
  return () => clearInterval(timer);
};

interface Batch {
  readonly tenant: string;
  readonly partition: number;
  readonly ids: string[];
}

const batchesOf = (feeds: Feeds): Batch[] => {
  const open = new Map<string, Batch>();
  const full: Batch[] = [];
  for (const { tenant, id } of feeds.all()) {
    const partition = partitionOf(id);
    if (partition === undefined) continue;
    const key = `${tenant}/${partition}`;
    let batch = open.get(key);
    if (!batch) open.set(key, (batch = { tenant, partition, ids: [] }));
    batch.ids.push(id);
    if (batch.ids.length < BATCH) continue;
    full.push(batch);
    open.delete(key);
  }
  return [...full, ...open.values()];
};
