export * from './gen/parley/log/v1/log.js';
