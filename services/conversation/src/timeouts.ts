import { createTimers, type Owner, type Timers } from '@parley/eventlog';
import type { Clock, RequestContext } from '@parley/kernel';
import type { Store } from '@parley/store';
import type { Logger } from '@parley/telemetry';
import type { Command } from './domain/commands.js';
import type { State } from './domain/state.js';
import { byOf } from './principals.js';

/** How long one timeout may take before it is tried again. */
const WITHIN_MS = 10_000;

export interface TimeoutOptions {
  readonly store: Store;
  /** A function, for the owner is given these timers in turn. */
  readonly owner: () => Owner<State, Command>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Timers that expire conversations in which nobody writes any more. */
export const createTimeouts = ({ store, owner, clock, logger }: TimeoutOptions): Promise<Timers> =>
  createTimers({
    name: 'conversation',
    store,
    clock,
    logger,
    owner,
    onDue: async (tenant, id, dueAt) => {
      const context: RequestContext = {
        tenant,
        principal: { role: 'system', id: 'conversation' },
        deadline: clock.now() + WITHIN_MS,
      };
      const by = byOf(context);
      await owner().execute({
        tenant,
        id,
        // Whoever fires it, and however often: it is one command.
        commandId: `${id}-due-${dueAt}`,
        context,
        actor: by.actor,
        command: (_envelope, now) => ({ type: 'expire', by, now }),
      });
    },
  });
