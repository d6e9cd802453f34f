import { createTimers, type Owner, type Timers } from '@parley/eventlog';
import type { Clock, RequestContext } from '@parley/kernel';
import type { Store } from '@parley/store';
import type { Logger } from '@parley/telemetry';
import type { Addresses } from './addresses.js';
import type { Arrivals } from './arrivals.js';
import type { Wish } from './commands.js';
import type { Command } from './domain/commands.js';
import { expiresAt } from './domain/ending.js';
import type { Policy } from './domain/rules.js';
import type { State } from './domain/state.js';
import { botSilentAt } from './domain/waiting.js';
import { byOf } from './principals.js';
import type { ReplyPromise, Whereabouts } from './promises.js';

/** How long one timeout may take before it is tried again. */
const WITHIN_MS = 10_000;

export interface TimeoutOptions {
  readonly store: Store;
  /** Functions, for the owner is given these timers in turn. */
  readonly owner: () => Owner<State, Command>;
  readonly arrivals: () => Arrivals;
  readonly policy: Policy;
  /** Where visitors can be answered, for messages that are taken when they are gone. */
  readonly addresses: () => Pick<Addresses, 'ifAsked'>;
  /** What can be promised for a message that a bot's visitor is asked for. */
  readonly promised: (context: RequestContext, where: Whereabouts) => Promise<ReplyPromise>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** When a conversation wants to be looked at next, ms; undefined for never. */
export const nextDueAt =
  (policy: Policy, arrivals: Pick<Arrivals, 'dueAt'>) =>
  (state: State, tenant: string, id: string): number | undefined => {
    const due = [expiresAt(policy, state), arrivals.dueAt(tenant, id, state), botSilentAt(policy, state)];
    const next = Math.min(...due.map((at) => at ?? Infinity));
    return next === Infinity ? undefined : next;
  };

/**
 * Timers that expire conversations in which nobody writes any more, notice visitors who never came, and take chats from bots
 * that do not answer.
 */
export const createTimeouts = (options: TimeoutOptions): Promise<Timers> => {
  const { store, owner, arrivals, addresses, promised, policy, clock, logger } = options;

  const contextOf = (tenant: string): RequestContext => ({
    tenant,
    principal: { role: 'system', id: 'conversation' },
    deadline: clock.now() + WITHIN_MS,
  });

  const execute = async (tenant: string, id: string, commandId: string, wish: TimeoutWish): Promise<void> => {
    const context = contextOf(tenant);
    const by = byOf(context);
    const command = (_envelope: unknown, now: number): Command => ({ ...wish, by, now });
    await owner().execute({ tenant, id, commandId, context, actor: by.actor, command });
  };

  return createTimers({
    name: 'conversation',
    store,
    clock,
    logger,
    owner,
    onDue: async (tenant, id, dueAt) => {
      const state = (await owner().read(tenant, id))?.state;
      if (!state) return;
      // Whoever fires it, and however often: it is one command.
      const gone = async () => ({ address: await addresses().ifAsked(tenant, id, state) });
      if ((expiresAt(policy, state) ?? Infinity) <= clock.now())
        return execute(tenant, id, `${id}-due-${dueAt}`, { type: 'expire', ...(await gone()) });
      if ((botSilentAt(policy, state) ?? Infinity) <= clock.now()) {
        const { queueId, topic, locale, botAwaitedSince } = state;
        const { replyBy } = await promised(contextOf(tenant), { queueId, topic, locale });
        return execute(tenant, id, `${id}-bot-${botAwaitedSince}`, { type: 'botIsSilent', replyBy });
      }
      if ((arrivals().dueAt(tenant, id, state) ?? Infinity) > clock.now()) return;
      if (!(await arrivals().isMissed(tenant, id, state))) return;
      const lastContactAt = state.visitorActiveAt;
      const wish: TimeoutWish = { type: 'visitorLeft', lastContactAt, ...(await gone()) };
      await execute(tenant, id, `${id}-missed-${lastContactAt}`, wish);
    },
  });
};

type TimeoutWish = Extract<Wish, { type: 'expire' | 'visitorLeft' | 'botIsSilent' }>;
