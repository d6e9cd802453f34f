import { runService } from '@parley/service';
import { gatewayConfig } from './config.js';
import { buildGateway } from './wiring/main.js';

await runService({ name: 'gateway', config: gatewayConfig, build: buildGateway });
