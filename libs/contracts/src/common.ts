export * from './gen/parley/common/v1/common.js';
export * from './gen/parley/common/v1/status.js';
