import type { routing } from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import type { Collection } from '@parley/store';
import type { Logger } from '@parley/telemetry';
import { position, type RoutingState } from './domain.js';
import { WaitEstimates } from './estimates/wait-estimates.js';
import type { EstimatesDoc } from './store.js';

export interface EstimatingOptions {
  readonly records: Collection<EstimatesDoc>;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Domain {
  /** Undefined until what was learned before has been read. */
  estimates: WaitEstimates | undefined;
  state: RoutingState;
  /** Version of the last event taken in. */
  seen: number;
  saved: number;
}

/** How good the estimates of this instance's queues are. */
export interface EstimateQuality {
  /** Queues whose estimates may be shown. */
  readonly shown: number;
  /** Queues with too few waits, or whose ranges were missed too often. */
  readonly hidden: number;
  /** Share of waits that lay in the range given for them: the mean, and the worst queue. Absent without any. */
  readonly mean?: number;
  readonly worst?: number;
}

/** Wait estimates of the domains that are open here: fed by their commits, kept across restarts. */
export class Estimating {
  readonly #domains = new Map<string, Domain>();

  constructor(private readonly options: EstimatingOptions) {}

  /** A domain was opened here: goes on with what was learned before. */
  takeOver(tenant: string, state: RoutingState): void {
    const domain: Domain = { estimates: undefined, state, seen: 0, saved: 0 };
    this.#domains.set(tenant, domain);
    void this.#read(tenant, domain);
  }

  /** Right after the acknowledgement of the log; does not wait. */
  committed(tenant: string, events: readonly routing.RoutingEvent[], state: RoutingState): void {
    const domain = this.#domains.get(tenant);
    if (!domain) return;
    domain.state = state;
    if (!domain.estimates) return;
    // Another instance has written in between: start from what stands now.
    if (state.version - events.length !== domain.seen) this.#resume(domain, domain.estimates.toJSON());
    else domain.estimates.committed(events, state.time, (id) => position(state, id).position);
    domain.seen = state.version;
  }

  /** What a chat has to expect; undefined when it cannot be said honestly, is short, or it does not wait. */
  ofChat(tenant: string, queueId: string, place: number): routing.WaitEstimate | undefined {
    if (place === 0) return undefined;
    return this.#domains.get(tenant)?.estimates?.estimate(queueId, place);
  }

  /** What a chat that enters a queue now has to expect. */
  ofNext(
    tenant: string,
    { queue, waiting, freeCapacity }: routing.QueueState,
  ): routing.WaitEstimate | undefined {
    const estimates = this.#domains.get(tenant)?.estimates;
    return estimates?.estimateForNext(queue?.queueId ?? '', waiting, freeCapacity);
  }

  /** The share of a queue's waits that lay in the range given for them; undefined with too few of them. */
  coverage(tenant: string, queueId: string): number | undefined {
    return this.#domains.get(tenant)?.estimates?.coverage(queueId);
  }

  /** Stores what was learned since the last time; forgets domains that are not open here any more. */
  async save(tenants: readonly string[]): Promise<void> {
    const here = new Set(tenants);
    for (const [tenant, domain] of this.#domains) {
      const { estimates, seen, saved } = domain;
      if (!here.has(tenant)) this.#domains.delete(tenant);
      else if (!estimates) await this.#read(tenant, domain);
      else if (seen > saved) {
        await this.options.records.upsertNewer([{ id: tenant, version: seen, record: estimates.toJSON() }]);
        domain.saved = seen;
      }
    }
  }

  quality(): EstimateQuality {
    let shown = 0;
    let hidden = 0;
    const coverages: number[] = [];
    for (const { estimates, state } of this.#domains.values())
      for (const queueId of state.queues.keys()) {
        if (estimates?.isTrusted(queueId)) shown++;
        else hidden++;
        const coverage = estimates?.coverage(queueId);
        if (coverage !== undefined) coverages.push(coverage);
      }
    if (coverages.length === 0) return { shown, hidden };
    const mean = coverages.reduce((sum, each) => sum + each, 0) / coverages.length;
    return { shown, hidden, mean, worst: Math.min(...coverages) };
  }

  async #read(tenant: string, domain: Domain): Promise<void> {
    try {
      const doc = await this.options.records.get(tenant);
      if (domain.estimates) return;
      this.#resume(domain, doc?.record);
    } catch (error) {
      this.options.logger.warn({ err: error, tenant }, 'what was learned of waits is read later');
    }
  }

  #resume(domain: Domain, record: ReturnType<WaitEstimates['toJSON']> | undefined): void {
    const { state } = domain;
    domain.estimates = new WaitEstimates(record);
    domain.estimates.resume(state.chats.values(), this.options.clock.now());
    domain.seen = state.version;
  }
}
