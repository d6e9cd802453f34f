import type { Client } from '@parley/contracts';
import { ApiError, ErrorCode, type Clock, type RequestContext } from '@parley/kernel';
import type { Contacts } from './contacts/contacts.js';
import { keyOf } from './documents.js';
import { missedAt } from './domain/ending.js';
import type { State } from './domain/state.js';
import { Lru } from './lru.js';

const WITHIN_MS = 5_000;
/** More conversations than wait at once; one that is forgotten is asked about once more. */
const MOST = 50_000;

export interface ArrivalsOptions {
  readonly presence: Pick<Client<'parley.presence.v1.PresenceService'>, 'getVisitor'>;
  readonly contacts: Pick<Contacts, 'find' | 'idsOfPerson'>;
  readonly clock: Clock;
}

/**
 * Asks presence, once for each waiting conversation, whether it knows the visitor to be there. From then on presence tells
 * when they leave; whom it never heard of (the gateway died with the news) nobody else would miss.
 */
export class Arrivals {
  /** The conversations whose visitor presence knows, with the opening that it holds for. */
  private readonly known = new Lru<number>(MOST);

  constructor(private readonly options: ArrivalsOptions) {}

  /** When to ask about the visitor, ms; undefined when there is no need (any more). */
  dueAt(tenant: string, id: string, state: State): number | undefined {
    return this.known.peek(keyOf(tenant, id)) === state.openedAt ? undefined : missedAt(state);
  }

  /** True when the visitor is not in the conversation, as far as presence knows. Rejects when it does not answer. */
  async isMissed(tenant: string, id: string, { contactId, openedAt }: State): Promise<boolean> {
    const { contacts } = this.options;
    const contact = await contacts.find(tenant, contactId);
    // Whoever was identified meanwhile is there as another contact.
    const ids = await contacts.idsOfPerson(tenant, contact?.contactId ?? contactId);
    for (const one of ids) {
      if ((await this.conversationOf(tenant, one)) !== id) continue;
      this.known.set(keyOf(tenant, id), openedAt);
      return false;
    }
    return true;
  }

  /** The conversation in which presence has the contact; empty when in none. */
  private async conversationOf(tenant: string, contactId: string): Promise<string> {
    const { presence, clock } = this.options;
    const context: RequestContext = {
      tenant,
      principal: { role: 'system', id: 'conversation' },
      deadline: clock.now() + WITHIN_MS,
    };
    try {
      const { visitor } = await presence.getVisitor({ contactId }, context);
      return visitor?.conversationId ?? '';
    } catch (error) {
      if (error instanceof ApiError && error.code === ErrorCode.notFound) return '';
      throw error;
    }
  }
}
