export * from './clock.js';
export * from './context.js';
export * from './decider.js';
export * from './errors.js';
export * from './ids.js';
export * from './isolated.js';
export * from './retry.js';
