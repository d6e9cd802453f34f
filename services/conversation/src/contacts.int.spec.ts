import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import { keyOf, newContact } from './documents.js';
import { eventsOf, newContactId, pairOfInstances, reasonOf, sendRequest } from './testing/pair.js';
import { asAdmin, asAgent, asBoss, asSystem, asVisitor, startRequest } from './testing/service.js';

const pair = pairOfInstances();

describe('contacts', () => {
  it('are found by name once the visitor introduced themselves, and changed conditionally', async () => {
    const contactId = newContactId();
    const visitor = asVisitor(contactId);
    const { conversationId } = await pair.one.public.startConversation(startRequest('s'), visitor);
    await pair.one.public.introduceVisitor(
      { conversationId, commandId: 'i', name: 'Zoë Quill', email: 'zoe@example.org' },
      visitor,
    );
    const { contacts } = await pair.two.public.listContacts(
      { query: 'quill', page: undefined },
      asAgent('ann'),
    );
    expect(contacts).toMatchObject([{ contactId, name: 'Zoë Quill', openConversationId: conversationId }]);
    const version = contacts[0]?.version ?? 0;
    const update = {
      contactId,
      name: 'Zoe Q.',
      email: undefined,
      attributes: { plan: 'gold' },
      expectedVersion: version,
    };
    expect((await pair.two.public.updateContact(update, asAgent('ann'))).contact).toMatchObject({
      name: 'Zoe Q.',
      email: 'zoe@example.org',
      attributes: { plan: 'gold' },
    });
    expect(await reasonOf(pair.one.public.updateContact(update, asAgent('ann')))).toBe('VERSION_CONFLICT');
    expect(
      (await pair.one.public.getContact({ contactId: 'somebody-else' }, visitor)).contact?.contactId,
    ).toBe(contactId);
    expect(await reasonOf(pair.one.public.getContact({ contactId }, asAgent('ann', 'rival')))).toBe(
      'CONTACT_NOT_FOUND',
    );
  });

  it('identified, become the known person; the open chat comes along', async () => {
    const [phone, laptop] = [newContactId(), newContactId()];
    const externalId = `customer-${phone}`;
    const claim = { externalId, name: 'Noor', email: 'noor@example.org', attributes: { tier: 'vip' } };
    const first = await pair.one.internal.identifyContact({ contactId: phone, ...claim }, asSystem());
    expect(first.contact).toMatchObject({ contactId: phone, verified: true, externalId });

    const { conversationId } = await pair.one.public.startConversation(startRequest('s'), asVisitor(laptop));
    const merged = await pair.two.internal.identifyContact({ contactId: laptop, ...claim }, asSystem());
    expect(merged.contact).toMatchObject({ contactId: phone, openConversationId: conversationId });
    const identity = (await eventsOf(pair.two, conversationId)).find(
      ({ event }) => event?.event?.$case === 'visitorIdentified',
    );
    expect(identity?.event?.event?.value).toMatchObject({ verified: true, externalId, name: 'Noor' });

    for (const contactId of [phone, laptop])
      expect((await pair.one.internal.listPersonIds({ contactId }, asSystem())).contactIds.sort()).toEqual(
        [phone, laptop].sort(),
      );
    // Both the new session and the one from before may go on in it; a start finds it.
    await pair.one.public.sendMessage(sendRequest(conversationId, 'v1', 'from the phone'), asVisitor(phone));
    await pair.two.public.sendMessage(
      sendRequest(conversationId, 'v2', 'from the laptop'),
      asVisitor(laptop),
    );
    expect(await pair.one.public.startConversation(startRequest('s2'), asVisitor(phone))).toMatchObject({
      conversationId,
    });
    expect(await pair.one.public.startConversation(startRequest('s3'), asVisitor(laptop))).toMatchObject({
      conversationId,
    });
    expect((await pair.one.public.getContact({ contactId: '' }, asVisitor(laptop))).contact?.contactId).toBe(
      phone,
    );
    expect(
      await reasonOf(
        pair.one.public.sendMessage(sendRequest(conversationId, 'x', 'x'), asVisitor(newContactId())),
      ),
    ).toBe('CONVERSATION_NOT_FOUND');
  });

  it('identified, take the open chat along also to a person whose last one is over', async () => {
    const [before, now] = [newContactId(), newContactId()];
    const claim = { externalId: `returning-${before}`, name: 'Ilse', email: '', attributes: {} };
    await pair.one.internal.identifyContact({ contactId: before, ...claim }, asSystem());
    const last = await pair.one.public.startConversation(startRequest('s'), asVisitor(before));
    await pair.one.public.closeConversation(
      { conversationId: last.conversationId, commandId: 'c', reason: 0 },
      asVisitor(before),
    );
    const { conversationId } = await pair.two.public.startConversation(startRequest('s'), asVisitor(now));
    const merged = await pair.two.internal.identifyContact({ contactId: now, ...claim }, asSystem());
    expect(merged.contact).toMatchObject({ contactId: before, openConversationId: conversationId });
    // One that is open is not left for another.
    const third = newContactId();
    await pair.one.public.startConversation(startRequest('s'), asVisitor(third));
    const other = await pair.one.internal.identifyContact({ contactId: third, ...claim }, asSystem());
    expect(other.contact).toMatchObject({ contactId: before, openConversationId: conversationId });
    // Nor is it lost to who comes with nothing, as after an answer that did not arrive.
    const nothing = await pair.two.internal.identifyContact(
      { contactId: newContactId(), ...claim },
      asSystem(),
    );
    expect(nothing.contact).toMatchObject({ contactId: before, openConversationId: conversationId });
  });

  it('of a browser that somebody else signs in from are not merged', async () => {
    const contactId = newContactId();
    const claim = (externalId: string) => ({ contactId, externalId, name: '', email: '', attributes: {} });
    const first = await pair.one.internal.identifyContact(claim(`a-${contactId}`), asSystem());
    const second = await pair.one.internal.identifyContact(claim(`b-${contactId}`), asSystem());
    expect(second.contact?.contactId).not.toBe(first.contact?.contactId);
    expect(
      (await pair.one.internal.identifyContact(claim(`a-${contactId}`), asSystem())).contact?.contactId,
    ).toBe(contactId);
  });

  it('identified by two at once are one', async () => {
    const externalId = `race-${newContactId()}`;
    const answers = await Promise.all(
      [pair.one, pair.two, pair.one, pair.two].map((instance) =>
        instance.internal.identifyContact(
          { contactId: newContactId(), externalId, name: 'Kai', email: '', attributes: {} },
          asSystem(),
        ),
      ),
    );
    expect(new Set(answers.map((answer) => answer.contact?.contactId)).size).toBe(1);
  });

  it('erased, leave nothing personal in documents, lists and search', async () => {
    const contactId = newContactId();
    const visitor = asVisitor(contactId, 'erasing');
    const ids: string[] = [];
    for (const n of [1, 2]) {
      const { conversationId } = await pair.one.public.startConversation(
        startRequest(`s${n}`, {
          name: 'Secretia Hush',
          email: 'hush@example.org',
          messageId: `m${n}`,
          text: 'my secret',
          topic: 'secret topic',
          page: { url: 'https://shop.example/account/secret-page', title: 'Order of Secretia' },
        }),
        visitor,
      );
      await pair.two.public.changePage(
        { conversationId, commandId: 'p', page: { url: 'https://shop.example/secret-page', title: 'x' } },
        visitor,
      );
      await pair.one.public.closeConversation({ conversationId, commandId: 'c', reason: 0 }, visitor);
      ids.push(conversationId);
    }
    await pair.one.consumer.caughtUp();
    const erase = { contactId, commandId: 'erase-1', reason: '' };
    expect(await reasonOf(pair.one.public.eraseContact(erase, asAgent('ann', 'erasing')))).toBe(
      'ROLE_NOT_ALLOWED',
    );
    expect(await pair.two.public.eraseContact(erase, asAdmin('erasing'))).toEqual({ conversations: 2 });
    expect(await pair.one.public.eraseContact(erase, asAdmin('erasing'))).toEqual({ conversations: 2 });
    await pair.one.consumer.caughtUp();
    for (const id of ids) {
      const erasures = (await eventsOf(pair.two, id, asBoss('erasing'))).filter(
        ({ event }) => event?.event?.$case === 'contentErased',
      );
      expect(erasures).toHaveLength(1);
    }
    const { rows } = await pair.two.public.listInbox(
      { scope: conversation.InboxScope.INBOX_SCOPE_CLOSED, queueId: '', page: undefined },
      asBoss('erasing'),
    );
    const { contacts } = await pair.two.public.listContacts(
      { query: 'secretia', page: undefined },
      asBoss('erasing'),
    );
    const { contact } = await pair.two.public.getContact({ contactId }, asBoss('erasing'));
    expect(contacts).toEqual([]);
    expect(rows).toHaveLength(2);
    const heads = await Promise.all(
      [pair.one, pair.two].flatMap(({ public: api }) =>
        ids.map((conversationId) => api.getConversation({ conversationId }, asBoss('erasing'))),
      ),
    );
    expect(JSON.stringify([rows, contact, heads])).not.toMatch(/secret|hush@/i);
    const raw = await pair.one.documents.inbox.getMany(ids.map((id) => `erasing.${id}`));
    expect(raw.size).toBe(2);
    expect(JSON.stringify([...raw.values()])).not.toMatch(/secret|hush@/i);
  });

  it('erased, take all that were merged into them along, however many', async () => {
    const tenant = 'merged';
    const contactId = newContactId();
    await pair.one.public.startConversation(
      startRequest('s', { name: 'Secretia' }),
      asVisitor(contactId, tenant),
    );
    const { contacts } = pair.one.documents;
    const merged = Array.from({ length: 2_100 }, (_, i) => ({
      ...newContact(tenant, `merged-${i}`, 1),
      version: 1,
      name: 'Secretia',
      mergedInto: contactId,
      personKey: keyOf(tenant, contactId),
    }));
    await contacts.put(merged);
    await pair.two.public.eraseContact({ contactId, commandId: 'erase', reason: '' }, asAdmin(tenant));
    const names = [...(await contacts.getMany(merged.map(({ id }) => id))).values()].map(({ name }) => name);
    expect(names).toHaveLength(merged.length);
    expect(new Set(names)).toEqual(new Set(['']));
  });
});
