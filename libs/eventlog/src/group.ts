import type { Bus } from '@parley/messaging';
import { type Announcer, announcePositions } from './positions.js';
import { createConsumer, type ConsumerOptions } from './consumer.js';
import { joinMembership } from './membership.js';
import type { Consumer, Membership } from './types.js';

export interface ConsumerGroupOptions extends ConsumerOptions {
  readonly bus: Bus;
  /** Unique among the running instances. */
  readonly instanceId?: string;
  readonly replicas?: number;
}

/** A consumer whose partitions are shared with the other instances of its group. */
export interface GroupConsumer {
  readonly consumer: Consumer;
  readonly membership: Membership;
  /** Lets the partitions go, so that others take them over; what is under way is finished and its place stored. */
  stop(): Promise<void>;
}

/**
 * Joins the group that is named after the projection, runs the partitions that fall to this instance, and announces
 * how far it has come, which the purge of closed conversations waits for.
 */
export const joinConsumerGroup = async (options: ConsumerGroupOptions): Promise<GroupConsumer> => {
  const { bus, log, projection, instanceId, replicas, logger } = options;
  const consumer = createConsumer(options);
  const membership = await joinMembership({
    bus,
    group: projection.name,
    partitions: () => log.refresh(),
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(logger ? { logger } : {}),
  });
  membership.onChange(async (gained, lost) => {
    await Promise.all(lost.map((partition) => consumer.stop(partition)));
    await Promise.all(gained.map((partition) => consumer.start(partition)));
  });
  const announcer: Announcer = await announcePositions({
    bus,
    log: log.name,
    name: projection.name,
    consumer,
    ...(replicas === undefined ? {} : { replicas }),
    ...(logger ? { logger } : {}),
  });
  return {
    consumer,
    membership,
    stop: async () => {
      await announcer.stop();
      await membership.leave();
      await consumer.stopAll();
    },
  };
};
