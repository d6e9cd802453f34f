import '@parley/telemetry/preload';
