import type { conversation } from '@parley/contracts';
import { aborted, newUlid } from '@parley/kernel';
import { externalKeyOf, keyOf, newContact, type ContactDoc } from '../documents.js';
import type { Contacts } from './contacts.js';

const TRIES = 8;

/** What a verified identity led to. */
export interface Identified {
  readonly contact: ContactDoc;
  /** Conversations that may be open and are theirs now; the identity is told to them. */
  readonly conversationIds: readonly string[];
}

type Claim = Pick<
  conversation.IdentifyContactRequest,
  'contactId' | 'externalId' | 'name' | 'email' | 'attributes'
>;

/**
 * The contact of an external id: the one that has it, else the anonymous one becomes it, else (the session's contact
 * is already somebody else) a new one. An anonymous contact whose person is known already is merged into that.
 * `inChat`: whether a contact's last conversation is not over.
 */
export const identify = async (
  contacts: Contacts,
  tenant: string,
  claim: Claim,
  now: number,
  inChat: (contact: ContactDoc) => Promise<boolean>,
): Promise<Identified> => {
  for (let tries = 0; tries < TRIES; tries++) {
    const session =
      (await contacts.find(tenant, claim.contactId)) ?? newContact(tenant, claim.contactId, now);
    const known = await contacts.byExternalKey(externalKeyOf(tenant, claim.externalId));
    const done = known
      ? await meet(contacts, session, known, claim, now, inChat)
      : await become(contacts, session, claim, now);
    if (done) return done;
  }
  throw aborted('CONTACT_BUSY', 'The contact is being changed by others just now: try again.');
};

const withClaim = (contact: ContactDoc, claim: Claim, now: number): ContactDoc => ({
  ...contact,
  externalId: claim.externalId,
  externalKey: externalKeyOf(contact.tenant, claim.externalId),
  verified: true,
  name: claim.name || contact.name,
  email: claim.email || contact.email,
  attributes: { ...contact.attributes, ...claim.attributes },
  lastSeenAt: Math.max(now, contact.lastSeenAt),
  hidden: false,
});

const openOf = (...contacts: readonly ContactDoc[]): readonly string[] => [
  ...new Set(contacts.map((contact) => contact.openConversationId).filter((id) => id !== '')),
];

/** Nobody has the external id: the session's contact takes it, unless it is somebody else already. */
const become = async (
  contacts: Contacts,
  session: ContactDoc,
  claim: Claim,
  now: number,
): Promise<Identified | undefined> => {
  const before = session.externalId ? newContact(session.tenant, newUlid(now), now) : session;
  const contact = await contacts.write(withClaim(before, claim, now), before);
  return contact && { contact, conversationIds: openOf(contact) };
};

/** Somebody has the external id: it is they; an anonymous contact of the session is merged into them. */
const meet = async (
  contacts: Contacts,
  session: ContactDoc,
  known: ContactDoc,
  claim: Claim,
  now: number,
  inChat: (contact: ContactDoc) => Promise<boolean>,
): Promise<Identified | undefined> => {
  const merging = session.id !== known.id && session.externalId === '';
  const wanted = withClaim(known, claim, now);
  const contact = await contacts.write(
    merging && session.openConversationId && !(await inChat(known)) ? takeOver(wanted, session) : wanted,
    known,
  );
  if (!contact) return undefined;
  if (!merging) return { contact, conversationIds: openOf(contact) };
  const merged = await contacts.write(
    {
      ...session,
      mergedInto: contact.contactId,
      personKey: keyOf(contact.tenant, contact.contactId),
      openConversationId: '',
      hidden: true,
    },
    session,
  );
  return merged && { contact, conversationIds: openOf(contact, session) };
};

/** The open conversation comes along, so that the next start finds it. */
const takeOver = (contact: ContactDoc, session: ContactDoc): ContactDoc => ({
  ...contact,
  openConversationId: session.openConversationId,
  openedBy: session.openedBy,
  openAfter: session.openAfter,
  firstSeenAt: Math.min(contact.firstSeenAt, session.firstSeenAt),
});
