import { partitionOf } from '@parley/kernel';
import type { Replayed } from '../replay/readback.js';
import type { Installation } from './install.js';
import { refuseFewerPartitions } from './refusals.js';

/** What the chart has by default, which the proof leaves as it is until it raises it. */
const BEFORE = 4;
const AFTER = 8;

/** Twice as many partitions of the conversation log, by an upgrade; then that fewer are refused. */
export const raisePartitions = async (own: Installation): Promise<{ partitions: number }> => {
  await own.upgradeForGood(`partitions=${AFTER}`);
  await own.space.settled([own.nats]);
  await own.replaced();
  await refuseFewerPartitions(own, AFTER);
  return { partitions: AFTER };
};

/** How many of the chats are in partitions that were not there before; fails when there is none. */
export const inNewPartitions = (replayed: readonly Replayed[]): number => {
  const found = replayed.filter(({ conversationId }) => partitionOf(conversationId)! >= BEFORE).length;
  if (found === 0) throw new Error(`none of ${replayed.length} chats is in a partition beyond ${BEFORE - 1}`);
  return found;
};
