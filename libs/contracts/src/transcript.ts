export * from './gen/parley/transcript/v1/transcript.js';
