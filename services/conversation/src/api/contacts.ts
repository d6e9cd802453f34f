import type { Handlers } from '@parley/contracts';
import { aborted, hash32, invalidArgument, permissionDenied } from '@parley/kernel';
import type { Collection } from '@parley/store';
import { contactOf, type Contacts } from '../contacts/contacts.js';
import { keyOf, newContact, type ContactDoc, type InboxDoc } from '../documents.js';
import type { Opening } from '../opening.js';

type Service = Handlers<'parley.conversation.v1.ConversationService'>;

const CONTACTS_BY_DEFAULT = 50;
const MOST_ATTRIBUTES = 50;
const LONGEST_ATTRIBUTE = 2_048;

export interface ContactParts {
  readonly contacts: Contacts;
  readonly opening: Pick<Opening, 'openIds'>;
  readonly inbox: Collection<InboxDoc>;
  /** Erases one conversation at its owner. */
  readonly eraseAtOwner: Service['eraseConversation'];
  readonly now: () => number;
}

/** The contacts of ConversationService. */
export const contactHandlers = ({ contacts, opening, inbox, eraseAtOwner, now }: ContactParts) => {
  const shown = async (docs: readonly ContactDoc[]) => {
    const open = await opening.openIds(docs);
    return docs.map((doc) => contactOf(doc, open.get(doc.id) ?? ''));
  };
  const one = async (doc: ContactDoc) => ({ contact: (await shown([doc]))[0] });

  return {
    getContact: async ({ contactId }, { tenant, principal }) => {
      if (principal.role !== 'visitor') return one(await contacts.existing(tenant, contactId));
      const own = await contacts.find(tenant, principal.id);
      return one(own ?? newContact(tenant, principal.id, now()));
    },

    listContacts: async ({ query, page }, { tenant }) => {
      const found = await contacts.list(
        tenant,
        query,
        page?.limit || CONTACTS_BY_DEFAULT,
        page?.cursor ?? '',
      );
      return { contacts: await shown(found.items), nextCursor: found.next ?? '' };
    },

    updateContact: async (request, { tenant }) => {
      const { contactId, name, email, attributes, expectedVersion } = request;
      await contacts.existing(tenant, contactId);
      return one(
        await contacts.change(tenant, contactId, (contact) => {
          if (expectedVersion && contact.version !== expectedVersion)
            throw aborted(
              'VERSION_CONFLICT',
              `The contact has version ${contact.version} by now: read it and change it again.`,
            );
          return {
            ...contact,
            name: name ?? contact.name,
            email: email ?? contact.email,
            attributes: mergeAttributes(contact.attributes, attributes),
          };
        }),
      );
    },

    eraseContact: async (request, context) => {
      const { tenant, principal } = context;
      if (principal.role !== 'admin' && principal.role !== 'integration')
        throw permissionDenied('ROLE_NOT_ALLOWED', 'Erasing is for admins: ask one.');
      const { contactId } = await contacts.existing(tenant, request.contactId);
      // The documents first: they hold what others could copy from while the conversations are under way.
      const ids = new Set<string>();
      for (const id of await contacts.idsOfPerson(tenant, contactId)) {
        const doc = await contacts.get(tenant, id);
        if (doc?.openConversationId) ids.add(doc.openConversationId);
        if (doc) await eraseDocument(contacts, doc, now());
        for await (const conversationId of conversationsOf(inbox, keyOf(tenant, id))) ids.add(conversationId);
      }
      for (const conversationId of ids) {
        const commandId = `erase-${hash32(request.commandId).toString(36)}-${conversationId}`;
        await eraseAtOwner(
          { conversationId, commandId, reason: request.reason || 'contact_request' },
          context,
        );
      }
      return { conversations: ids.size };
    },
  } satisfies Partial<Service>;
};

const mergeAttributes = (
  before: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string>>,
): Record<string, string> => {
  const merged = Object.fromEntries(
    Object.entries({ ...before, ...changes }).filter(([, value]) => value !== ''),
  );
  const entries = Object.entries(merged);
  if (entries.length > MOST_ATTRIBUTES)
    throw invalidArgument(
      'attributes',
      `a contact has ${MOST_ATTRIBUTES} at most: remove some with empty values.`,
    );
  if (entries.some(([key, value]) => key.length > 64 || value.length > LONGEST_ATTRIBUTE))
    throw invalidArgument('attributes', `names have 64 characters at most, values ${LONGEST_ATTRIBUTE}.`);
  return merged;
};

const eraseDocument = async (contacts: Contacts, doc: ContactDoc, now: number): Promise<void> => {
  for (let latest: ContactDoc | undefined = doc; latest;) {
    const erased: ContactDoc = {
      ...newContact(latest.tenant, latest.contactId, latest.firstSeenAt),
      lastSeenAt: latest.lastSeenAt,
      mergedInto: latest.mergedInto,
      personKey: latest.personKey,
      openConversationId: latest.openConversationId,
      openedBy: latest.openedBy,
      openAfter: latest.openAfter,
      hidden: true,
      erasedAt: now,
    };
    if (await contacts.write(erased, latest)) return;
    latest = await contacts.get(latest.tenant, latest.contactId);
  }
};

async function* conversationsOf(inbox: Collection<InboxDoc>, contactKey: string): AsyncGenerator<string> {
  for (let cursor: string | undefined, first = true; first || cursor; first = false) {
    const page = await inbox.find({
      filter: { contactKey },
      sort: { field: 'startedAt', direction: 'asc' },
      limit: 500,
      ...(cursor ? { cursor } : {}),
    });
    for (const { conversationId } of page.items) yield conversationId;
    cursor = page.next;
  }
}
