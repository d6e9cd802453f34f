export * from './gen/parley/gateway/v1/events.js';
export * from './gen/parley/gateway/v1/service.js';
export * from './gen/parley/gateway/v1/frames.js';
