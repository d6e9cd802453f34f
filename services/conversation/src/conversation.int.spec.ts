import { describe, expect, it } from '@jest/globals';
import { conversation, conversationLiveSubject, inboxLiveSubject, log } from '@parley/contracts';
import { newUlid } from '@parley/kernel';
import { eventually } from '@parley/testkit';
import { eventsOf, newContactId, pairOfInstances, reasonOf, sendRequest, textsOf } from './testing/pair.js';
import { asAgent, asBoss, asSystem, asVisitor, joinRequest, startRequest } from './testing/service.js';
import { HOUR } from './testing/story.js';

const pair = pairOfInstances();

describe('starting', () => {
  it('two tabs at once at two instances open one conversation, with the words of both', async () => {
    for (let round = 0; round < 10; round++) {
      const contactId = newContactId();
      const tabs = [pair.one, pair.two, pair.one, pair.two].map((instance, tab) =>
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
      expect((await textsOf(pair.two, id ?? '')).sort()).toEqual(
        [0, 1, 2, 3].map((tab) => `hello from tab ${tab}`),
      );
    }
  });

  it('repeated, answers the same; also after it was closed', async () => {
    const contactId = newContactId();
    const request = startRequest('start-1', { messageId: 'm1', text: 'hi' });
    const first = await pair.one.public.startConversation(request, asVisitor(contactId));
    expect(await pair.two.public.startConversation(request, asVisitor(contactId))).toEqual(first);
    await pair.one.public.closeConversation(
      { conversationId: first.conversationId, commandId: 'close-1', reason: 0 },
      asVisitor(contactId),
    );
    expect(await pair.two.public.startConversation(request, asVisitor(contactId))).toEqual(first);
    expect(await textsOf(pair.two, first.conversationId)).toEqual(['hi']);
    const next = await pair.two.public.startConversation(startRequest('start-2'), asVisitor(contactId));
    expect(next).toMatchObject({ created: true });
    expect(next.conversationId).not.toBe(first.conversationId);
  });

  it('finishes what another process reserved and never began', async () => {
    const contactId = newContactId();
    const reserved = `0-${newUlid(Date.now())}`;
    await pair.one.assembly.parts.contacts.change('acme', contactId, (contact) => ({
      ...contact,
      openConversationId: reserved,
      openedBy: 'crashed',
    }));
    const answer = await pair.two.public.startConversation(
      startRequest('start-3', { text: 'anybody there?' }),
      asVisitor(contactId),
    );
    expect(answer).toMatchObject({ conversationId: reserved, created: true });
    expect(await textsOf(pair.two, reserved)).toEqual(['anybody there?']);
  });

  it('keeps tenants apart', async () => {
    const contactId = newContactId();
    const { conversationId } = await pair.one.public.startConversation(
      startRequest('s'),
      asVisitor(contactId),
    );
    expect(
      await reasonOf(
        pair.one.public.sendMessage(sendRequest(conversationId, 'm', 'x'), asVisitor(contactId, 'rival')),
      ),
    ).toBe('CONVERSATION_NOT_FOUND');
    expect(await reasonOf(pair.one.public.getConversation({ conversationId }, asBoss('rival')))).toBe(
      'CONVERSATION_NOT_FOUND',
    );
  });
});

describe('a chat', () => {
  it('goes from visitor to agent and back, answered and ordered, over two instances', async () => {
    const contactId = newContactId();
    const visitor = asVisitor(contactId);
    const { conversationId } = await pair.one.public.startConversation(
      startRequest('s', { name: 'Mia' }),
      visitor,
    );
    await pair.two.internal.joinConversation(joinRequest(conversationId, 'ann'), asSystem());
    const sent = await pair.one.public.sendMessage(
      sendRequest(conversationId, 'v1', 'Is it black tea?', 1),
      visitor,
    );
    expect(
      await pair.two.public.sendMessage(sendRequest(conversationId, 'v1', 'Is it black tea?', 1), visitor),
    ).toEqual(sent);
    expect(
      await reasonOf(pair.one.public.sendMessage(sendRequest(conversationId, 'v3', 'no', 3), visitor)),
    ).toBe('OUT_OF_ORDER');
    await pair.two.public.sendMessage(sendRequest(conversationId, 'a1', 'It is.', 1), asAgent('ann'));
    await pair.one.public.addNote({ conversationId, noteId: 'n1', text: 'likes tea' }, asAgent('ann'));
    await pair.one.public.markRead({ conversationId, version: sent.version }, asAgent('ann'));

    const seen = await eventsOf(pair.two, conversationId, visitor);
    expect(seen.map((event) => event.version)).toEqual(seen.map((_, i) => i + 1));
    expect(JSON.stringify(seen)).not.toContain('likes tea');
    expect(JSON.stringify(await eventsOf(pair.two, conversationId, asAgent('bob')))).toContain('likes tea');
    const { conversation: head } = await pair.two.public.getConversation({ conversationId }, visitor);
    expect(head).toMatchObject({
      version: seen.length,
      agentName: 'ANN',
      visitorClientSeq: 1,
      ownClientSeq: 1,
      agentReadVersion: sent.version,
    });
    const heads = await pair.two.internal.getHeads(
      { partition: 0, conversationIds: [conversationId, '0-none'] },
      asSystem(),
    );
    expect(heads.heads).toEqual({ [conversationId]: seen.length });
  });

  it('of another visitor is not there', async () => {
    const { conversationId } = await pair.one.public.startConversation(
      startRequest('s'),
      asVisitor(newContactId()),
    );
    const other = asVisitor(newContactId());
    for (const work of [
      () => pair.one.public.listEvents({ conversationId, afterVersion: 0, limit: 0 }, other),
      () => pair.one.public.getConversation({ conversationId }, other),
      () => pair.one.public.sendMessage(sendRequest(conversationId, 'm', 'x'), other),
      () => pair.one.public.reopenConversation({ conversationId, commandId: 'r' }, other),
    ])
      expect(await reasonOf(work())).toBe('CONVERSATION_NOT_FOUND');
  });

  it('is published live after it is durable, with a row for those it concerns', async () => {
    const contactId = newContactId();
    const { conversationId } = await pair.one.public.startConversation(
      startRequest('s', { name: 'Mia' }),
      asVisitor(contactId),
    );
    // What the start led to has left both instances before anybody listens here.
    await Promise.all([pair.one.bus.flush(), pair.two.bus.flush()]);
    const commits: log.Commit[] = [];
    const rows: { subject: string; row: conversation.InboxRow }[] = [];
    pair.one.bus.subscribe(conversationLiveSubject('acme', conversationId), ({ data }) =>
      commits.push(log.Commit.decode(data)),
    );
    pair.one.bus.subscribe('inbox.live.acme.*', ({ subject, data }) => {
      const row = conversation.InboxRow.decode(data);
      if (row.conversationId === conversationId) rows.push({ subject, row });
    });
    await pair.one.bus.flush();
    await pair.two.internal.joinConversation(joinRequest(conversationId, 'ann'), asSystem());
    await eventually(() => expect(rows.length).toBeGreaterThanOrEqual(3));
    await pair.two.public.sendMessage(sendRequest(conversationId, 'a1', 'Hello', 1), asAgent('ann'));
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
    const first = await pair.one.public.startConversation(startRequest('s1'), visitor);
    const { conversationId } = first;
    await pair.one.public.closeConversation({ conversationId, commandId: 'c1', reason: 0 }, visitor);
    await pair.one.consumer.caughtUp();
    await pair.one.public.reopenConversation({ conversationId, commandId: 'r1' }, visitor);
    expect(await pair.two.public.startConversation(startRequest('s2'), visitor)).toMatchObject({
      conversationId,
      created: false,
    });
    await pair.one.public.closeConversation({ conversationId, commandId: 'c2', reason: 0 }, visitor);
    await pair.one.public.rateConversation(
      { conversationId, commandId: 'rate', score: 5, comment: '' },
      visitor,
    );
    const second = await pair.two.public.startConversation(startRequest('s3'), visitor);
    expect(second.conversationId).not.toBe(conversationId);
    expect(
      await reasonOf(pair.one.public.reopenConversation({ conversationId, commandId: 'r2' }, visitor)),
    ).toBe('OTHER_CONVERSATION_OPEN');
  });

  it('purged from the log is read from transcript', async () => {
    const visitor = asVisitor(newContactId());
    const { conversationId } = await pair.one.public.startConversation(
      startRequest('s', { text: 'first words' }),
      visitor,
    );
    const { version } = await pair.one.public.closeConversation(
      { conversationId, commandId: 'c', reason: 0 },
      visitor,
    );
    const { commits, head } = await pair.one.eventLog.load('acme', conversationId);
    for (const instance of [pair.one, pair.two])
      instance.kept.set(
        conversationId,
        commits.map(({ commit }) => commit),
      );
    await pair.one.eventLog.purge('acme', conversationId, head.seq);
    expect(await textsOf(pair.two, conversationId)).toEqual(['first words']);
    expect((await pair.two.public.getConversation({ conversationId }, visitor)).conversation).toMatchObject({
      version,
    });
    const rated = await pair.one.public.rateConversation(
      { conversationId, commandId: 'rate', score: 4, comment: '' },
      visitor,
    );
    expect(rated.version).toBe(version + 1);
    expect((await eventsOf(pair.two, conversationId)).map((event) => event.version)).toEqual(
      Array.from({ length: version + 1 }, (_, i) => i + 1),
    );
  });
});

it('a command id belongs to who used it: guessed, it keeps nobody else’s command away and tells strangers nothing', async () => {
  const contactId = newContactId();
  const visitor = asVisitor(contactId);
  const { conversationId } = await pair.one.public.startConversation(startRequest('s'), visitor);
  await pair.two.public.sendMessage(sendRequest(conversationId, 'left', 'mine now'), visitor);
  const stranger = asVisitor(newContactId());
  const repeated = pair.one.public.sendMessage(sendRequest(conversationId, 'left', 'mine now'), stranger);
  expect(await reasonOf(repeated)).toBe('CONVERSATION_NOT_FOUND');
  const lastContactAt = new Date(pair.clock.now() + 1_000);
  await pair.one.internal.visitorLeft({ conversationId, commandId: 'left', lastContactAt }, asSystem());
  expect((await pair.two.public.getConversation({ conversationId }, asBoss())).conversation).toMatchObject({
    closeReason: conversation.CloseReason.CLOSE_REASON_ABANDONED,
  });
});

it('an unanswered visitor who left has abandoned; late reopening is refused', async () => {
  const visitor = asVisitor(newContactId());
  const { conversationId } = await pair.one.public.startConversation(startRequest('s'), visitor);
  const lastContactAt = new Date(pair.clock.now() + 1_000);
  await pair.two.internal.visitorLeft({ conversationId, commandId: 'left', lastContactAt }, asSystem());
  expect((await pair.one.public.getConversation({ conversationId }, asBoss())).conversation).toMatchObject({
    closeReason: conversation.CloseReason.CLOSE_REASON_ABANDONED,
  });
  pair.clock.advance(25 * HOUR);
  const later = { ...visitor, deadline: pair.clock.now() + 40_000 };
  expect(await reasonOf(pair.one.public.reopenConversation({ conversationId, commandId: 'r' }, later))).toBe(
    'REOPEN_WINDOW_OVER',
  );
});
