export * from './binding.js';
export * from './call-span.js';
export { atEndOfTurn, connectBus, natsConnection } from './connect.js';
export { CONTEXT_HEADER, TRACE_HEADER, decodeContext, encodeContext } from './context.js';
export { newInbox } from './inbox.js';
export * from './kv.js';
export * from './status.js';
export * from './transport.js';
export type * from './types.js';
