import { preload } from '@parley/telemetry/preload';

await preload('gateway');
