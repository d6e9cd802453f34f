import type { routing } from '@parley/contracts';
import { aggregateKey, type EventLog } from '@parley/eventlog';
import { inputsOf } from './inputs.js';

/** A conversation's last entry into a queue, read from its log; undefined when there is none. */
export const lastEntry = async (
  log: Pick<EventLog, 'load'>,
  tenant: string,
  conversationId: string,
): Promise<routing.ConversationEnqueued | undefined> => {
  const { commits } = await log.load(tenant, conversationId);
  const run = { tenant, id: conversationId, commits };
  const { inputs } = inputsOf(run, aggregateKey(tenant, conversationId), undefined);
  const entries = inputs.flatMap((input) => (input.kind === 'enqueue' ? [input.entry] : []));
  return entries.at(-1);
};
