import { describe, expect, it } from '@jest/globals';
import type { conversation } from '@parley/contracts';
import { payloadOf } from './domain.js';
import { WEBHOOK_EVENTS } from './domain/events.js';
import { AGENT, event } from './testing/chats.js';

const told = (it: object) => {
  const recorded: conversation.RecordedEvent = {
    version: 7,
    time: new Date(0),
    actor: AGENT,
    event: { event: event(it) },
    commandId: '',
  };
  return payloadOf('0-chat', recorded);
};

describe('what integrations are told', () => {
  it.each([
    [
      { $case: 'queueEntered', value: { queueId: 'q', reason: 4 } },
      'conversation.queued',
      { reason: 'transferred' },
    ],
    [
      { $case: 'transferRequested', value: { transferId: 't', toAgentId: 'a2', summary: 'secret', mode: 2 } },
      'conversation.transfer_requested',
      { transferId: 't', toAgentId: 'a2', mode: 'warm' },
    ],
    [
      { $case: 'transferred', value: { transferId: 't', mode: 1 } },
      'conversation.transferred',
      { mode: 'cold' },
    ],
    [
      { $case: 'transferRefused', value: { transferId: 't', reason: 2, note: 'secret' } },
      'conversation.transfer_refused',
      { transferId: 't', reason: 'timed_out' },
    ],
    [{ $case: 'held', value: { agentId: 'a' } }, 'conversation.held', { agentId: 'a' }],
    [{ $case: 'resumed', value: { agentId: 'a' } }, 'conversation.resumed', { agentId: 'a' }],
    [{ $case: 'parked', value: { agentId: 'a' } }, 'conversation.parked', { agentId: 'a' }],
    [
      { $case: 'supervisorJoined', value: { supervisorId: 'b', supervisorName: 'Boss' } },
      'conversation.supervised',
      { supervisorId: 'b', supervisorName: 'Boss' },
    ],
    [
      { $case: 'takenOver', value: { supervisorId: 'b', supervisorName: 'Boss' } },
      'conversation.taken_over',
      { supervisorId: 'b' },
    ],
    [{ $case: 'handedToBot', value: { botId: 'k' } }, 'conversation.handed_to_bot', { botId: 'k' }],
    [
      { $case: 'visitorInformed', value: { next: 1, times: 2 } },
      'conversation.informed',
      { next: 'still_waiting', times: 2 },
    ],
    [
      { $case: 'messageRequested', value: { reason: 1, opensAt: new Date(1000) } },
      'conversation.message_requested',
      { reason: 'closed_hours', opensAt: '1970-01-01T00:00:01.000Z' },
    ],
    [
      { $case: 'messageTaken', value: { queueId: 'q', replyBy: new Date(1000) } },
      'conversation.message_taken',
      { queueId: 'q', replyBy: '1970-01-01T00:00:01.000Z' },
    ],
    [
      { $case: 'followUpAssigned', value: { agentId: 'a' } },
      'conversation.follow_up_assigned',
      { agentId: 'a' },
    ],
    [
      { $case: 'followUpAnswered', value: { agentId: 'a', byMail: true } },
      'conversation.follow_up_answered',
      { agentId: 'a', byMail: true },
    ],
  ])('of %j is %s', (it, type, data) => {
    const payload = told(it);
    expect(payload).toMatchObject({ type, data: { conversationId: '0-chat', version: 7, ...data } });
    expect(WEBHOOK_EVENTS).toContain(payload?.type);
    expect(JSON.stringify(payload)).not.toContain('secret');
  });

  it('says nothing of what stays inside', () => {
    for (const it of [
      { $case: 'whisperSent', value: { whisperId: 'w', text: 'secret' } },
      { $case: 'noteAdded', value: { noteId: 'n', text: 'secret' } },
      { $case: 'waitEstimateShown', value: { position: 1 } },
      { $case: 'supervisorLeft', value: { supervisorId: 'b' } },
    ])
      expect(told(it)).toBeUndefined();
  });
});
