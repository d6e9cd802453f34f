export { emptyEnvelope, foldCommits, type FoldOptions } from './aggregate.js';
export { createConsumer, type ConsumerOptions } from './consumer.js';
export { openEventLog, type OpenEventLogOptions } from './log.js';
export { LogLossError, type Loss } from './loss.js';
export { joinMembership, listMembers, type MembershipOptions } from './membership.js';
export { createOwner } from './owner.js';
export {
  announcePositions,
  readPositions,
  type AnnounceOptions,
  type Announcer,
  type Position,
  type Positions,
} from './positions.js';
export { PartitionCount } from './partition-count.js';
export { deleteProgress } from './progress.js';
export { pausePurges } from './purge-pause.js';
export { lastVersion } from './seek.js';
export {
  deleteStream,
  listLogStreams,
  restoreStream,
  snapshotStream,
  type StreamDescription,
} from './snapshots.js';
export { commitAttributes, openAppend } from './spans.js';
export { createTimers, type Timers, type TimersOptions } from './timers.js';
export * from './types.js';
export { joinConsumerGroup, type ConsumerGroupOptions, type GroupConsumer } from './group.js';
