import type { Client, conversation, routing } from '@parley/contracts';
import { ApiError, type Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import { ownContext } from './context.js';
import type { Chat, RoutingState } from './domain.js';
import type { Estimating } from './estimating.js';

/** A visitor hears of a changed estimate at most this often. */
const EVERY_MS = 30_000;
/** Who has just entered may be taken at once: nothing is said so early. */
const SETTLED_MS = 5_000;
/** Told in one round of a domain at most, the rest with the next. */
const PER_ROUND = 200;
const PARALLEL = 16;
/** A bound that moves by less than this share is no news. */
const NEWS = 0.25;

export interface TellingOptions {
  readonly conversations: Pick<
    Client<'parley.conversation.v1.ConversationInternalService'>,
    'recordWaitEstimate'
  >;
  readonly estimating: Pick<Estimating, 'ofChat'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info'>;
}

interface Told {
  readonly at: number;
  readonly shown: conversation.WaitEstimateShown | undefined;
  readonly failsafeTimes: number;
}

const NOTHING_TOLD: Told = { at: 0, shown: undefined, failsafeTimes: 0 };

/** Tells visitors who wait what they have to expect, when it can be said and has changed by much. */
export class Telling {
  readonly #told = new Map<string, Map<string, Told>>();

  constructor(private readonly options: TellingOptions) {}

  /** One round over the chats that wait in a domain. What fails is newer in the next round. */
  async look(tenant: string, state: RoutingState): Promise<void> {
    const before = this.#told.get(tenant) ?? new Map<string, Told>();
    const after = new Map<string, Told>();
    const now = this.options.clock.now();
    const due: [Chat, conversation.WaitEstimateShown, Told][] = [];
    for (const queue of state.queues.values()) {
      let place = 0;
      for (const chat of queue.line) {
        place++;
        const known = before.get(chat.id);
        if (known) after.set(chat.id, known);
        const told = known ?? NOTHING_TOLD;
        if (due.length >= PER_ROUND || now - told.at < EVERY_MS || now - chat.enteredAt < SETTLED_MS)
          continue;
        const shown = this.#shown(tenant, chat, place);
        // The failsafe says at least the place, whether or not an estimate can be given.
        const again = chat.failsafeTimes > told.failsafeTimes;
        if (again || (shown.highSeconds !== undefined && isNews(told.shown, shown)))
          due.push([chat, shown, { at: now, shown, failsafeTimes: chat.failsafeTimes }]);
      }
    }
    this.#told.set(tenant, after);
    const next = async (): Promise<void> => {
      for (let item = due.shift(); item; item = due.shift()) {
        const [chat, shown, told] = item;
        after.set(chat.id, told);
        await this.#tell(tenant, chat.id, shown, now);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, next));
  }

  /** Forgets the domains that are not open here any more. */
  keep(tenants: readonly string[]): void {
    const here = new Set(tenants);
    for (const tenant of this.#told.keys()) if (!here.has(tenant)) this.#told.delete(tenant);
  }

  #shown(tenant: string, { queueId }: Chat, position: number): conversation.WaitEstimateShown {
    const estimate = this.options.estimating.ofChat(tenant, queueId, position);
    return { position, queueId, ...boundsOf(estimate) };
  }

  async #tell(
    tenant: string,
    conversationId: string,
    shown: conversation.WaitEstimateShown,
    now: number,
  ): Promise<void> {
    const { conversations, clock, logger } = this.options;
    // Two owners within the same half minute say it once.
    const commandId = `${conversationId}-e${Math.floor(now / EVERY_MS).toString(36)}`;
    try {
      await conversations.recordWaitEstimate({ conversationId, commandId, shown }, ownContext(tenant, clock));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      logger.info({ err: error, tenant, conversationId }, 'an estimate was not told; the next one will be');
    }
  }
}

const boundsOf = (
  estimate: routing.WaitEstimate | undefined,
): Pick<conversation.WaitEstimateShown, 'lowSeconds' | 'highSeconds'> =>
  estimate
    ? { lowSeconds: estimate.lowSeconds, highSeconds: estimate.highSeconds }
    : { lowSeconds: undefined, highSeconds: undefined };

const isNews = (
  before: conversation.WaitEstimateShown | undefined,
  { queueId, lowSeconds = 0, highSeconds = 0 }: conversation.WaitEstimateShown,
): boolean => {
  if (!before || before.highSeconds === undefined || before.queueId !== queueId) return true;
  const moved = (was: number, is: number): boolean => Math.abs(is - was) > NEWS * Math.max(was, 30);
  return moved(before.lowSeconds ?? 0, lowSeconds) || moved(before.highSeconds, highSeconds);
};
