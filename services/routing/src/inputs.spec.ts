import { describe, expect, it } from '@jest/globals';
import { conversation, log, routing } from '@parley/contracts';
import type { Run } from '@parley/eventlog';
import { inputsOf } from './inputs.js';

type Fact = NonNullable<conversation.ConversationEvent['event']>;
const time = new Date('2026-01-05T09:00:00Z');

const run = (firstVersion: number, ...events: Fact[]): Run => ({
  tenant: 'acme',
  id: '1-abc',
  commits: [
    {
      seq: 1,
      partition: 1,
      commit: log.Commit.fromPartial({
        firstVersion,
        time,
        events: events.map((event) => Buffer.from(conversation.ConversationEvent.encode({ event }).finish())),
      }),
    },
  ],
});
const started: Fact = {
  $case: 'started',
  value: conversation.ConversationStarted.fromPartial({
    contactId: 'visitor',
    locale: 'de',
    topic: 'returns',
    page: { url: 'https://shop.example/' },
  }),
};
const entered: Fact = {
  $case: 'queueEntered',
  value: conversation.QueueEntered.fromPartial({ queueId: 'sales' }),
};
const left: Fact = { $case: 'agentLeft', value: conversation.AgentLeft.fromPartial({ agentId: 'ann' }) };
const joinedBy: Fact = {
  $case: 'agentJoined',
  value: conversation.AgentJoined.fromPartial({ agentId: 'ann' }),
};
const closed: Fact = { $case: 'closed', value: conversation.Closed.fromPartial({}) };

describe('what a conversation means to routing', () => {
  it('enters with what is known of it', () => {
    const { inputs, doc } = inputsOf(run(1, started, entered), 'key', undefined);
    expect(inputs).toEqual([
      {
        kind: 'enqueue',
        commandId: '1-abc-v2-enqueue',
        entry: routing.ConversationEnqueued.fromPartial({
          conversationId: '1-abc',
          queueId: 'sales',
          weight: 1,
          enteredAt: time,
          contactId: 'visitor',
          language: 'de',
          topic: 'returns',
          pageUrl: 'https://shop.example/',
          sourceVersion: 2,
        }),
      },
    ]);
    expect(doc.version).toBe(2);
  });

  it('leaves one agent, enters again with their name, and ends', () => {
    const { doc } = inputsOf(run(1, started, entered, joinedBy), 'key', undefined);
    const { inputs, doc: after } = inputsOf(run(4, left, entered, closed), 'key', doc);
    expect(inputs.map(({ commandId }) => commandId)).toEqual([
      '1-abc-v4-left',
      '1-abc-v5-enqueue',
      '1-abc-v6-end',
    ]);
    expect(inputs[1]).toMatchObject({ entry: { lastAgentId: 'ann', sourceVersion: 5 } });
    expect(after.closedAt).toBe(time.getTime());
  });

  it('leads to nothing twice', () => {
    const { doc } = inputsOf(run(1, started, entered), 'key', undefined);
    expect(inputsOf(run(1, started, entered), 'key', doc).inputs).toEqual([]);
  });
});
