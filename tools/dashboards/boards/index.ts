import type { BoardSpec } from '../panels.js';
import { gateways } from './gateways.js';
import { live } from './live.js';
import { log } from './log.js';
import { notifications } from './notifications.js';
import { routing } from './routing.js';
import { services } from './services.js';

/** Every dashboard, in the order in which one looks at them. */
export const boards: readonly BoardSpec[] = [live, routing, services, log, gateways, notifications];
