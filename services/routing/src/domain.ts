/** The routing engine: commands and a time in, events out. Nothing here waits, reads a clock or draws lots. */
export { failsafeMs } from './domain/chats.js';
export type { Command } from './domain/commands.js';
export { decide, ENGINE_VERSION } from './domain/decide.js';
export { conversationOfOffer } from './domain/decide-offers.js';
export { evolve } from './domain/evolve.js';
export { explainWaiting } from './domain/explain-waiting.js';
export type { Ports } from './domain/ports.js';
export { restoreSnapshot, takeSnapshot } from './domain/snapshot.js';
export type { Snapshot } from './domain/snapshot-records.js';
export {
  DEFAULT_CAPACITY,
  emptyState,
  nextDueAt,
  type Agent,
  type Assignment,
  type Chat,
  type RoutingState,
  type TeamEntry,
} from './domain/state.js';
export {
  agentState,
  listAgents,
  listQueues,
  offersOf,
  offerView,
  position,
  queueState,
  staffState,
  totals,
} from './domain/views.js';
