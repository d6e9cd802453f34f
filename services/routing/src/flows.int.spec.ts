import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { conversation, routing } from '@parley/contracts';
import { newUlid } from '@parley/kernel';
import { Trio, type Desk } from './testing/trio.js';

jest.setTimeout(90_000);

const { MODE_COLD, MODE_WARM } = conversation.TransferRequested_Mode;
const { ConversationState: State } = conversation;

let trio: Trio;
beforeAll(async () => {
  trio = await Trio.start();
});
afterAll(async () => {
  await trio.stop();
});

const id = (): string => newUlid(Date.now());
const transfer = (
  desk: Desk,
  by: string,
  conversationId: string,
  more: Partial<conversation.TransferConversationRequest>,
) =>
  desk.conversations.transferConversation(
    conversation.TransferConversationRequest.fromPartial({
      conversationId,
      transferId: id(),
      summary: 'Wants to know about the invoice.',
      mode: MODE_COLD,
      ...more,
    }),
    desk.as('agent', by),
  );

describe('conversation, routing and presence together', () => {
  it('offer by a workflow with skills, and to others once it relaxes', async () => {
    const desk = await trio.tenant();
    await desk.queue('sales', { isDefault: true });
    const skill = {
      commandId: id(),
      skillId: 'billing',
      name: 'Billing',
      expectedVersion: 0,
      mustBeNew: false,
    };
    await desk.routing.putSkill(skill, desk.boss);
    await desk.agent('bob', { skills: { billing: 1 } });
    const to = { $case: 'queueId', value: 'sales' } as const;
    const workflow = routing.Workflow.fromPartial({
      filters: [
        {
          name: 'Billing',
          when: 'topic == "billing"',
          requirements: { skills: { billing: 4 } },
          targets: [
            { to, untilSeconds: 2 },
            { to, relaxations: [{ skill: 'billing', level: 1 }] },
          ],
        },
      ],
    });
    const draft = { commandId: id(), workflow, expectedRevision: 0, mustBeNew: false };
    const { draftRevision } = await desk.routing.saveWorkflowDraft(draft, desk.boss);
    await desk.routing.publishWorkflow({ commandId: id(), draftRevision, comment: '' }, desk.boss);
    const chat = await desk.chat('vera', { topic: 'billing' });
    await desk.accept('bob', chat);
    await desk.agentsIn(chat, 'bob');
    const { steps } = await desk.routing.explainRouting({ conversationId: chat }, desk.boss);
    const entered = steps.flatMap(({ event }) =>
      event?.event?.$case === 'targetEntered' ? [event.event.value] : [],
    );
    expect(entered).toMatchObject([
      { target: 0, requirements: { skills: { billing: 4 } } },
      { target: 1, requirements: { skills: { billing: 1 } } },
    ]);
    const before = steps.findIndex(({ event }) => event?.event?.$case === 'offerMade');
    expect(
      steps.slice(0, before).filter(({ event }) => event?.event?.$case === 'targetEntered'),
    ).toHaveLength(2);
  });

  it('show a chat in the queue to which the workflow sent it, from the beginning', async () => {
    const desk = await trio.tenant();
    await desk.queue('sales', { isDefault: true });
    await desk.queue('returns');
    const target = { to: { $case: 'queueId', value: 'returns' } } as const;
    const workflow = routing.Workflow.fromPartial({
      filters: [{ name: 'Returns', when: 'topic == "returns"', targets: [target] }],
    });
    const draft = { commandId: id(), workflow, expectedRevision: 0, mustBeNew: false };
    const { draftRevision } = await desk.routing.saveWorkflowDraft(draft, desk.boss);
    await desk.routing.publishWorkflow({ commandId: id(), draftRevision, comment: '' }, desk.boss);
    const chat = await desk.chat('vera', { topic: 'returns' });
    await desk.until(async () => (await desk.get(chat))?.queueId, 'returns');
    const { NEXT_PLACED } = conversation.VisitorInformed_Next;
    expect((await desk.facts(chat, 'visitorInformed')).map(({ next }) => next)).toEqual([NEXT_PLACED]);
  });

  it('give a chat to the bot where the workflow says so, and to people when the bot hands it over', async () => {
    const desk = await trio.tenant();
    await desk.queue('sales', { isDefault: true });
    await desk.agent('ann');
    const bot = { to: { $case: 'overflow', value: routing.Overflow.OVERFLOW_BOT } } as const;
    const workflow = routing.Workflow.fromPartial({
      filters: [{ name: 'Bot first', when: 'topic == "opening hours"', targets: [bot] }],
    });
    const draft = { commandId: id(), workflow, expectedRevision: 0, mustBeNew: false };
    const { draftRevision } = await desk.routing.saveWorkflowDraft(draft, desk.boss);
    await desk.routing.publishWorkflow({ commandId: id(), draftRevision, comment: '' }, desk.boss);
    const chat = await desk.chat('vera', { topic: 'opening hours' });
    await desk.until(async () => (await desk.get(chat))?.state, State.CONVERSATION_STATE_BOT);
    expect(await desk.facts(chat, 'handedToBot')).toEqual([{ botId: '' }]);
    expect((await desk.routing.listOffers({}, desk.as('agent', 'ann'))).offers).toEqual([]);
    await desk.conversations.queueConversation(
      { conversationId: chat, commandId: id(), queueId: '' },
      desk.as('integration', 'bot-key'),
    );
    await desk.accept('ann', chat);
    await desk.agentsIn(chat, 'ann');
    expect(await desk.facts(chat, 'handedToBot')).toHaveLength(1);
  });

  it('show a chat that asked for no queue in the default queue, whatever its id', async () => {
    const desk = await trio.tenant();
    await desk.queue('helpdesk', { isDefault: true });
    const chat = await desk.chat('vera', { queueId: '' });
    await desk.until(async () => (await desk.get(chat))?.queueId, 'helpdesk');
  });

  it('hand a chat over cold: the first agent stays until the other has it', async () => {
    const [desk, chat] = await trio.withAnn();
    await transfer(desk, 'ann', chat, { toAgentId: 'bob' });
    const offer = await desk.offer('bob', chat);
    expect(offer).toMatchObject({ kind: routing.OfferMade_Kind.KIND_TRANSFER, fromAgentId: 'ann' });
    expect((await desk.get(chat))?.agentIds).toEqual(['ann']);
    await desk.accept('bob', chat);
    await desk.agentsIn(chat, 'bob');
    await desk.used('ann', 0);
    await desk.used('bob', 1);
    expect(await desk.facts(chat, 'transferred')).toMatchObject([{ toAgentId: 'bob' }]);
  });

  it('give a refused transfer back, and one to somebody who is not there', async () => {
    const [desk, chat] = await trio.withAnn();
    const { REASON_DECLINED, REASON_UNAVAILABLE } = conversation.TransferRefused_Reason;
    await transfer(desk, 'ann', chat, { toAgentId: 'bob' });
    await desk.decline('bob', chat, 'on my way home');
    const refusals = async () =>
      (await desk.facts(chat, 'transferRefused')).map(({ reason, note }) => [reason, note]);
    await desk.until(refusals, [[REASON_DECLINED, 'on my way home']]);
    await transfer(desk, 'ann', chat, { toAgentId: 'nobody' });
    await desk.until(refusals, [
      [REASON_DECLINED, 'on my way home'],
      [REASON_UNAVAILABLE, ''],
    ]);
    expect((await desk.get(chat))?.agentIds).toEqual(['ann']);
    await desk.used('ann', 1);
    await desk.used('bob', 0);
  });

  it('take a second agent in warm, of a queue; both hold capacity until one leaves', async () => {
    const [desk, chat] = await trio.withAnn();
    await desk.queue('experts');
    await desk.agent('eve', { queueIds: ['experts'] });
    await transfer(desk, 'ann', chat, { toQueueId: 'experts', mode: MODE_WARM });
    await desk.accept('eve', chat);
    await desk.agentsIn(chat, 'ann', 'eve');
    await desk.used('ann', 1);
    await desk.used('eve', 1);
    await desk.conversations.leaveConversation(
      { conversationId: chat, commandId: id() },
      desk.as('agent', 'ann'),
    );
    await desk.agentsIn(chat, 'eve');
    await desk.used('ann', 0);
  });

  it('move a chat to another queue, with its age, and not back to who gave it away', async () => {
    const [desk, chat] = await trio.withAnn();
    await desk.queue('billing');
    await desk.agent('eve', { queueIds: ['billing'] });
    await transfer(desk, 'ann', chat, { toQueueId: 'billing' });
    await desk.accept('eve', chat);
    await desk.agentsIn(chat, 'eve');
    await desk.used('ann', 0);
  });

  it('keep a chat with its agent rather than move it to a queue that is closed or that there is not', async () => {
    const [desk, chat] = await trio.withAnn();
    await desk.closedQueue('night');
    for (const [toQueueId, reason] of [
      ['night', 'QUEUE_CLOSED'],
      ['salse', 'NO_SUCH_QUEUE'],
    ] as const)
      await expect(transfer(desk, 'ann', chat, { toQueueId })).rejects.toMatchObject({ details: { reason } });
    expect((await desk.get(chat))?.agentIds).toEqual(['ann']);
    expect(await desk.facts(chat, 'transferRequested')).toEqual([]);
  });

  it('park a chat and take it up again, never beyond the limit', async () => {
    const desk = await trio.tenant();
    await desk.queue('sales', { isDefault: true });
    await desk.agent('ann', { capacity: 1 });
    const idle = await desk.chat('vera');
    await desk.accept('ann', idle);
    const park = { conversationId: idle, commandId: id() };
    await desk.conversations.parkConversation(park, desk.as('agent', 'ann'));
    const other = await desk.chat('willy');
    await desk.accept('ann', other);
    await desk.say(idle, 'visitor', 'vera');
    await desk.until(async () => (await desk.get(idle))?.state, State.CONVERSATION_STATE_QUEUED);
    await desk.until(
      async () => (await desk.routing.getQueuePosition({ conversationId: idle }, desk.boss)).position,
      1,
    );
    expect(await desk.agentState('ann')).toMatchObject({ used: 1, conversationIds: [other] });
    const close = conversation.CloseConversationRequest.fromPartial({
      conversationId: other,
      commandId: id(),
    });
    await desk.conversations.closeConversation(close, desk.as('agent', 'ann'));
    // Accepted for them: it is their own.
    await desk.agentsIn(idle, 'ann');
    await desk.used('ann', 1);
  });

  it('tell who waits too long, and move them', async () => {
    const desk = await trio.tenant();
    await desk.queue('sales', { isDefault: true, failsafeSeconds: 1 });
    const told = await desk.chat('vera');
    const { NEXT_STILL_WAITING, NEXT_MOVED, NEXT_PLACED } = conversation.VisitorInformed_Next;
    const nextOf = async (chat: string) =>
      (await desk.facts(chat, 'visitorInformed')).map(({ next }) => next);
    await desk.until(async () => (await nextOf(told)).slice(0, 2), [NEXT_PLACED, NEXT_STILL_WAITING]);
    await desk.queue('others');
    await desk.agent('eve', { queueIds: ['others'] });
    await desk.queue('sales', {
      isDefault: true,
      failsafeSeconds: 1,
      failsafeAction: routing.FailsafeAction.FAILSAFE_ACTION_MOVE,
      failsafeQueueId: 'others',
    });
    const moved = await desk.chat('willy');
    await desk.accept('eve', moved);
    await desk.agentsIn(moved, 'eve');
    expect(await nextOf(moved)).toEqual([NEXT_PLACED, NEXT_MOVED]);
    expect((await desk.get(moved))?.queueId).toBe('others');
  });

  it('take a message outside the hours', async () => {
    const desk = await trio.tenant();
    await desk.closedQueue('sales', { isDefault: true });
    const chat = await desk.chat('vera');
    await desk.until(async () => (await desk.get(chat))?.state, State.CONVERSATION_STATE_TAKING_MESSAGE);
    const { REASON_CLOSED_HOURS } = conversation.MessageRequested_Reason;
    expect(await desk.facts(chat, 'messageRequested')).toMatchObject([{ reason: REASON_CLOSED_HOURS }]);
    const message = conversation.LeaveMessageRequest.fromPartial({
      conversationId: chat,
      messageId: id(),
      text: 'Please call me.',
      email: 'vera@example.com',
    });
    await desk.conversations.leaveMessage(message, desk.as('visitor', 'vera'));
    expect(await desk.get(chat)).toMatchObject({
      state: State.CONVERSATION_STATE_CLOSED,
      closeReason: conversation.CloseReason.CLOSE_REASON_MESSAGE_TAKEN,
    });
  });

  it('let a supervisor take over, a chat that waits as well as one that has an agent', async () => {
    const [desk, chat] = await trio.withAnn();
    const supervisor = desk.as('supervisor', 'sue');
    const take = { conversationId: chat, commandId: id() };
    await desk.conversations.takeOverConversation(take, supervisor);
    await desk.agentsIn(chat, 'sue');
    await desk.used('ann', 0);
    await desk.queue('empty');
    const waiting = await desk.chat('willy', { queueId: 'empty' });
    const place = async () =>
      (await desk.routing.getQueuePosition({ conversationId: waiting }, desk.boss)).position;
    await desk.until(place, 1);
    await desk.conversations.takeOverConversation({ conversationId: waiting, commandId: id() }, supervisor);
    await desk.until(place, 0);
    await desk.agentsIn(waiting, 'sue');
  });

  it('take a chat from an agent who does not write a first reply', async () => {
    const [desk, chat] = await trio.withAnn({ firstReplySeconds: 2 });
    await desk.accept('bob', chat);
    await desk.agentsIn(chat, 'bob');
    const { REASON_NO_REPLY } = conversation.AgentLeft_Reason;
    expect((await desk.facts(chat, 'agentLeft'))[0]).toEqual({ agentId: 'ann', reason: REASON_NO_REPLY });
    await desk.say(chat, 'agent', 'bob');
    await desk.used('ann', 0);
    await desk.until(async () => typeof (await desk.agentState('bob'))?.lastReplySeconds, 'number');
  });

  it('take a chat that was accepted for an agent who does not write, as one that nobody has accepted', async () => {
    const desk = await trio.tenant();
    await desk.queue('sales', { isDefault: true, failsafeSeconds: 1 });
    const team = routing.PutTeamRequest.fromPartial({
      commandId: id(),
      teamId: 'auto',
      name: 'Auto',
      autoAccept: true,
    });
    await desk.routing.putTeam(team, desk.boss);
    await desk.agent('ann', { teamId: 'auto' });
    const chat = await desk.chat('vera');
    await desk.agentsIn(chat, 'ann');
    await desk.agent('bob', {});
    await desk.accept('bob', chat);
    await desk.agentsIn(chat, 'bob');
    const { REASON_NO_REPLY } = conversation.AgentLeft_Reason;
    expect((await desk.facts(chat, 'agentLeft'))[0]).toEqual({ agentId: 'ann', reason: REASON_NO_REPLY });
  });

  it('give no further chat to who leaves a visitor without a reply, until they have caught up', async () => {
    const desk = await trio.tenant();
    await desk.queue('sales', { isDefault: true });
    const team = routing.PutTeamRequest.fromPartial({
      commandId: id(),
      teamId: 'first',
      name: 'First',
      latencyLimitSeconds: 1,
    });
    await desk.routing.putTeam(team, desk.boss);
    await desk.agent('ann', { capacity: 3, teamId: 'first' });
    const late = await desk.chat('vera');
    await desk.accept('ann', late);
    await desk.until(async () => (await desk.agentState('ann'))?.overdue, 1);
    const other = await desk.chat('willy');
    await desk.until(
      async () => (await desk.routing.explainWaiting({ conversationId: other }, desk.boss)).agents[0]?.rule,
      'reply_overdue',
    );
    await desk.say(late, 'agent', 'ann');
    await desk.accept('ann', other);
    await desk.agentsIn(other, 'ann');
  });
});
