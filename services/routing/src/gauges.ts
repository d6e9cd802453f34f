import type { Clock } from '@parley/kernel';
import type { Metrics } from '@parley/telemetry';
import { totals, type RoutingState } from './domain.js';

/** Beyond this without an agent's acknowledgement, a chat counts as unacknowledged. */
const UNACKNOWLEDGED_MS = 60_000;

/** Sets the gauges of routing to the sums over these domains. */
export const showGauges = (states: readonly RoutingState[], metrics: Metrics, clock: Clock): void => {
  const now = clock.now();
  const sums = { waiting: 0, offers: 0, active: 0, unacknowledged: 0, overCapacity: 0 };
  for (const state of states) {
    const each = totals(state, now, UNACKNOWLEDGED_MS);
    sums.waiting += each.waiting;
    sums.offers += each.offers;
    sums.active += each.active;
    sums.unacknowledged += each.unacknowledged;
    sums.overCapacity += each.overCapacity;
  }
  metrics.gauge('routingWaiting').set(sums.waiting);
  metrics.gauge('routingOffers').set(sums.offers);
  metrics.gauge('routingActive').set(sums.active);
  metrics.gauge('routingUnacknowledged').set(sums.unacknowledged);
  metrics.gauge('routingOverCapacity').set(sums.overCapacity);
};
