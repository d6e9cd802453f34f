export * from './gen/parley/conversation/v1/events.js';
export * from './gen/parley/conversation/v1/service.js';
