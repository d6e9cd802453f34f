import { routing } from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import type { Metrics } from '@parley/telemetry';
import { totals, type RoutingState } from './domain.js';
import type { EstimateQuality } from './estimating.js';

/** Beyond this without an agent's acknowledgement, a chat counts as unacknowledged. */
const UNACKNOWLEDGED_MS = 60_000;
/** What is due is carried out within milliseconds; after this long something is wrong. */
const LATE_MS = 5_000;

/** Sets the gauges of routing to the sums over these domains. */
export const showGauges = (states: readonly RoutingState[], metrics: Metrics, clock: Clock): void => {
  const now = clock.now();
  const sums = { waiting: 0, offers: 0, active: 0, unacknowledged: 0, overCapacity: 0 };
  let unheeded = 0;
  let unstaffed = 0;
  for (const state of states) {
    const each = totals(state, now, UNACKNOWLEDGED_MS);
    sums.waiting += each.waiting;
    sums.offers += each.offers;
    sums.active += each.active;
    sums.unacknowledged += each.unacknowledged;
    sums.overCapacity += each.overCapacity;
    unheeded += unheededIn(state, now);
    unstaffed += unstaffedIn(state);
  }
  metrics.gauge('routingWaiting').set(sums.waiting);
  metrics.gauge('routingOffers').set(sums.offers);
  metrics.gauge('routingActive').set(sums.active);
  metrics.gauge('routingUnacknowledged').set(sums.unacknowledged);
  metrics.gauge('routingOverCapacity').set(sums.overCapacity);
  metrics.gauge('routingUnheeded').set(unheeded);
  metrics.gauge('routingUnstaffed').set(unstaffed);
};

const unstaffedIn = ({ queues }: RoutingState): number => {
  let count = 0;
  for (const { open, available, line } of queues.values()) if (open && available === 0) count += line.size;
  return count;
};

const unheededIn = ({ due }: RoutingState, now: number): number => {
  let count = 0;
  for (const { at, kind } of due) {
    if (at > now - LATE_MS) break;
    if (kind === 'chat') count++;
  }
  return count;
};

/** Sets the gauges of wait estimates. */
export const showEstimateGauges = (
  { shown, hidden, mean, worst }: EstimateQuality,
  metrics: Metrics,
): void => {
  metrics.gauge('routingEstimateQueues').set({ shown: 'yes' }, shown);
  metrics.gauge('routingEstimateQueues').set({ shown: 'no' }, hidden);
  metrics.gauge('routingEstimateCoverage').reset();
  if (mean !== undefined) metrics.gauge('routingEstimateCoverage').set({ of: 'mean' }, mean);
  if (worst !== undefined) metrics.gauge('routingEstimateCoverage').set({ of: 'worst' }, worst);
};

/** Counts what was decided. */
export const countDecisions = (events: readonly routing.RoutingEvent[], metrics: Metrics): void => {
  for (const { event } of events) {
    metrics.counter('routingDecisions').inc({ event: event?.$case ?? '' });
    if (event?.$case === 'failsafeActed') {
      const action = routing.FailsafeAction[event.value.action] ?? '';
      metrics.counter('routingFailsafeActs').inc({ action: labelOf(action, 'FAILSAFE_ACTION_') });
    }
    if (event?.$case === 'transferEnded') {
      const outcome = routing.TransferEnded_Outcome[event.value.outcome] ?? '';
      metrics.counter('routingTransfers').inc({ outcome: labelOf(outcome, 'OUTCOME_') });
    }
  }
};

const labelOf = (name: string, prefix: string): string => name.replace(prefix, '').toLowerCase();
