import { describe, expect, it } from '@jest/globals';
import { common, conversation, events } from '@parley/client';
import { emptyThread, type Thread, withEvents } from './thread.js';

const { Actor_Kind: Kind } = common;
const { ConversationState: State } = conversation;
const anna = { kind: Kind.KIND_AGENT, id: 'anna', name: 'Anna' };
const visitor = { kind: Kind.KIND_VISITOR, id: 'v', name: '' };

const after = (thread: Thread, ...steps: events.ConversationEvent[]): Thread =>
  withEvents(
    thread,
    steps.map((event, index) => ({
      version: thread.version + index + 1,
      time: '2026-03-01T10:00:00Z',
      actor: event.started ? visitor : anna,
      event,
    })),
  );
const lines = ({ items }: Thread): string[] =>
  items.map((item) => (item.type === 'system' ? item.happening.what : item.type));

const active = after(
  emptyThread,
  { started: { contactId: 'v' } },
  { queueEntered: { queueId: 'care' } },
  { agentJoined: { agentId: 'anna', agentName: 'Anna' } },
);
const asked: events.ConversationEvent = {
  transferRequested: {
    transferId: 't1',
    fromAgentId: 'anna',
    toAgentId: 'ben',
    summary: 'stuck zip',
    mode: events.TransferRequested_Mode.MODE_COLD,
  },
};

describe('a thread that is handed on', () => {
  it('knows the transfer under way, and afterwards what was handed over by whom', () => {
    const pending = after(active, asked);
    expect(pending.transfer).toMatchObject({ id: 't1', fromId: 'anna', summary: 'stuck zip', warm: false });
    expect(pending.handedOver).toBeUndefined();
    const done = after(
      pending,
      { agentJoined: { agentId: 'ben', agentName: 'Ben' } },
      { agentLeft: { agentId: 'anna', reason: events.AgentLeft_Reason.REASON_TRANSFERRED } },
      { transferred: { transferId: 't1', fromAgentId: 'anna', toAgentId: 'ben' } },
    );
    expect(done.transfer).toBeUndefined();
    expect(done.handedOver).toMatchObject({ fromId: 'anna', to: { agentId: 'ben' }, summary: 'stuck zip' });
    expect(done.agentIds).toEqual(['ben']);
  });

  it('forgets a transfer that was refused, and says whom it had asked', () => {
    const reason = events.TransferRefused_Reason.REASON_DECLINED;
    const back = after(active, asked, { transferRefused: { transferId: 't1', reason, note: 'busy' } });
    expect([back.transfer, back.handedOver]).toEqual([undefined, undefined]);
    expect(back.items.at(-1)).toMatchObject({
      happening: { what: 'transferRefused', to: { agentId: 'ben' }, reason, note: 'busy' },
    });
    expect(back.agentIds).toEqual(['anna']);
  });

  it('has no transfer left when it is closed', () => {
    expect(after(active, asked, { closed: {} }).transfer).toBeUndefined();
  });
});

describe('a thread that is kept', () => {
  it('is on hold until it is resumed', () => {
    const held = after(active, { held: { agentId: 'anna' } });
    expect([held.state, held.agentIds]).toEqual([State.CONVERSATION_STATE_ON_HOLD, ['anna']]);
    expect(after(held, { resumed: { agentId: 'anna' } }).state).toBe(State.CONVERSATION_STATE_ACTIVE);
  });

  it('is parked by somebody, and nobody’s until it goes on', () => {
    const parked = after(active, { parked: { agentId: 'anna' } });
    expect([parked.state, parked.agentIds, parked.parkedBy]).toEqual([
      State.CONVERSATION_STATE_PARKED,
      [],
      'anna',
    ]);
    const reason = events.QueueEntered_Reason.REASON_UNPARKED;
    const goesOn = after(parked, { queueEntered: { queueId: 'care', reason } });
    expect([goesOn.state, goesOn.parkedBy]).toEqual([State.CONVERSATION_STATE_QUEUED, '']);
  });
});

describe('a thread that is supervised', () => {
  it('knows who has joined and shows whispers among the messages', () => {
    const joined = after(
      active,
      { whisperSent: { whisperId: 'w1', text: 'offer a refund' } },
      { supervisorJoined: { supervisorId: 'sam', supervisorName: 'Sam' } },
    );
    expect(joined.supervisorIds).toEqual(['sam']);
    expect(joined.items.find(({ type }) => type === 'whisper')).toMatchObject({
      id: 'w1',
      text: 'offer a refund',
    });
    expect(after(joined, { supervisorLeft: { supervisorId: 'sam' } }).supervisorIds).toEqual([]);
  });
});

describe('a thread that is answered later', () => {
  const dueAt = '2026-03-02T09:00:00Z';
  const taken = after(
    emptyThread,
    { started: { contactId: 'v' } },
    { messageRequested: { reason: events.MessageRequested_Reason.REASON_CLOSED_HOURS } },
    { messageTaken: { queueId: 'care', replyBy: dueAt } },
    { closed: { reason: events.CloseReason.CLOSE_REASON_MESSAGE_TAKEN } },
  );

  it('has a due time, an owner, and an end', () => {
    expect(taken.later).toMatchObject({ dueAt: Date.parse(dueAt), ownerId: '', answeredAt: 0 });
    const moved = after(taken, {
      followUpAssigned: { agentId: 'anna', dueAt: '2026-03-03T09:00:00Z' },
    });
    expect(moved.later).toMatchObject({ ownerId: 'anna', dueAt: Date.parse('2026-03-03T09:00:00Z') });
    const answered = after(moved, { followUpAnswered: { agentId: 'anna', byMail: true } });
    expect(answered.later?.answeredAt).toBe(Date.parse('2026-03-01T10:00:00Z'));
    expect(lines(answered)).toEqual([
      'started',
      'messageAsked',
      'messageTaken',
      'closed',
      'followUpAssigned',
      'followUpAnswered',
    ]);
  });

  it('keeps its due time when only the owner changes, and has nothing to answer once erased', () => {
    expect(after(taken, { followUpAssigned: { agentId: 'ben' } }).later?.dueAt).toBe(Date.parse(dueAt));
    expect(after(taken, { contentErased: { upToVersion: 4 } }).later).toBeUndefined();
  });
});
