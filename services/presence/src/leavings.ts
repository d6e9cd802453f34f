import type { Client } from '@parley/contracts';
import { ApiError, type Clock, ErrorCode } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { Effect } from './domain.js';
import { docId } from './store.js';

export type Leaving = Omit<Extract<Effect, { kind: 'visitor-left' }>, 'kind'>;

export interface LeavingsOptions {
  readonly conversations: Pick<Client<'parley.conversation.v1.ConversationInternalService'>, 'visitorLeft'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The conversation knows. */
  readonly onTold: (tenant: string, leaving: Leaving) => void;
}

const DEADLINE_MS = 10_000;
const PARALLEL = 32;
/** The conversation's own word that there is nothing to tell. */
const FINAL: readonly number[] = [
  ErrorCode.notFound,
  ErrorCode.failedPrecondition,
  ErrorCode.permissionDenied,
  ErrorCode.invalidArgument,
];

/** Tells conversations that their visitors have left, until they know it or the visitor is back. */
export class Leavings {
  readonly #waiting = new Map<string, { readonly tenant: string; readonly leaving: Leaving }>();
  readonly #underWay = new Set<string>();

  constructor(private readonly options: LeavingsOptions) {}

  add(tenant: string, leaving: Leaving): void {
    this.#waiting.set(docId(tenant, leaving.contactId), { tenant, leaving });
    this.send();
  }

  cameBack(tenant: string, contactId: string): void {
    this.#waiting.delete(docId(tenant, contactId));
  }

  /** Tries those that wait; call it again and again. */
  send(): void {
    for (const id of this.#waiting.keys()) {
      if (this.#underWay.size >= PARALLEL) return;
      if (!this.#underWay.has(id)) void this.#tell(id);
    }
  }

  stop(): void {
    this.#waiting.clear();
  }

  async #tell(id: string): Promise<void> {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    const { conversations, clock, logger, onTold } = this.options;
    const { conversationId, lastContactAt } = waiting.leaving;
    const request = {
      conversationId,
      // The same leaving has the same id, however often it is told.
      commandId: `left-${conversationId}-${lastContactAt.toString(36)}`,
      lastContactAt: new Date(lastContactAt),
    };
    const principal = { role: 'system', id: 'presence' } as const;
    this.#underWay.add(id);
    try {
      const deadline = clock.now() + DEADLINE_MS;
      await conversations.visitorLeft(request, { tenant: waiting.tenant, principal, deadline });
    } catch (error) {
      if (!(error instanceof ApiError) || !FINAL.includes(error.code)) {
        logger.warn(
          { err: error, tenant: waiting.tenant, conversationId },
          'a conversation was not told that its visitor left; again soon',
        );
        return;
      }
    } finally {
      this.#underWay.delete(id);
    }
    if (this.#waiting.get(id) !== waiting) return;
    this.#waiting.delete(id);
    onTold(waiting.tenant, waiting.leaving);
  }
}
