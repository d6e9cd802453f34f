import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { conversation, conversationLiveSubject, inboxLiveSubject, log } from '@parley/contracts';
import { ApiError, newUlid } from '@parley/kernel';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import {
  asAdmin,
  asAgent,
  asBoss,
  asSystem,
  asVisitor,
  consumeAll,
  joinRequest,
  ShiftedClock,
  startInstance,
  startRequest,
  temporaryFolder,
  type Instance,
} from './testing/service.js';
import { HOUR } from './testing/story.js';

let nats: TestNats;
let one: Instance;
let two: Instance;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const clock = new ShiftedClock();

beforeAll(async () => {
  nats = await startNats();
  folder = await temporaryFolder();
  one = await startInstance(nats.url, folder.path, clock);
  two = await startInstance(nats.url, folder.path, clock);
  await consumeAll(one);
});
afterAll(async () => {
  await one.stop();
  await two.stop();
  await folder.remove();
  await nats.stop();
});

const newContactId = (): string => newUlid(Date.now());
const reasonOf = async (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof ApiError ? error.details.reason : String(error)),
  );
const send = (conversationId: string, messageId: string, text: string, clientSeq = 0) =>
  conversation.SendMessageRequest.fromPartial({ conversationId, messageId, text, clientSeq });
const eventsOf = async (conversationId: string, context = asBoss()) =>
  (await two.public.listEvents({ conversationId, afterVersion: 0, limit: 0 }, context)).events;
const textsOf = async (conversationId: string): Promise<string[]> =>
  (await eventsOf(conversationId)).flatMap(({ event }) =>
    event?.event?.$case === 'messageSent' && event.event.value.content?.$case === 'text'
      ? [event.event.value.content.value.text]
      : [],
  );

describe('starting', () => {
  it('two tabs at once at two instances open one conversation, with the words of both', async () => {
    for (let round = 0; round < 10; round++) {
      const contactId = newContactId();
      const tabs = [one, two, one, two].map((instance, tab) =>
        instance.public.startConversation(
          startRequest(`tab-${tab}-${contactId}`.slice(0, 64), {
            messageId: `m${tab}`,
            text: `hello from tab ${tab}`,
          }),
          asVisitor(contactId),
        ),
      );
      const answers = await Promise.all(tabs);
      const ids = new Set(answers.map((answer) => answer.conversationId));
      expect(ids.size).toBe(1);
      expect(answers.filter((answer) => answer.created)).toHaveLength(1);
      const [id] = ids;
      expect((await textsOf(id ?? '')).sort()).toEqual([0, 1, 2, 3].map((tab) => `hello from tab ${tab}`));
    }
  });

  it('repeated, answers the same; also after it was closed', async () => {
    const contactId = newContactId();
    const request = startRequest('start-1', { messageId: 'm1', text: 'hi' });
    const first = await one.public.startConversation(request, asVisitor(contactId));
    expect(await two.public.startConversation(request, asVisitor(contactId))).toEqual(first);
    await one.public.closeConversation(
      { conversationId: first.conversationId, commandId: 'close-1', reason: 0 },
      asVisitor(contactId),
    );
    expect(await two.public.startConversation(request, asVisitor(contactId))).toEqual(first);
    expect(await textsOf(first.conversationId)).toEqual(['hi']);
    const next = await two.public.startConversation(startRequest('start-2'), asVisitor(contactId));
    expect(next).toMatchObject({ created: true });
    expect(next.conversationId).not.toBe(first.conversationId);
  });

  it('finishes what another process reserved and never began', async () => {
    const contactId = newContactId();
    const reserved = `0-${newUlid(Date.now())}`;
    await one.assembly.parts.contacts.change('acme', contactId, (contact) => ({
      ...contact,
      openConversationId: reserved,
      openedBy: 'crashed',
    }));
    const answer = await two.public.startConversation(
      startRequest('start-3', { text: 'anybody there?' }),
      asVisitor(contactId),
    );
    expect(answer).toMatchObject({ conversationId: reserved, created: true });
    expect(await textsOf(reserved)).toEqual(['anybody there?']);
  });

  it('keeps tenants apart', async () => {
    const contactId = newContactId();
    const { conversationId } = await one.public.startConversation(startRequest('s'), asVisitor(contactId));
    expect(
      await reasonOf(one.public.sendMessage(send(conversationId, 'm', 'x'), asVisitor(contactId, 'rival'))),
    ).toBe('CONVERSATION_NOT_FOUND');
    expect(await reasonOf(one.public.getConversation({ conversationId }, asBoss('rival')))).toBe(
      'CONVERSATION_NOT_FOUND',
    );
  });
});

describe('a chat', () => {
  it('goes from visitor to agent and back, answered and ordered, over two instances', async () => {
    const contactId = newContactId();
    const visitor = asVisitor(contactId);
    const { conversationId } = await one.public.startConversation(
      startRequest('s', { name: 'Mia' }),
      visitor,
    );
    await two.internal.joinConversation(joinRequest(conversationId, 'ann'), asSystem());
    const sent = await one.public.sendMessage(send(conversationId, 'v1', 'Is it black tea?', 1), visitor);
    expect(await two.public.sendMessage(send(conversationId, 'v1', 'Is it black tea?', 1), visitor)).toEqual(
      sent,
    );
    expect(await reasonOf(one.public.sendMessage(send(conversationId, 'v3', 'no', 3), visitor))).toBe(
      'OUT_OF_ORDER',
    );
    await two.public.sendMessage(send(conversationId, 'a1', 'It is.', 1), asAgent('ann'));
    await one.public.addNote({ conversationId, noteId: 'n1', text: 'likes tea' }, asAgent('ann'));
    await one.public.markRead({ conversationId, version: sent.version }, asAgent('ann'));

    const seen = await eventsOf(conversationId, visitor);
    expect(seen.map((event) => event.version)).toEqual(seen.map((_, i) => i + 1));
    expect(JSON.stringify(seen)).not.toContain('likes tea');
    expect(JSON.stringify(await eventsOf(conversationId, asAgent('bob')))).toContain('likes tea');
    const { conversation: head } = await two.public.getConversation({ conversationId }, visitor);
    expect(head).toMatchObject({
      version: seen.length,
      agentName: 'ANN',
      visitorClientSeq: 1,
      ownClientSeq: 1,
      agentReadVersion: sent.version,
    });
    const heads = await two.internal.getHeads(
      { partition: 0, conversationIds: [conversationId, '0-none'] },
      asSystem(),
    );
    expect(heads.heads).toEqual({ [conversationId]: seen.length });
  });

  it('of another visitor is not there', async () => {
    const { conversationId } = await one.public.startConversation(
      startRequest('s'),
      asVisitor(newContactId()),
    );
    const other = asVisitor(newContactId());
    for (const work of [
      () => one.public.listEvents({ conversationId, afterVersion: 0, limit: 0 }, other),
      () => one.public.getConversation({ conversationId }, other),
      () => one.public.sendMessage(send(conversationId, 'm', 'x'), other),
      () => one.public.reopenConversation({ conversationId, commandId: 'r' }, other),
    ])
      expect(await reasonOf(work())).toBe('CONVERSATION_NOT_FOUND');
  });

  it('is published live after it is durable, with a row for those it concerns', async () => {
    const contactId = newContactId();
    const { conversationId } = await one.public.startConversation(
      startRequest('s', { name: 'Mia' }),
      asVisitor(contactId),
    );
    const commits: log.Commit[] = [];
    const rows: { subject: string; row: conversation.InboxRow }[] = [];
    one.bus.subscribe(conversationLiveSubject('acme', conversationId), ({ data }) =>
      commits.push(log.Commit.decode(data)),
    );
    one.bus.subscribe('inbox.live.acme.*', ({ subject, data }) => {
      const row = conversation.InboxRow.decode(data);
      if (row.conversationId === conversationId) rows.push({ subject, row });
    });
    await one.bus.flush();
    await two.internal.joinConversation(joinRequest(conversationId, 'ann'), asSystem());
    await eventually(() => expect(rows.length).toBeGreaterThanOrEqual(3));
    await two.public.sendMessage(send(conversationId, 'a1', 'Hello', 1), asAgent('ann'));
    await eventually(() => expect(rows.length).toBeGreaterThanOrEqual(5));
    expect(commits.map((commit) => commit.commandId)).toEqual(['join-ann', 'a1']);
    // It stopped waiting: its queue hears of that once, and no more.
    expect(rows.map(({ subject }) => subject).sort()).toEqual(
      [
        inboxLiveSubject('acme', 'agent-ann'),
        inboxLiveSubject('acme', 'agent-ann'),
        inboxLiveSubject('acme', 'all'),
        inboxLiveSubject('acme', 'all'),
        inboxLiveSubject('acme', 'queue-default'),
      ].sort(),
    );
    expect(rows.at(-1)?.row).toMatchObject({ contactName: 'Mia', lastText: 'Hello', agentIds: ['ann'] });
  });

  it('is reopened for its visitor, unless they have another one open', async () => {
    const visitor = asVisitor(newContactId());
    const first = await one.public.startConversation(startRequest('s1'), visitor);
    const { conversationId } = first;
    await one.public.closeConversation({ conversationId, commandId: 'c1', reason: 0 }, visitor);
    await one.consumer.caughtUp();
    await one.public.reopenConversation({ conversationId, commandId: 'r1' }, visitor);
    expect(await two.public.startConversation(startRequest('s2'), visitor)).toMatchObject({
      conversationId,
      created: false,
    });
    await one.public.closeConversation({ conversationId, commandId: 'c2', reason: 0 }, visitor);
    await one.public.rateConversation({ conversationId, commandId: 'rate', score: 5, comment: '' }, visitor);
    const second = await two.public.startConversation(startRequest('s3'), visitor);
    expect(second.conversationId).not.toBe(conversationId);
    expect(await reasonOf(one.public.reopenConversation({ conversationId, commandId: 'r2' }, visitor))).toBe(
      'OTHER_CONVERSATION_OPEN',
    );
  });

  it('purged from the log is read from transcript', async () => {
    const visitor = asVisitor(newContactId());
    const { conversationId } = await one.public.startConversation(
      startRequest('s', { text: 'first words' }),
      visitor,
    );
    const { version } = await one.public.closeConversation(
      { conversationId, commandId: 'c', reason: 0 },
      visitor,
    );
    const { commits, head } = await one.eventLog.load('acme', conversationId);
    for (const instance of [one, two])
      instance.kept.set(
        conversationId,
        commits.map(({ commit }) => commit),
      );
    await one.eventLog.purge('acme', conversationId, head.seq);
    expect(await textsOf(conversationId)).toEqual(['first words']);
    expect((await two.public.getConversation({ conversationId }, visitor)).conversation).toMatchObject({
      version,
    });
    const rated = await one.public.rateConversation(
      { conversationId, commandId: 'rate', score: 4, comment: '' },
      visitor,
    );
    expect(rated.version).toBe(version + 1);
    expect((await eventsOf(conversationId)).map((event) => event.version)).toEqual(
      Array.from({ length: version + 1 }, (_, i) => i + 1),
    );
  });
});

describe('the inbox', () => {
  const listed = async (
    scope: conversation.InboxScope,
    context = asAgent('ivy', 'inbox'),
    cursor = '',
    limit = 0,
  ) => two.public.listInbox({ scope, queueId: '', page: { limit, cursor } }, context);
  const { InboxScope: Scope } = conversation;
  const idsIn = async (
    scope: conversation.InboxScope,
    context = asAgent('ivy', 'inbox'),
  ): Promise<string[]> => (await listed(scope, context)).rows.map((row) => row.conversationId);

  it('moves a chat from the queue to its agent and to the closed ones', async () => {
    const visitor = asVisitor(newContactId(), 'inbox');
    const { conversationId } = await one.public.startConversation(
      startRequest('s', { name: 'Mia' }),
      visitor,
    );
    await one.consumer.caughtUp();
    expect(await idsIn(Scope.INBOX_SCOPE_QUEUE)).toEqual([conversationId]);
    await one.internal.joinConversation(joinRequest(conversationId, 'ivy'), asSystem('inbox'));
    await one.public.sendMessage(send(conversationId, 'v1', 'hello', 1), visitor);
    await one.consumer.caughtUp();
    expect(await idsIn(Scope.INBOX_SCOPE_QUEUE)).toEqual([]);
    const { rows } = await listed(Scope.INBOX_SCOPE_MINE);
    expect(rows[0]).toMatchObject({ conversationId, contactName: 'Mia', lastText: 'hello', unread: 1 });
    expect(await idsIn(Scope.INBOX_SCOPE_MINE, asAgent('max', 'inbox'))).toEqual([]);
    expect(await idsIn(Scope.INBOX_SCOPE_ALL, asBoss('inbox'))).toEqual([conversationId]);
    expect(await reasonOf(listed(Scope.INBOX_SCOPE_ALL))).toBe('ROLE_NOT_ALLOWED');
    await one.public.closeConversation(
      { conversationId, commandId: 'c', reason: 1 },
      asAgent('ivy', 'inbox'),
    );
    await one.consumer.caughtUp();
    expect(await idsIn(Scope.INBOX_SCOPE_MINE)).toEqual([]);
    expect(await idsIn(Scope.INBOX_SCOPE_CLOSED)).toEqual([conversationId]);
    expect(await idsIn(Scope.INBOX_SCOPE_CLOSED, asAgent('max', 'inbox'))).toEqual([]);
    expect(await idsIn(Scope.INBOX_SCOPE_CLOSED, asBoss('inbox'))).toEqual([conversationId]);
    expect(await idsIn(Scope.INBOX_SCOPE_CLOSED, asBoss('elsewhere'))).toEqual([]);
  });

  it('is paged, longest waiting first', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      const answer = await one.public.startConversation(
        startRequest('s'),
        asVisitor(newContactId(), 'paged'),
      );
      ids.push(answer.conversationId);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await one.consumer.caughtUp();
    const found: string[] = [];
    for (let cursor = ''; ;) {
      const page = await listed(Scope.INBOX_SCOPE_QUEUE, asAgent('ivy', 'paged'), cursor, 2);
      found.push(...page.rows.map((row) => row.conversationId));
      if (!(cursor = page.nextCursor)) break;
    }
    expect([...found].sort()).toEqual([...ids].sort());
    expect(found).toHaveLength(5);
  });
});

describe('contacts', () => {
  it('are found by name once the visitor introduced themselves, and changed conditionally', async () => {
    const contactId = newContactId();
    const visitor = asVisitor(contactId);
    const { conversationId } = await one.public.startConversation(startRequest('s'), visitor);
    await one.public.introduceVisitor(
      { conversationId, commandId: 'i', name: 'Zoë Quill', email: 'zoe@example.org' },
      visitor,
    );
    const { contacts } = await two.public.listContacts({ query: 'quill', page: undefined }, asAgent('ann'));
    expect(contacts).toMatchObject([{ contactId, name: 'Zoë Quill', openConversationId: conversationId }]);
    const version = contacts[0]?.version ?? 0;
    const update = {
      contactId,
      name: 'Zoe Q.',
      email: undefined,
      attributes: { plan: 'gold' },
      expectedVersion: version,
    };
    expect((await two.public.updateContact(update, asAgent('ann'))).contact).toMatchObject({
      name: 'Zoe Q.',
      email: 'zoe@example.org',
      attributes: { plan: 'gold' },
    });
    expect(await reasonOf(one.public.updateContact(update, asAgent('ann')))).toBe('VERSION_CONFLICT');
    expect((await one.public.getContact({ contactId: 'somebody-else' }, visitor)).contact?.contactId).toBe(
      contactId,
    );
    expect(await reasonOf(one.public.getContact({ contactId }, asAgent('ann', 'rival')))).toBe(
      'CONTACT_NOT_FOUND',
    );
  });

  it('identified, become the known person; the open chat comes along', async () => {
    const [phone, laptop] = [newContactId(), newContactId()];
    const externalId = `customer-${phone}`;
    const claim = { externalId, name: 'Noor', email: 'noor@example.org', attributes: { tier: 'vip' } };
    const first = await one.internal.identifyContact({ contactId: phone, ...claim }, asSystem());
    expect(first.contact).toMatchObject({ contactId: phone, verified: true, externalId });

    const { conversationId } = await one.public.startConversation(startRequest('s'), asVisitor(laptop));
    const merged = await two.internal.identifyContact({ contactId: laptop, ...claim }, asSystem());
    expect(merged.contact).toMatchObject({ contactId: phone, openConversationId: conversationId });
    const identity = (await eventsOf(conversationId)).find(
      ({ event }) => event?.event?.$case === 'visitorIdentified',
    );
    expect(identity?.event?.event?.value).toMatchObject({ verified: true, externalId, name: 'Noor' });

    for (const contactId of [phone, laptop])
      expect((await one.internal.listPersonIds({ contactId }, asSystem())).contactIds.sort()).toEqual(
        [phone, laptop].sort(),
      );
    // Both the new session and the one from before may go on in it; a start finds it.
    await one.public.sendMessage(send(conversationId, 'v1', 'from the phone'), asVisitor(phone));
    await two.public.sendMessage(send(conversationId, 'v2', 'from the laptop'), asVisitor(laptop));
    expect(await one.public.startConversation(startRequest('s2'), asVisitor(phone))).toMatchObject({
      conversationId,
    });
    expect(await one.public.startConversation(startRequest('s3'), asVisitor(laptop))).toMatchObject({
      conversationId,
    });
    expect((await one.public.getContact({ contactId: '' }, asVisitor(laptop))).contact?.contactId).toBe(
      phone,
    );
    expect(
      await reasonOf(one.public.sendMessage(send(conversationId, 'x', 'x'), asVisitor(newContactId()))),
    ).toBe('CONVERSATION_NOT_FOUND');
  });

  it('of a browser that somebody else signs in from are not merged', async () => {
    const contactId = newContactId();
    const claim = (externalId: string) => ({ contactId, externalId, name: '', email: '', attributes: {} });
    const first = await one.internal.identifyContact(claim(`a-${contactId}`), asSystem());
    const second = await one.internal.identifyContact(claim(`b-${contactId}`), asSystem());
    expect(second.contact?.contactId).not.toBe(first.contact?.contactId);
    expect((await one.internal.identifyContact(claim(`a-${contactId}`), asSystem())).contact?.contactId).toBe(
      contactId,
    );
  });

  it('identified by two at once are one', async () => {
    const externalId = `race-${newContactId()}`;
    const answers = await Promise.all(
      [one, two, one, two].map((instance) =>
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
      const { conversationId } = await one.public.startConversation(
        startRequest(`s${n}`, {
          name: 'Secretia Hush',
          email: 'hush@example.org',
          messageId: `m${n}`,
          text: 'my secret',
        }),
        visitor,
      );
      await one.public.closeConversation({ conversationId, commandId: 'c', reason: 0 }, visitor);
      ids.push(conversationId);
    }
    await one.consumer.caughtUp();
    const erase = { contactId, commandId: 'erase-1', reason: '' };
    expect(await reasonOf(one.public.eraseContact(erase, asAgent('ann', 'erasing')))).toBe(
      'ROLE_NOT_ALLOWED',
    );
    expect(await two.public.eraseContact(erase, asAdmin('erasing'))).toEqual({ conversations: 2 });
    expect(await one.public.eraseContact(erase, asAdmin('erasing'))).toEqual({ conversations: 2 });
    await one.consumer.caughtUp();
    for (const id of ids) {
      const erasures = (await eventsOf(id, asBoss('erasing'))).filter(
        ({ event }) => event?.event?.$case === 'contentErased',
      );
      expect(erasures).toHaveLength(1);
    }
    const { rows } = await two.public.listInbox(
      { scope: conversation.InboxScope.INBOX_SCOPE_CLOSED, queueId: '', page: undefined },
      asBoss('erasing'),
    );
    const { contacts } = await two.public.listContacts(
      { query: 'secretia', page: undefined },
      asBoss('erasing'),
    );
    const { contact } = await two.public.getContact({ contactId }, asBoss('erasing'));
    expect(contacts).toEqual([]);
    expect(rows).toHaveLength(2);
    expect(JSON.stringify([rows, contact])).not.toMatch(/Secretia|hush@|my secret/);
    const raw = await one.documents.inbox.getMany(ids.map((id) => `erasing.${id}`));
    expect(raw.size).toBe(2);
    expect(JSON.stringify([...raw.values()])).not.toMatch(/Secretia|hush@|my secret/);
  });
});

it('an unanswered visitor who left has abandoned; late reopening is refused', async () => {
  const visitor = asVisitor(newContactId());
  const { conversationId } = await one.public.startConversation(startRequest('s'), visitor);
  const lastContactAt = new Date(clock.now() + 1_000);
  await two.internal.visitorLeft({ conversationId, commandId: 'left', lastContactAt }, asSystem());
  expect((await one.public.getConversation({ conversationId }, asBoss())).conversation).toMatchObject({
    closeReason: conversation.CloseReason.CLOSE_REASON_ABANDONED,
  });
  clock.advance(25 * HOUR);
  const later = { ...visitor, deadline: clock.now() + 10_000 };
  expect(await reasonOf(one.public.reopenConversation({ conversationId, commandId: 'r' }, later))).toBe(
    'REOPEN_WINDOW_OVER',
  );
});
