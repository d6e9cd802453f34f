export { concerning, type Concern } from './log-context.js';
export * from './logger.js';
export * from './metric-names.js';
export * from './metrics.js';
export * from './span-attributes.js';
export * from './tracing.js';
export * from './version.js';
