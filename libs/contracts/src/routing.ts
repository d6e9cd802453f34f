export * from './gen/parley/routing/v1/events.js';
export * from './gen/parley/routing/v1/service.js';
