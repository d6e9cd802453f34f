import type { routing } from '@parley/contracts';
import { ApiError, ErrorCode, type Clock } from '@parley/kernel';
import type { EventLog } from '@parley/eventlog';
import type { Collection } from '@parley/store';
import type { Logger } from '@parley/telemetry';
import { DOMAIN_ID, eventsOf } from './codec.js';
import { ownContext } from './context.js';
import type { RoutingState } from './domain.js';
import { reactionsTo, reactionTo, type Conversations, type Reaction } from './reactions.js';
import type { DoneDoc } from './store.js';
import type { DomainWriter } from './writer.js';

const PARALLEL = 32;
/** Tried again at once, of one domain. */
const PER_ROUND = 100;
const DEADLINE_MS = 5_000;

/** Answers after which asking again leads to nothing else. */
const FINAL: readonly number[] = [
  ErrorCode.failedPrecondition,
  ErrorCode.notFound,
  ErrorCode.permissionDenied,
  ErrorCode.invalidArgument,
  ErrorCode.alreadyExists,
];

export type ReactionOutcome = 'done' | 'refused' | 'pointless' | 'again';

export interface ReactorOptions {
  readonly conversations: Conversations;
  readonly domains: {
    of(tenant: string): Promise<Pick<DomainWriter, 'read'>>;
    tenants(): readonly string[];
  };
  readonly log: Pick<EventLog, 'load'>;
  /** Up to which version of each domain all reactions are done. */
  readonly done: Collection<DoneDoc>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly onOutcome: (kind: Reaction['kind'], outcome: ReactionOutcome) => void;
}

interface Domain {
  /** By the version of their event. */
  readonly open: Map<number, Reaction>;
  /** Version of the last event that was looked at. */
  seen: number;
  /** Everything up to here is done, and stored as such; undefined until what was left over has been read. */
  stored: number | undefined;
}

/**
 * Carries out in conversations what routing's events ask for: at once, and again until the outcome is known. What a
 * dead owner left undone is read from routing's log behind the version up to which all was done.
 */
export class Reactor {
  readonly #domains = new Map<string, Domain>();
  #running = 0;
  readonly #waiting: (() => Promise<void>)[] = [];

  constructor(private readonly options: ReactorOptions) {}

  /** A domain was opened here. */
  takeOver(tenant: string): void {
    this.#domains.set(tenant, { open: new Map(), seen: 0, stored: undefined });
    void this.#leftOver(tenant);
  }

  /** Right after the acknowledgement of the log; does not wait. */
  committed(tenant: string, events: readonly routing.RoutingEvent[], state: RoutingState): void {
    // What is committed before `takeOver` is read from the log then.
    const domain = this.#domains.get(tenant);
    if (!domain) return;
    domain.seen = Math.max(domain.seen, state.version);
    for (const reaction of reactionsTo(events, state)) this.#begin(tenant, domain, reaction);
  }

  /** Tries what is open again, and stores how far all is done. For every few seconds. */
  async repeat(): Promise<void> {
    const here = new Set(this.options.domains.tenants());
    for (const [tenant, domain] of this.#domains) {
      if (!here.has(tenant)) this.#domains.delete(tenant);
      else if (domain.stored === undefined) await this.#leftOver(tenant);
      else {
        const open = [...domain.open.values()].slice(0, PER_ROUND);
        await Promise.all(open.map((reaction) => this.#again(tenant, domain, reaction)));
        await this.#store(tenant, domain);
      }
    }
  }

  /** Reactions that are not done yet. */
  get open(): number {
    let open = 0;
    for (const domain of this.#domains.values()) open += domain.open.size;
    return open;
  }

  /** What was decided before this instance had the domain; what it has decided since may be among it. */
  async #leftOver(tenant: string): Promise<void> {
    const domain = this.#domains.get(tenant);
    if (!domain) return;
    try {
      const from = (await this.options.done.get(tenant))?.version ?? 0;
      const { commits, head } = await this.options.log.load(tenant, DOMAIN_ID, from);
      domain.stored = from;
      domain.seen = Math.max(domain.seen, head.version);
      for (const { commit } of commits)
        eventsOf(commit).forEach((event, i) => {
          const version = commit.firstVersion + i;
          const reaction = version > from ? reactionTo(event, version) : undefined;
          // Asked for what stands now first: much may have happened since.
          if (reaction) domain.open.set(version, reaction);
        });
    } catch (error) {
      this.options.logger.warn({ err: error, tenant }, 'what routing left undone is read later');
    }
  }

  #begin(tenant: string, domain: Domain, reaction: Reaction): void {
    domain.open.set(reaction.version, reaction);
    this.#waiting.push(() => this.#carryOut(tenant, domain, reaction));
    void this.#next();
  }

  async #next(): Promise<void> {
    if (this.#running >= PARALLEL) return;
    this.#running++;
    for (let work = this.#waiting.shift(); work; work = this.#waiting.shift()) await work();
    this.#running--;
  }

  async #again(tenant: string, domain: Domain, reaction: Reaction): Promise<void> {
    const { domains, clock, onOutcome } = this.options;
    try {
      const writer = await domains.of(tenant);
      const wanted = await writer.read(clock.now() + DEADLINE_MS, (state) =>
        reaction.stillWanted(state.chats.get(reaction.conversationId)),
      );
      if (wanted) return await this.#carryOut(tenant, domain, reaction);
      domain.open.delete(reaction.version);
      onOutcome(reaction.kind, 'pointless');
    } catch {
      // Another instance has it, or the log does not answer: the next round tells.
    }
  }

  async #carryOut(tenant: string, domain: Domain, reaction: Reaction): Promise<void> {
    if (!domain.open.has(reaction.version)) return;
    const { conversations, clock, logger, onOutcome } = this.options;
    const { kind, conversationId, version } = reaction;
    try {
      await reaction.carryOut(conversations, ownContext(tenant, clock, DEADLINE_MS));
      domain.open.delete(version);
      onOutcome(kind, 'done');
    } catch (error) {
      const final = error instanceof ApiError && FINAL.includes(error.code);
      if (final) domain.open.delete(version);
      onOutcome(kind, final ? 'refused' : 'again');
      logger[final ? 'info' : 'warn'](
        { err: error, tenant, conversationId, kind },
        'a reaction of routing failed',
      );
    }
  }

  async #store(tenant: string, domain: Domain): Promise<void> {
    const version = Math.min(domain.seen, ...[...domain.open.keys()].map((open) => open - 1));
    if (version <= (domain.stored ?? 0)) return;
    await this.options.done.upsertNewer([{ id: tenant, version, at: this.options.clock.now() }]);
    domain.stored = version;
  }
}
