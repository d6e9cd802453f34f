import type { conversation } from '@parley/contracts';
import { aborted, notFound } from '@parley/kernel';
import type { Collection } from '@parley/store';
import { keyOf, newContact, type ContactDoc } from '../documents.js';

/** Conditional writes lose against each other at most this often before the caller is told to come again. */
const TRIES = 8;

const dateOf = (ms: number): Date | undefined => (ms > 0 ? new Date(ms) : undefined);

/** The contact as others see it. `open`: its conversation, if that is open. */
export const contactOf = (doc: ContactDoc, open: string): conversation.Contact => ({
  contactId: doc.contactId,
  name: doc.name,
  email: doc.email,
  externalId: doc.externalId,
  verified: doc.verified,
  attributes: { ...doc.attributes },
  firstSeenAt: dateOf(doc.firstSeenAt),
  lastSeenAt: dateOf(doc.lastSeenAt),
  mergedInto: doc.mergedInto,
  openConversationId: open,
  locale: doc.locale,
  version: doc.version,
});

/** Contacts, changed only by conditional writes: what two do at once both counts. */
export class Contacts {
  constructor(
    private readonly documents: Collection<ContactDoc>,
    private readonly now: () => number,
  ) {}

  /** The contact itself, or the one it was merged into. Undefined when nothing is stored. */
  async find(tenant: string, contactId: string): Promise<ContactDoc | undefined> {
    const doc = await this.documents.get(keyOf(tenant, contactId));
    // Merging goes to a contact that is not merged itself, so one step is enough.
    return doc?.mergedInto ? this.documents.get(keyOf(tenant, doc.mergedInto)) : doc;
  }

  async existing(tenant: string, contactId: string): Promise<ContactDoc> {
    const doc = await this.find(tenant, contactId);
    if (!doc) throw notFound('CONTACT_NOT_FOUND', 'There is no such contact: check the id.');
    return doc;
  }

  /** The contact itself, merged or not. */
  get(tenant: string, contactId: string): Promise<ContactDoc | undefined> {
    return this.documents.get(keyOf(tenant, contactId));
  }

  byExternalKey(externalKey: string): Promise<ContactDoc | undefined> {
    return this.documents.find({ filter: { externalKey }, limit: 1 }).then(({ items }) => items[0]);
  }

  /** Ids of all contacts that are this person: merged ones and the one they were merged into. */
  async idsOfPerson(tenant: string, contactId: string): Promise<ReadonlySet<string>> {
    const ids = new Set([contactId]);
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const { items, next } = await this.documents.find({
        filter: { personKey: keyOf(tenant, contactId) },
        limit: 1000,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const doc of items) ids.add(doc.contactId);
      cursor = next;
    }
    return ids;
  }

  /**
   * Writes `change` of the contact (of a new one when nothing is stored; following a merge) and returns what is
   * stored then. `change` may be asked again with a newer contact; undefined leaves it as it is. ApiError aborted
   * when others keep winning.
   */
  async change(
    tenant: string,
    contactId: string,
    change: (contact: ContactDoc) => ContactDoc | undefined,
  ): Promise<ContactDoc> {
    for (let tries = 0; tries < TRIES; tries++) {
      const found = await this.find(tenant, contactId);
      const before = found ?? newContact(tenant, contactId, this.now());
      const wanted = change(before);
      if (!wanted) return before;
      const written = await this.write(wanted, before);
      if (written) return written;
    }
    throw aborted('CONTACT_BUSY', 'The contact is being changed by others just now: try again.');
  }

  /** Replaces the contact if it is still as it was; undefined when it is not, or its external id is taken. */
  async write(wanted: ContactDoc, before: ContactDoc): Promise<ContactDoc | undefined> {
    const next = { ...wanted, version: before.version + 1 };
    const done =
      before.version === 0
        ? await this.documents.insert(next)
        : await this.documents.replaceIf(next, before.version);
    return done ? next : undefined;
  }

  list(
    tenant: string,
    query: string,
    limit: number,
    cursor: string,
  ): Promise<{ readonly items: readonly ContactDoc[]; readonly next?: string }> {
    const page = { limit, ...(cursor ? { cursor } : {}) };
    const filter = { tenant, hidden: false };
    return query.trim()
      ? this.documents.search(query, { filter, ...page })
      : this.documents.find({ filter, sort: { field: 'lastSeenAt', direction: 'desc' }, ...page });
  }
}
