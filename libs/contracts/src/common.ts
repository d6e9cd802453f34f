export * from './gen/parley/common/v1/common.js';
