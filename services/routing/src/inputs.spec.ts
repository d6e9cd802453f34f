import { describe, expect, it } from '@jest/globals';
import { common, conversation, log, routing } from '@parley/contracts';
import type { Run } from '@parley/eventlog';
import { inputsOf, reportOf } from './inputs.js';

type Fact = NonNullable<conversation.ConversationEvent['event']>;
const time = new Date('2026-01-05T09:00:00Z');

const { KIND_AGENT, KIND_VISITOR } = common.Actor_Kind;
const at = (seconds: number): Date => new Date(time.getTime() + seconds * 1000);

/** One commit by somebody, so many seconds after the beginning. */
const commitBy = (
  actor: { readonly kind: common.Actor_Kind; readonly id: string } | undefined,
  seconds: number,
  firstVersion: number,
  ...events: Fact[]
): Run => {
  const [stored] = run(firstVersion, ...events).commits;
  const commit = { ...stored!.commit, time: at(seconds), actor: actor && common.Actor.fromPartial(actor) };
  return { tenant: 'acme', id: '1-abc', commits: [{ ...stored!, commit }] };
};
const ann = { kind: KIND_AGENT, id: 'ann' };
const visitor = { kind: KIND_VISITOR, id: 'visitor' };

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
    channel: conversation.Channel.CHANNEL_WEB_CHAT,
    page: { url: 'https://shop.example/', title: 'Shop' },
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
          enteredAt: time,
          contactId: 'visitor',
          language: 'de',
          topic: 'returns',
          pageUrl: 'https://shop.example/',
          pageTitle: 'Shop',
          channel: 'WEB_CHAT',
          sourceVersion: 2,
        }),
      },
    ]);
    expect(doc.version).toBe(2);
  });

  it('leaves one agent, enters again with their name, and ends', () => {
    const { doc } = inputsOf(run(1, started, entered, joinedBy), 'key', undefined);
    const { inputs, doc: after } = inputsOf(run(4, left, entered, closed), 'key', doc);
    // That the agent left is part of the entry.
    expect(inputs.map(({ commandId }) => commandId)).toEqual(['1-abc-v5-enqueue', '1-abc-v6-end']);
    expect(inputs[0]).toMatchObject({ entry: { lastAgentId: 'ann', sourceVersion: 5 } });
    expect(after.closedAt).toBe(time.getTime());
  });

  it('leads to nothing twice', () => {
    const { doc } = inputsOf(run(1, started, entered), 'key', undefined);
    expect(inputsOf(run(1, started, entered), 'key', doc).inputs).toEqual([]);
  });

  it('tells of transfers to agents; one to a queue is an entry', () => {
    const { doc } = inputsOf(run(1, started, entered, joinedBy), 'key', undefined);
    const asked = (toAgentId: string, toQueueId: string): Fact => ({
      $case: 'transferRequested',
      value: conversation.TransferRequested.fromPartial({
        transferId: 't1',
        fromAgentId: 'ann',
        toAgentId,
        toQueueId,
        mode: conversation.TransferRequested_Mode.MODE_WARM,
      }),
    });
    expect(inputsOf(run(4, asked('bob', '')), 'key', doc).inputs).toMatchObject([
      {
        kind: 'transfer',
        commandId: '1-abc-v4-transfer',
        transfer: { transferId: 't1', toAgentId: 'bob', warm: true, expiresAt: at(30), sourceVersion: 4 },
      },
    ]);
    const moved: Fact = {
      $case: 'queueEntered',
      value: conversation.QueueEntered.fromPartial({
        queueId: 'billing',
        reason: conversation.QueueEntered_Reason.REASON_TRANSFERRED,
        transferredBy: 'ann',
      }),
    };
    expect(inputsOf(run(4, asked('', 'billing'), left, moved), 'key', doc).inputs).toMatchObject([
      { kind: 'enqueue', entry: { queueId: 'billing', transferredBy: 'ann', sourceVersion: 6 } },
    ]);
  });

  it('tells of a cancelled transfer, and not of one that routing refused', () => {
    const refused = (reason: conversation.TransferRefused_Reason): Fact => ({
      $case: 'transferRefused',
      value: { transferId: 't1', reason, note: '' },
    });
    const { REASON_CANCELLED, REASON_DECLINED } = conversation.TransferRefused_Reason;
    expect(inputsOf(run(1, refused(REASON_CANCELLED)), 'key', undefined).inputs).toEqual([
      { kind: 'cancelTransfer', commandId: '1-abc-v1-cancel', transferId: 't1' },
    ]);
    expect(inputsOf(run(1, refused(REASON_DECLINED)), 'key', undefined).inputs).toEqual([]);
  });

  it('tells of a take-over once, whoever leaves by it', () => {
    const { doc } = inputsOf(run(1, started, entered, joinedBy), 'key', undefined);
    const taken: Fact = { $case: 'takenOver', value: { supervisorId: 'boss', supervisorName: '' } };
    const boss: Fact = {
      $case: 'agentJoined',
      value: conversation.AgentJoined.fromPartial({ agentId: 'boss' }),
    };
    expect(inputsOf(run(4, left, taken, boss), 'key', doc).inputs).toEqual([
      { kind: 'takeOver', commandId: '1-abc-v5-taken', agentId: 'boss', sourceVersion: 5 },
    ]);
  });

  it('frees the slot of who parks, and of who hands over', () => {
    const parked: Fact = { $case: 'parked', value: { agentId: 'ann' } };
    const { REASON_PARKED, REASON_TRANSFERRED } = routing.AssignmentEnded_Reason;
    expect(inputsOf(run(1, parked), 'key', undefined).inputs).toMatchObject([
      { kind: 'end', reason: REASON_PARKED, agentId: 'ann' },
    ]);
    const handed: Fact = {
      $case: 'agentLeft',
      value: { agentId: 'ann', reason: conversation.AgentLeft_Reason.REASON_TRANSFERRED },
    };
    expect(inputsOf(run(1, handed), 'key', undefined).inputs).toMatchObject([
      { kind: 'end', reason: REASON_TRANSFERRED, agentId: 'ann' },
    ]);
  });

  it('forgets what was erased', () => {
    const { doc } = inputsOf(run(1, started), 'key', undefined);
    const erased: Fact = { $case: 'contentErased', value: { upToVersion: 1, reason: 'contact_request' } };
    expect(inputsOf(run(2, erased), 'key', doc).doc).toMatchObject({ topic: '', pageUrl: '', pageTitle: '' });
  });
});

describe('who waits for whose reply', () => {
  const said: Fact = {
    $case: 'messageSent',
    value: conversation.MessageSent.fromPartial({ messageId: 'm' }),
  };
  const known = inputsOf(commitBy(undefined, 0, 1, started, entered), 'key', undefined).doc;

  it('is the visitor from their first message on, or from when the agent came', () => {
    const asked = inputsOf(commitBy(visitor, 1, 3, said), 'key', known);
    expect(asked.doc.awaitingSince).toBe(at(1).getTime());
    const again = inputsOf(commitBy(visitor, 2, 4, said), 'key', asked.doc);
    expect(again).toMatchObject({ idle: true, replies: false });
    const joined = inputsOf(commitBy(undefined, 60, 5, joinedBy), 'key', again.doc);
    expect(joined.doc).toMatchObject({ serving: true, agents: [{ agentId: 'ann', replied: false }] });
    const answered = inputsOf(commitBy(ann, 75, 6, said), 'key', joined.doc);
    expect(reportOf('1-abc', answered.doc)).toMatchObject({
      version: 6,
      agents: [{ agentId: 'ann', joinedVersion: 5, replied: true }],
      awaitingSince: undefined,
      lastReply: { agentId: 'ann', seconds: 15 },
    });
    expect(inputsOf(commitBy(ann, 80, 7, said), 'key', answered.doc).idle).toBe(true);
  });

  it('is nobody once the agent has left, parked or closed it', () => {
    const joined = inputsOf(commitBy(undefined, 1, 3, joinedBy), 'key', known).doc;
    const parked: Fact = { $case: 'parked', value: { agentId: 'ann' } };
    for (const event of [left, parked, closed, entered]) {
      const { doc, replies } = inputsOf(commitBy(ann, 2, 4, event), 'key', joined);
      expect([doc.agents, doc.serving, replies]).toEqual([[], false, true]);
    }
  });

  it('is answered by an agent of the chat only', () => {
    const joined = inputsOf(commitBy(undefined, 1, 3, joinedBy), 'key', known).doc;
    const asked = inputsOf(commitBy(visitor, 2, 4, said), 'key', joined).doc;
    const other = { kind: KIND_AGENT, id: 'boss' };
    expect(inputsOf(commitBy(other, 3, 5, said), 'key', asked).replies).toBe(false);
  });
});
