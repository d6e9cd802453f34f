export * from './gen/parley/presence/v1/presence.js';
