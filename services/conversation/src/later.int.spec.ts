import { describe, expect, it } from '@jest/globals';
import { conversation, inboxLiveSubject } from '@parley/contracts';
import { eventually } from '@parley/testkit';
import { eventsOf, newContactId, pairOfInstances, reasonOf, sendRequest } from './testing/pair.js';
import { asAdmin, asAgent, asBoss, asSystem, asVisitor, startRequest } from './testing/service.js';
import { HOUR } from './testing/story.js';

const pair = pairOfInstances();
const { ConversationState: Status, CloseReason: Reason } = conversation;

const leave = (conversationId: string, more: Partial<conversation.LeaveMessageRequest> = {}) =>
  conversation.LeaveMessageRequest.fromPartial({
    conversationId,
    messageId: 'm1',
    text: 'Is there oolong?',
    name: 'Mia',
    email: 'mia@example.org',
    ...more,
  });
const list = async (
  tenant: string,
  more: Partial<conversation.ListFollowUpsRequest> = {},
  agentId = 'ivy',
) => {
  await pair.one.consumer.caughtUp();
  return pair.two.public.listFollowUps(
    { mine: false, answered: false, queueId: '', page: undefined, ...more },
    asAgent(agentId, tenant),
  );
};
const later = (text = 'Call me back', more: Partial<conversation.StartConversationRequest> = {}) =>
  startRequest('s', { leaveMessage: true, text, email: 'mia@example.org', ...more });
const casesOf = async (conversationId: string, tenant: string) =>
  (await eventsOf(pair.one, conversationId, asBoss(tenant))).map(({ event }) => event?.event?.$case);

describe('a message instead of a chat', () => {
  it('is one commit, with the promise that routing gives; repeated, the same answer', async () => {
    const visitor = asVisitor(newContactId(), 'later');
    const replyBy = new Date(pair.clock.now() + 5 * HOUR);
    Object.assign(pair.one.promises, { replyBy, queueId: 'sales' });
    const first = await pair.one.public.startConversation(later(), visitor);
    expect(first).toMatchObject({ created: true, replyBy });
    expect(await pair.two.public.startConversation(later(), visitor)).toEqual(first);
    expect(await casesOf(first.conversationId, 'later')).toEqual([
      'started',
      'visitorIdentified',
      'messageSent',
      'messageTaken',
      'closed',
    ]);
    expect((await list('later')).followUps).toMatchObject([
      { conversationId: first.conversationId, queueId: 'sales', text: 'Call me back', dueAt: replyBy },
    ]);
  });

  it('for a queue that there is not, is kept for the one that takes it instead', async () => {
    const replyBy = new Date(pair.clock.now() + 3 * HOUR);
    Object.assign(pair.one.promises, { replyBy, queueId: 'sales' });
    pair.one.queues.set('sales', true);
    const visitor = asVisitor(newContactId(), 'removed');
    const left = await pair.one.public.startConversation(later('Hello?', { queueId: 'gone' }), visitor);
    pair.one.queues.clear();
    expect(left).toMatchObject({ created: true, replyBy });
    expect((await list('removed')).followUps).toMatchObject([{ queueId: 'sales', dueAt: replyBy }]);
  });

  it('is taken all the same when routing does not answer', async () => {
    const before = pair.clock.now();
    const { replyBy } = await pair.two.public.startConversation(
      later(),
      asVisitor(newContactId(), 'unrouted'),
    );
    expect(replyBy?.getTime()).toBeGreaterThanOrEqual(before + HOUR);
  });

  it('needs a text', async () => {
    const start = pair.one.public.startConversation(later(' '), asVisitor(newContactId(), 'later'));
    expect(await reasonOf(start)).toBe('INVALID_ARGUMENT');
  });

  it('ends the chat that waits already, and goes into one that an agent has', async () => {
    const visitor = asVisitor(newContactId(), 'waiting');
    const { conversationId } = await pair.one.public.startConversation(startRequest('a'), visitor);
    const left = await pair.one.public.startConversation(later(), visitor);
    expect(left).toMatchObject({ conversationId, created: false });
    expect(left.replyBy).toBeInstanceOf(Date);
    const chat = await pair.one.public.startConversation(startRequest('b'), visitor);
    expect(chat.created).toBe(true);
    await pair.one.internal.joinConversation(
      conversation.JoinConversationRequest.fromPartial({
        conversationId: chat.conversationId,
        commandId: 'j',
        agentId: 'ivy',
      }),
      asSystem('waiting'),
    );
    const said = await pair.two.public.startConversation(later('hello?', { commandId: 'c' }), visitor);
    expect(said).toMatchObject({ conversationId: chat.conversationId, created: false });
    expect((await casesOf(chat.conversationId, 'waiting')).at(-1)).toBe('messageSent');
  });
});

describe('a visitor who is asked for a message', () => {
  const asked = async (tenant: string, start: Partial<conversation.StartConversationRequest> = {}) => {
    const visitor = asVisitor(newContactId(), tenant);
    const { conversationId } = await pair.one.public.startConversation(startRequest('s', start), visitor);
    const replyBy = new Date(pair.clock.now() + 20 * HOUR);
    const reason = conversation.MessageRequested_Reason.REASON_CLOSED_HOURS;
    await pair.two.internal.requestMessage(
      { conversationId, commandId: 'r', request: { reason, replyBy, opensAt: replyBy }, queueVersion: 0 },
      asSystem(tenant),
    );
    return { conversationId, visitor, replyBy };
  };

  it('sees why and by when, and leaves it', async () => {
    const { conversationId, visitor, replyBy } = await asked('asked');
    const head = await pair.one.public.getConversation({ conversationId }, visitor);
    expect(head.conversation).toMatchObject({
      state: Status.CONVERSATION_STATE_TAKING_MESSAGE,
      replyBy,
      opensAt: replyBy,
      messageReason: conversation.MessageRequested_Reason.REASON_CLOSED_HOURS,
    });
    const left = await pair.one.public.leaveMessage(leave(conversationId), visitor);
    expect(left.replyBy).toEqual(replyBy);
    expect(await pair.two.public.leaveMessage(leave(conversationId), visitor)).toEqual(left);
    const { contact } = await pair.one.public.getContact({ contactId: '' }, visitor);
    expect(contact).toMatchObject({ name: 'Mia', email: 'mia@example.org' });
  });

  it('and goes, has left one when it can be answered', async () => {
    const known = await asked('gone', { text: 'Anybody?', messageId: 'm0', email: 'mia@example.org' });
    const unknown = await asked('gone', { text: 'Anybody?', messageId: 'm0' });
    // The timer that looks for whom presence never saw would do it too, a minute later.
    for (const { conversationId } of [known, unknown])
      await pair.one.internal.visitorLeft(
        { conversationId, commandId: 'l', lastContactAt: new Date(pair.clock.now()) },
        asSystem('gone'),
      );
    const reasonFor = async (conversationId: string) =>
      (await pair.two.public.getConversation({ conversationId }, asBoss('gone'))).conversation?.closeReason;
    expect(await reasonFor(known.conversationId)).toBe(Reason.CLOSE_REASON_MESSAGE_TAKEN);
    expect(await reasonFor(unknown.conversationId)).toBe(Reason.CLOSE_REASON_ABANDONED);
    expect((await list('gone')).followUps).toMatchObject([
      { conversationId: known.conversationId, text: 'Anybody?', contactEmail: 'mia@example.org' },
    ]);
  });

  it('is known by another conversation: the answer goes to the same address', async () => {
    const { conversationId, visitor } = await asked('known', { email: 'mia@example.org', name: 'Mia' });
    await pair.one.public.leaveMessage(leave(conversationId, { name: '', email: '' }), visitor);
    const again = await pair.one.public.startConversation(
      startRequest('again', { leaveMessage: true, text: 'And green tea?' }),
      visitor,
    );
    const { followUps } = await list('known');
    expect(followUps.find((one) => one.conversationId === again.conversationId)).toMatchObject({
      contactName: 'Mia',
      contactEmail: 'mia@example.org',
    });
  });
});

describe('follow-ups', () => {
  it('have an owner and a due time until they are answered', async () => {
    const tenant = 'desk';
    const ids: string[] = [];
    // Of what was promised for the hours 1 to 3, it is half past two.
    const midnight = pair.clock.now() - 2.5 * HOUR;
    for (const hours of [3, 1, 2]) {
      Object.assign(pair.one.promises, {
        replyBy: new Date(midnight + hours * HOUR),
        queueId: hours === 3 ? 'sales' : 'default',
      });
      const { conversationId } = await pair.one.public.startConversation(
        later(`in ${hours}`),
        asVisitor(newContactId(), tenant),
      );
      ids[hours] = conversationId;
    }
    const texts = async (more: Partial<conversation.ListFollowUpsRequest> = {}, agentId?: string) =>
      (await list(tenant, more, agentId)).followUps.map(({ text }) => text);
    expect(await texts()).toEqual(['in 1', 'in 2', 'in 3']);
    expect(await texts({ queueId: 'sales' })).toEqual(['in 3']);
    const paged = await list(tenant, { page: { limit: 2, cursor: '' } });
    expect(await texts({ page: { limit: 2, cursor: paged.nextCursor } })).toEqual(['in 3']);

    const conversationId = ids[2] ?? '';
    const owner = async () => (await list(tenant)).followUps[1]?.owner;
    expect(await owner()).toEqual({ $case: 'ownerQueueId', value: 'default' });
    const assign = (agentId: string, context = asAgent('ivy', tenant), dueAt?: Date) =>
      pair.two.public.assignFollowUp({ conversationId, commandId: `to-${agentId}`, agentId, dueAt }, context);
    await assign('ivy');
    expect(await owner()).toEqual({ $case: 'ownerUserId', value: 'ivy' });
    expect(await reasonOf(assign('max', asAgent('max', tenant)))).toBe('NOT_YOURS');
    expect(await texts({ mine: true })).toEqual(['in 2']);
    expect(await texts({ mine: true }, 'max')).toEqual([]);
    const inbox = await pair.two.public.listInbox(
      { scope: conversation.InboxScope.INBOX_SCOPE_CLOSED, queueId: '', page: undefined },
      asBoss(tenant),
    );
    expect(inbox.rows.find((row) => row.conversationId === conversationId)).toMatchObject({
      followUpOwnerId: 'ivy',
    });

    expect((await list(tenant)).overdue).toBe(2);
    expect((await list(tenant, { mine: true })).overdue).toBe(1);
    const answer = { conversationId, messageId: 'a1', text: 'Yes.' };
    const answered = await pair.one.public.answerFollowUp(answer, asAgent('ivy', tenant));
    expect(answered.byMail).toBe(true);
    expect(await pair.two.public.answerFollowUp(answer, asAgent('ivy', tenant))).toEqual(answered);
    expect(await texts()).toEqual(['in 1', 'in 3']);
    expect(await texts({ answered: true })).toEqual(['in 2']);
    expect((await list(tenant)).overdue).toBe(1);
    const twice = { ...answer, messageId: 'a2' };
    expect(await reasonOf(pair.one.public.answerFollowUp(twice, asBoss(tenant)))).toBe('FOLLOW_UP_ANSWERED');
  });

  it('are nowhere to be read once they are erased', async () => {
    const tenant = 'erased';
    const visitor = asVisitor(newContactId(), tenant);
    const start = later('my secret', { name: 'Secretia', email: 'hush@example.org' });
    const { conversationId } = await pair.one.public.startConversation(start, visitor);
    expect((await list(tenant)).followUps).toHaveLength(1);
    await pair.two.public.eraseContact(
      { contactId: visitor.principal.id, commandId: 'e', reason: '' },
      asAdmin(tenant),
    );
    expect((await list(tenant)).followUps).toEqual([]);
    const stored = await pair.one.documents.followUps.get(`${tenant}.${conversationId}`);
    expect(stored?.status).toBe('erased');
    expect(JSON.stringify(stored)).not.toMatch(/secret|hush@/i);
  });

  it('come to the desks of their queue, and of their owner, as they change', async () => {
    const tenant = 'live';
    Object.assign(pair.one.promises, { replyBy: new Date(pair.clock.now() + HOUR), queueId: 'sales' });
    const rows = { queue: [] as conversation.InboxRow[], owner: [] as conversation.InboxRow[] };
    const listen = (scope: 'queue-sales' | 'agent-ivy', into: conversation.InboxRow[]) =>
      pair.two.bus.subscribe(inboxLiveSubject(tenant, scope), ({ data }) =>
        into.push(conversation.InboxRow.decode(data)),
      );
    const subscriptions = [listen('queue-sales', rows.queue), listen('agent-ivy', rows.owner)];
    await pair.two.bus.flush();
    const visitor = asVisitor(newContactId(), tenant);
    const { conversationId } = await pair.one.public.startConversation(later(), visitor);
    await eventually(() => expect(rows.queue.at(-1)?.followUpDueAt).toBeInstanceOf(Date));
    const assign = { conversationId, commandId: 'a', agentId: 'ivy', dueAt: undefined };
    await pair.one.public.assignFollowUp(assign, asAgent('ivy', tenant));
    await eventually(() =>
      expect(rows.owner.at(-1)).toMatchObject({ conversationId, followUpOwnerId: 'ivy' }),
    );
    await pair.one.public.answerFollowUp(
      { conversationId, messageId: 'a1', text: 'Yes.' },
      asAgent('ivy', tenant),
    );
    await eventually(() =>
      expect(rows.queue.at(-1)).toMatchObject({ followUpDueAt: undefined, lastText: 'Yes.' }),
    );
    for (const subscription of subscriptions) subscription.unsubscribe();
  });

  it('of a chat that goes on are answered in it', async () => {
    const tenant = 'again';
    const visitor = asVisitor(newContactId(), tenant);
    const { conversationId } = await pair.one.public.startConversation(later(), visitor);
    await pair.one.consumer.caughtUp();
    await pair.two.public.reopenConversation({ conversationId, commandId: 'o' }, visitor);
    const join = conversation.JoinConversationRequest.fromPartial({
      conversationId,
      commandId: 'j',
      agentId: 'ivy',
    });
    await pair.two.internal.joinConversation(join, asSystem(tenant));
    expect((await list(tenant)).followUps).toHaveLength(1);
    await pair.one.public.sendMessage(sendRequest(conversationId, 'a1', 'Here I am'), asAgent('ivy', tenant));
    expect((await list(tenant)).followUps).toEqual([]);
    expect((await list(tenant, { answered: true })).followUps).toMatchObject([{ ownerId: 'ivy' }]);
  });
});
