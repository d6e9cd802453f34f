import { describe, expect, it } from '@jest/globals';
import { visibleTo, type conversation } from '@parley/contracts';
import { wordsOf } from '../domain/words.js';
import { AGENT, event } from '../testing/chats.js';
import { eventText } from './lines.js';

const recorded = (it: object, version = 1): conversation.RecordedEvent => ({
  version,
  time: new Date(0),
  actor: AGENT,
  event: { event: event(it) },
  commandId: '',
});
const story = [
  { $case: 'waitEstimateShown', value: { position: 3, lowSeconds: 60, highSeconds: 90 } },
  { $case: 'waitEstimateShown', value: { position: 2 } },
  { $case: 'visitorInformed', value: { next: 1, times: 1 } },
  { $case: 'handedToBot', value: {} },
  { $case: 'whisperSent', value: { whisperId: 'w', text: 'offer a refund' } },
  { $case: 'supervisorJoined', value: { supervisorId: 'b', supervisorName: 'Boss' } },
  { $case: 'supervisorLeft', value: { supervisorId: 'b' } },
  { $case: 'held', value: { agentId: 'a' } },
  { $case: 'resumed', value: { agentId: 'a' } },
  { $case: 'transferRequested', value: { toQueueId: 'sales', summary: 'difficult customer', mode: 2 } },
  { $case: 'transferRefused', value: { reason: 1, note: 'at lunch' } },
  { $case: 'transferred', value: { transferId: 't' } },
  { $case: 'agentLeft', value: { agentId: 'a', reason: 5 } },
  { $case: 'parked', value: { agentId: 'a' } },
  { $case: 'takenOver', value: { supervisorId: 'b', supervisorName: 'Boss' } },
  { $case: 'messageRequested', value: { reason: 1 } },
  { $case: 'messageTaken', value: { replyBy: new Date(0) } },
  { $case: 'followUpAssigned', value: { agentId: 'a' } },
  { $case: 'followUpAnswered', value: { byMail: true } },
].map((it, i) => recorded(it, i + 1));

describe('a transcript of what happened beside the messages', () => {
  it('reads as sentences for people', () => {
    expect(story.map((it) => eventText(it)?.text)).toEqual([
      'The visitor was told: place 3 in line, 60 to 90 seconds',
      'The visitor was told: place 2 in line',
      'The visitor was told that it takes longer',
      'Handed to a bot',
      'Whispered: offer a refund',
      'Boss joined as supervisor',
      'The supervisor left',
      'On hold',
      'Taken off hold',
      'Transfer to queue sales asked for (both stay): difficult customer',
      'Transfer refused: declined: at lunch',
      'Transferred',
      'The agent did not reply in time',
      'Parked',
      'Boss took over',
      'The visitor was asked to leave a message',
      'Message taken, to be answered by 1970-01-01T00:00:00.000Z',
      'The message was given to an agent',
      'The message was answered, also by mail',
    ]);
  });

  it('leaves out of a visitor’s what is internal', () => {
    const lines = story.map((it) => eventText(visibleTo('visitor', it))?.text);
    expect(lines.filter((text) => text === undefined)).toHaveLength(3);
    expect(JSON.stringify(lines)).not.toMatch(/refund|difficult|lunch|did not reply/);
  });

  it('is found by people by what was whispered and by summaries', () => {
    expect(wordsOf(story)).toBe('offer a refund\nBoss\ndifficult customer\nat lunch\nBoss');
  });
});
