export * from './gen/parley/analytics/v1/analytics.js';
