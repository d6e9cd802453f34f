export * from './mongodb.js';
export * from './eventually.js';
export * from './nats.js';
export * from './nats-cluster.js';
export { freePort } from './nats-server.js';
export * from './chats.js';
export * from './gateway.js';
export * from './given.js';
export * from './histories.js';
