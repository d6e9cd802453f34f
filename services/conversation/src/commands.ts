import type { Executed, Owner } from '@parley/eventlog';
import { ApiError, type RequestContext } from '@parley/kernel';
import type { Contacts } from './contacts/contacts.js';
import { keyOf } from './documents.js';
import type { Command } from './domain/commands.js';
import type { By } from './domain/given.js';
import { mayKnow } from './domain/rules.js';
import { initialState, type State } from './domain/state.js';
import { Lru } from './lru.js';
import { byOf } from './principals.js';

/** A command without who and when, which come from the context and the owner. */
export type Wish = Command extends infer C ? (C extends Command ? Omit<C, 'by' | 'now'> : never) : never;

const isNotFound = (error: unknown): boolean =>
  error instanceof ApiError && error.details.reason === 'CONVERSATION_NOT_FOUND';

/** Carries out commands for callers, and tells visitors who are one person under several contact ids apart from others. */
export class Commands {
  /** Visitors with merged contacts, once met; merging is for good, so nothing here goes out of date but by growing. */
  private readonly persons = new Lru<ReadonlySet<string>>(10_000);

  constructor(
    private readonly owner: Owner<State, Command>,
    private readonly contacts: Contacts,
  ) {}

  /** Executes `wish` (or what it returns for the state just before) on the conversation. Throws the refusal. */
  async execute(
    context: RequestContext,
    conversationId: string,
    commandId: string,
    wish: Wish | ((state: State) => Wish),
  ): Promise<Executed<State>> {
    const known = this.knownPerson(context);
    try {
      return await this.run(context, conversationId, commandId, wish, byOf(context, known));
    } catch (error) {
      const person = isNotFound(error) ? await this.person(context) : undefined;
      if (!person || person.size === (known?.size ?? 1)) throw error;
      return this.run(context, conversationId, commandId, wish, byOf(context, person));
    }
  }

  /** The state of a conversation that the caller may know of. ApiError notFound otherwise. */
  async stateFor(context: RequestContext, conversationId: string): Promise<State> {
    const envelope = await this.owner.read(context.tenant, conversationId);
    const state = envelope?.state ?? initialState;
    const refused = mayKnow(state, byOf(context, this.knownPerson(context)));
    if (!refused) return state;
    if (state.version === 0 || mayKnow(state, byOf(context, await this.person(context)))) throw refused;
    return state;
  }

  private run(
    context: RequestContext,
    id: string,
    commandId: string,
    wish: Wish | ((state: State) => Wish),
    by: By,
  ): Promise<Executed<State>> {
    return this.owner.execute({
      tenant: context.tenant,
      id,
      commandId,
      context,
      actor: by.actor,
      command: ({ state }, now): Command => ({
        ...(typeof wish === 'function' ? wish(state) : wish),
        by,
        now,
      }),
    });
  }

  private knownPerson({ tenant, principal }: RequestContext): ReadonlySet<string> | undefined {
    return principal.role === 'visitor' ? this.persons.get(keyOf(tenant, principal.id)) : undefined;
  }

  /** All contact ids of the visitor. */
  private async person({ tenant, principal }: RequestContext): Promise<ReadonlySet<string> | undefined> {
    if (principal.role !== 'visitor') return undefined;
    // A session from before the identification still names the merged contact.
    const contact = await this.contacts.find(tenant, principal.id);
    if (!contact) return undefined;
    const ids = await this.contacts.idsOfPerson(tenant, contact.contactId);
    if (ids.size > 1) this.persons.set(keyOf(tenant, principal.id), ids);
    return ids;
  }
}
