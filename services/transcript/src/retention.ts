import type { Client } from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import { metrics, type Logger } from '@parley/telemetry';
import type { Collections } from './documents.js';

const DAY_MS = 86_400_000;
const PAGE = 100;
const ERASE_WITHIN_MS = 10_000;
const SERVICE = { role: 'system', id: 'transcript' } as const;

export interface RetentionOptions {
  readonly docs: Pick<Collections, 'summaries' | 'retention'>;
  readonly conversations: Pick<Client<'parley.conversation.v1.ConversationService'>, 'eraseConversation'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Has the content erased of conversations that were closed longer ago than their tenant keeps it; returns how many.
 * The erasure itself comes back through the log, to every consumer. A conversation that cannot be erased just now is
 * tried again at the next sweep.
 */
export const sweepRetention = async ({
  docs,
  conversations,
  clock,
  logger,
}: RetentionOptions): Promise<number> => {
  let erased = 0;
  for await (const { id: tenant, days } of allOf((page) => docs.retention.find({ filter: {}, ...page }))) {
    if (days === 0) continue;
    const expired = { tenant, keptSince: { lt: clock.now() - days * DAY_MS } };
    for await (const { conversationId, contentVersion } of allOf((page) =>
      docs.summaries.find({ filter: expired, sort: { field: 'keptSince', direction: 'asc' }, ...page }),
    )) {
      // The same content is erased once, whoever sweeps and however often.
      const commandId = `retention-${conversationId}-v${contentVersion}`;
      const context = { tenant, principal: SERVICE, deadline: clock.now() + ERASE_WITHIN_MS };
      try {
        await conversations.eraseConversation({ conversationId, commandId, reason: 'retention' }, context);
        erased++;
      } catch (error) {
        logger.warn({ err: error, tenant, conversationId }, 'content past its retention is not erased yet');
      }
    }
  }
  metrics.counter('transcriptErased').inc(erased);
  return erased;
};

async function* allOf<D>(
  find: (page: { limit: number; cursor?: string }) => Promise<{ items: readonly D[]; next?: string }>,
): AsyncGenerator<D> {
  let cursor: string | undefined;
  do {
    const page = await find({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.items;
    cursor = page.next;
  } while (cursor !== undefined);
}
