export { emptyEnvelope, foldCommits, type FoldOptions } from './aggregate.js';
export { lastVersion, openEventLog, type OpenEventLogOptions } from './log.js';
export { createOwner } from './owner.js';
export * from './types.js';
