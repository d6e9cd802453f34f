import { ApiError, type Clock } from '@parley/kernel';
import type { Collection } from '@parley/store';
import type { Logger, Metrics } from '@parley/telemetry';
import type { RoutingState } from './domain.js';
import type { Domains } from './domains.js';
import type { Estimating } from './estimating.js';
import { showEstimateGauges, showGauges } from './gauges.js';
import type { GoneAgents } from './gone-agents.js';
import type { Joins } from './joins.js';
import type { NotResponding } from './not-responding.js';
import type { Reactor } from './reactor.js';
import type { ReplyWatch } from './reply-watch.js';
import type { InputDoc, LastAgentDoc } from './store.js';
import type { Sweeper } from './sweeper.js';
import type { Telling } from './telling.js';
import type { Trim } from './trim.js';

const MEND_MS = 2_000;
const REPLIES_MS = 1_000;
const TELL_MS = 5_000;
const SAVE_MS = 60_000;
const TRIM_MS = 3_600_000;
/** Who comes back later than this is a stranger again. */
const FORGET_LAST_AGENT_MS = 90 * 24 * 3_600_000;
/** A closed conversation can be reopened for a day; after a week nothing of it comes any more. */
const FORGET_CLOSED_MS = 7 * 24 * 3_600_000;

export interface HousekeepingOptions {
  readonly domains: Domains;
  readonly joins: Joins;
  readonly notResponding: NotResponding;
  readonly goneAgents: GoneAgents;
  readonly sweeper: Sweeper;
  readonly reactor: Reactor;
  readonly replyWatch: ReplyWatch;
  readonly estimating: Estimating;
  readonly telling: Telling;
  readonly trim: Trim;
  readonly inputs: Collection<InputDoc>;
  readonly lastAgents: Collection<LastAgentDoc>;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sweepMs: number;
}

/** What is done from time to time: repeating what failed, comparing the two logs, forgetting, the gauges. */
export class Housekeeping {
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  #busy = new Set<string>();

  constructor(private readonly options: HousekeepingOptions) {}

  start(): void {
    this.#every(MEND_MS, 'mending', () => this.#mend());
    this.#every(REPLIES_MS, 'watching replies', () => this.#watchReplies());
    this.#every(TELL_MS, 'telling estimates', () => this.#tell());
    this.#every(SAVE_MS, 'keeping estimates', () => this.#save());
    this.#every(TRIM_MS, 'trimming', () => this.#trim());
    this.#every(this.options.sweepMs, 'sweeping', () => this.#sweep());
  }

  /** Stops, with what was learned kept. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#save().catch((error: unknown) =>
      this.options.logger.warn({ err: error }, 'estimates were not kept'),
    );
  }

  #every(ms: number, name: string, work: () => Promise<void>): void {
    const run = async (): Promise<void> => {
      if (this.#busy.has(name)) return;
      this.#busy.add(name);
      try {
        await work();
      } catch (error) {
        this.options.logger.warn({ err: error }, `${name} failed; again soon`);
      }
      this.#busy.delete(name);
    };
    this.#timers.push(setInterval(() => void run(), ms).unref());
  }

  async #mend(): Promise<void> {
    const { joins, reactor, notResponding, goneAgents, estimating, metrics, clock } = this.options;
    await joins.repeat();
    await reactor.repeat();
    const states: RoutingState[] = [];
    for (const tenant of this.options.domains.tenants()) {
      const state = await this.#stateOf(tenant);
      if (!state) continue;
      states.push(state);
      await notResponding.mend(tenant, state);
      await goneAgents.release(tenant, state);
    }
    showGauges(states, metrics, clock);
    showEstimateGauges(estimating.quality(), metrics);
    metrics.gauge('routingOpenReactions').set(reactor.open);
  }

  async #watchReplies(): Promise<void> {
    const { domains, replyWatch } = this.options;
    replyWatch.keep(domains.tenants());
    for (const tenant of domains.tenants()) {
      const state = await this.#stateOf(tenant);
      if (state) await replyWatch.look(tenant, state);
    }
  }

  async #tell(): Promise<void> {
    const { domains, telling } = this.options;
    telling.keep(domains.tenants());
    for (const tenant of domains.tenants()) {
      const state = await this.#stateOf(tenant);
      if (state) await telling.look(tenant, state);
    }
  }

  async #save(): Promise<void> {
    await this.options.estimating.save(this.options.domains.tenants());
  }

  async #sweep(): Promise<void> {
    const { domains, sweeper, inputs, lastAgents, clock } = this.options;
    await domains.reopen();
    for (const tenant of domains.tenants()) await sweeper.sweep(tenant);
    await inputs.deleteWhere({ closedAt: { gt: 0, lt: clock.now() - FORGET_CLOSED_MS } });
    await lastAgents.deleteWhere({ version: { lt: clock.now() - FORGET_LAST_AGENT_MS } });
  }

  async #trim(): Promise<void> {
    const { domains, trim } = this.options;
    for (const partition of domains.partitions()) await trim.run(partition, domains.tenants());
  }

  async #stateOf(tenant: string): Promise<RoutingState | undefined> {
    const { domains, clock } = this.options;
    try {
      return await (await domains.of(tenant)).read(clock.now() + MEND_MS, (state) => state);
    } catch (error) {
      // Given up meanwhile, or the log does not answer: the next round tells.
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  }
}
