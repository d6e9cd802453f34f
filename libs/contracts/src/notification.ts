export * from './gen/parley/notification/v1/notification.js';
