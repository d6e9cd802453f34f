export * from './mongodb.js';
export * from './eventually.js';
export * from './nats.js';
