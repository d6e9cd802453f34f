import type { RequestContext } from '@parley/kernel';
import type { Contacts } from './contacts/contacts.js';
import type { Commands, Wish } from './commands.js';
import type { Address } from './domain/given.js';
import { conversation } from '@parley/contracts';
import type { Executed } from '@parley/eventlog';
import type { State } from './domain/state.js';
import type { Views } from './views.js';

/** One mail address: visitors type what they like, and nobody is answered at "n/a". */
const MAIL = /^[^\s@<>"',;:\\()[\]]{1,64}@[^\s@<>"',;:\\()[\]]{1,255}$/;
const TAKING = conversation.ConversationState.CONVERSATION_STATE_TAKING_MESSAGE;

/** The state asks for an address, and nobody has looked yet. */
class NotLookedUp extends Error {
  override readonly name = 'NotLookedUp';
}

/** Where visitors can be answered: personal content, which the rules are told when they need it. */
export class Addresses {
  constructor(
    private readonly views: Views,
    private readonly contacts: Contacts,
  ) {}

  /** Where the visitor of a conversation can be answered; undefined when no mail address is known. */
  async of(tenant: string, conversationId: string): Promise<Address | undefined> {
    const view = await this.views.load(tenant, conversationId);
    if (MAIL.test(view.contactEmail))
      return { name: view.contactName, email: view.contactEmail, recorded: true };
    const contact = await this.contacts.find(tenant, view.contactId);
    return contact && MAIL.test(contact.email)
      ? { name: contact.name, email: contact.email, recorded: false }
      : undefined;
  }

  /** `of`, when the visitor was asked for a message; nobody else's address is needed when they go. */
  async ifAsked(tenant: string, conversationId: string, { status }: State): Promise<Address | undefined> {
    return status === TAKING ? this.of(tenant, conversationId) : undefined;
  }

  /** Carries out a command by which a conversation ends that may have to be answered later. */
  async ending(
    commands: Commands,
    context: RequestContext,
    conversationId: string,
    commandId: string,
    wish: Extract<Wish, { type: 'close' | 'visitorLeft' }>,
  ): Promise<Executed<State>> {
    // Few conversations end so: the others cost no look.
    try {
      return await commands.execute(context, conversationId, commandId, ({ status }) => {
        if (status === TAKING) throw new NotLookedUp();
        return wish;
      });
    } catch (error) {
      if (!(error instanceof NotLookedUp)) throw error;
      const address = await this.of(context.tenant, conversationId);
      return commands.execute(context, conversationId, commandId, { ...wish, address });
    }
  }
}
