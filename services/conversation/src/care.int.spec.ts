import { describe, expect, it } from '@jest/globals';
import { conversation, inboxLiveSubject } from '@parley/contracts';
import { eventually } from '@parley/testkit';
import { eventsOf, newContactId, pairOfInstances, reasonOf, sendRequest } from './testing/pair.js';
import { asAgent, asBoss, asSystem, asVisitor, joinRequest, startRequest } from './testing/service.js';

const pair = pairOfInstances();
const { ConversationState: Status, InboxScope: Scope, TransferRequested_Mode: Mode } = conversation;

/** A chat of Ivy's in which she has answered. */
const chat = async () => {
  const visitor = asVisitor(newContactId());
  const start = startRequest('s', { name: 'Mia', messageId: 'v1', text: 'hello' });
  const { conversationId } = await pair.one.public.startConversation(start, visitor);
  await pair.two.internal.joinConversation(joinRequest(conversationId, 'ivy'), asSystem());
  await pair.one.public.sendMessage(sendRequest(conversationId, 'i1', 'Hi', 1), asAgent('ivy'));
  return { conversationId, visitor };
};
const headOf = async (conversationId: string, context = asBoss()) =>
  (await pair.two.public.getConversation({ conversationId }, context)).conversation;
const transfer = (conversationId: string, more: Partial<conversation.TransferConversationRequest> = {}) =>
  conversation.TransferConversationRequest.fromPartial({
    conversationId,
    transferId: 't1',
    toAgentId: 'max',
    summary: 'Wants oolong.',
    ...more,
  });
const command = (conversationId: string, commandId = 'x') => ({ conversationId, commandId });
const mine = async (agentId: string) =>
  (
    await pair.two.public.listInbox(
      { scope: Scope.INBOX_SCOPE_MINE, queueId: '', page: undefined },
      asAgent(agentId),
    )
  ).rows;

describe('a transfer', () => {
  it('is shown to people, not to the visitor, and ends in the other’s hands', async () => {
    const { conversationId, visitor } = await chat();
    const wish = transfer(conversationId);
    const [first, again] = [
      await pair.one.public.transferConversation(wish, asAgent('ivy')),
      await pair.two.public.transferConversation(wish, asAgent('ivy')),
    ];
    expect(again).toEqual(first);
    expect((await headOf(conversationId))?.transfer).toMatchObject({
      transferId: 't1',
      fromAgentId: 'ivy',
      toAgentId: 'max',
      summary: 'Wants oolong.',
    });
    expect((await headOf(conversationId, visitor))?.transfer).toBeUndefined();
    expect(JSON.stringify(await eventsOf(pair.one, conversationId, visitor))).not.toContain('oolong');
    const join = { ...joinRequest(conversationId, 'max'), transferId: 't1' };
    await pair.two.internal.joinConversation(join, asSystem());
    expect(await headOf(conversationId)).toMatchObject({ agentIds: ['max'], transfer: undefined });
    expect(
      await reasonOf(pair.one.public.sendMessage(sendRequest(conversationId, 'i2', 'x'), asAgent('ivy'))),
    ).toBe('NOT_A_PARTICIPANT');
  });

  it('refused by routing, goes on with who asked; ids of other actors take nothing away', async () => {
    const { conversationId, visitor } = await chat();
    await pair.one.public.transferConversation(
      transfer(conversationId, { mode: Mode.MODE_WARM }),
      asAgent('ivy'),
    );
    const refuse = {
      conversationId,
      commandId: 'r1',
      transferId: 't1',
      reason: conversation.TransferRefused_Reason.REASON_TIMED_OUT,
      note: '',
    };
    // A visitor who guesses the id of routing's command does not swallow it.
    await pair.one.public.changePage(
      { conversationId, commandId: 'r1', page: { url: 'https://shop.example/x', title: '' } },
      visitor,
    );
    await pair.two.internal.refuseTransfer(refuse, asSystem());
    await pair.one.internal.refuseTransfer(refuse, asSystem());
    const cases = (await eventsOf(pair.one, conversationId)).map(({ event }) => event?.event?.$case);
    expect(cases.filter((name) => name === 'transferRefused')).toHaveLength(1);
    expect(await headOf(conversationId)).toMatchObject({ agentIds: ['ivy'], transfer: undefined });
  });

  it('to a queue that is closed or that there is not, leaves the chat with who has it', async () => {
    const { conversationId } = await chat();
    const toQueue = (toQueueId: string, more: Partial<conversation.TransferConversationRequest> = {}) =>
      pair.one.public.transferConversation(
        transfer(conversationId, { toAgentId: '', toQueueId, ...more }),
        asAgent('ivy'),
      );
    expect(await reasonOf(toQueue('sales'))).toBe('ROUTING_UNAVAILABLE');
    pair.one.queues.set('night', false);
    await expect(toQueue('night')).rejects.toThrow('none is open: choose an agent');
    pair.one.queues.set('sales', true);
    for (const mode of [Mode.MODE_COLD, Mode.MODE_WARM]) {
      await expect(toQueue('night', { mode })).rejects.toMatchObject({
        message:
          'toQueueId: the queue "night" is closed at this hour; choose one that is open, such as "sales".',
        details: { reason: 'QUEUE_CLOSED', violations: [{ field: 'toQueueId' }] },
      });
      await expect(toQueue('salse', { mode })).rejects.toMatchObject({
        message: 'toQueueId: there is no queue "salse"; choose one that is open, such as "sales".',
        details: { reason: 'NO_SUCH_QUEUE', violations: [{ field: 'toQueueId' }] },
      });
    }
    expect(await headOf(conversationId)).toMatchObject({ agentIds: ['ivy'], transfer: undefined });
    const done = await toQueue('sales');
    expect(await headOf(conversationId)).toMatchObject({ agentIds: [], queueId: 'sales' });
    // Told again after it has closed: it is done all the same.
    pair.one.queues.set('sales', false);
    expect(await toQueue('sales')).toEqual(done);
  });

  it('raced by taking over and joining, leaves one owner', async () => {
    const { conversationId } = await chat();
    await pair.one.public.transferConversation(transfer(conversationId), asAgent('ivy'));
    const join = { ...joinRequest(conversationId, 'max'), transferId: 't1' };
    await Promise.allSettled([
      pair.one.internal.joinConversation(join, asSystem()),
      pair.two.public.takeOverConversation(command(conversationId), asBoss()),
      pair.one.public.cancelTransfer({ conversationId, commandId: 'k', transferId: 't1' }, asAgent('ivy')),
    ]);
    expect(await headOf(conversationId)).toMatchObject({ agentIds: ['boss'], transfer: undefined });
  });
});

describe('hold, park and supervision', () => {
  it('show in the inbox of those whom they concern', async () => {
    const { conversationId, visitor } = await chat();
    await pair.one.public.holdConversation(command(conversationId), asAgent('ivy'));
    await pair.two.public.joinAsSupervisor(command(conversationId), asBoss());
    await pair.one.consumer.caughtUp();
    const row = async (agentId: string) =>
      (await mine(agentId)).find((found) => found.conversationId === conversationId);
    expect(await row('ivy')).toMatchObject({ state: Status.CONVERSATION_STATE_ON_HOLD });
    expect(await row('boss')).toMatchObject({ supervisorIds: ['boss'] });
    await pair.two.public.leaveConversation(command(conversationId, 'l'), asBoss());
    await pair.one.public.parkConversation(command(conversationId, 'p'), asAgent('ivy'));
    await pair.one.consumer.caughtUp();
    expect(await row('boss')).toBeUndefined();
    expect(await row('ivy')).toMatchObject({ state: Status.CONVERSATION_STATE_PARKED, parkedBy: 'ivy' });

    const rows: conversation.InboxRow[] = [];
    const subscription = pair.two.bus.subscribe(inboxLiveSubject('acme', 'agent-ivy'), ({ data }) =>
      rows.push(conversation.InboxRow.decode(data)),
    );
    await pair.two.bus.flush();
    await pair.one.public.sendMessage(sendRequest(conversationId, 'v2', 'there?', 0), visitor);
    await eventually(() =>
      expect(rows.findLast((found) => found.conversationId === conversationId)).toMatchObject({
        state: Status.CONVERSATION_STATE_QUEUED,
        lastText: 'there?',
      }),
    );
    subscription.unsubscribe();
  });

  it('monitoring leaves no trace, whispers reach people only', async () => {
    const { conversationId, visitor } = await chat();
    const before = await eventsOf(pair.one, conversationId);
    const { conversation: seen } = await pair.two.public.monitorConversation({ conversationId }, asBoss());
    expect(seen).toMatchObject({ conversationId, agentIds: ['ivy'] });
    expect(await eventsOf(pair.one, conversationId)).toEqual(before);
    const whisper = { conversationId, whisperId: 'w1', text: 'offer a refund' };
    const { version } = await pair.one.public.whisperToAgent(whisper, asBoss());
    expect((await pair.two.public.whisperToAgent(whisper, asBoss())).version).toBe(version);
    const shown = await eventsOf(pair.two, conversationId, visitor);
    expect(shown).toHaveLength(version);
    expect(shown.at(-1)?.event).toBeUndefined();
    expect(JSON.stringify(await eventsOf(pair.two, conversationId, asAgent('ivy')))).toContain('a refund');
  });

  it('routing asks for the answers to its filters, not for what is nobody’s business', async () => {
    const visitor = asVisitor(newContactId());
    const start = startRequest('s', { prechat: { order: '17' }, text: 'hello' });
    const { conversationId } = await pair.one.public.startConversation(start, visitor);
    await pair.one.public.updateContact(
      { contactId: visitor.principal.id, attributes: { tier: 'gold' }, expectedVersion: 0 },
      asBoss(),
    );
    expect(await pair.two.internal.getRoutingAttributes({ conversationId }, asSystem())).toEqual({
      prechat: { order: '17' },
      contact: { tier: 'gold' },
      contactVerified: false,
    });
  });

  it('a bot gets the chat and hands it back to people', async () => {
    const visitor = asVisitor(newContactId());
    const { conversationId } = await pair.one.public.startConversation(startRequest('s'), visitor);
    await pair.one.internal.handToBot({ ...command(conversationId), queueVersion: 0 }, asSystem());
    expect((await headOf(conversationId))?.state).toBe(Status.CONVERSATION_STATE_BOT);
    const bot = { ...asBoss(), principal: { role: 'integration', id: 'key-1' } } as const;
    await pair.two.public.sendMessage(sendRequest(conversationId, 'b1', 'I am a bot'), bot);
    await pair.two.public.queueConversation({ ...command(conversationId, 'q'), queueId: 'sales' }, bot);
    expect(await headOf(conversationId)).toMatchObject({
      state: Status.CONVERSATION_STATE_QUEUED,
      queueId: 'sales',
    });
  });
});
