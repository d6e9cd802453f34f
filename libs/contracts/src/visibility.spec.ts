import { describe, expect, it } from '@jest/globals';
import { common, conversation, log, recordedEvents, visibleTo } from './index.js';

const recorded = (
  event: conversation.ConversationEvent['event'],
  actor: Partial<common.Actor> = {},
): conversation.RecordedEvent => ({
  version: 7,
  time: new Date(1000),
  actor: common.Actor.fromPartial({ kind: common.Actor_Kind.KIND_AGENT, id: 'u1', name: 'Ann', ...actor }),
  event: { event },
  commandId: 'cmd1',
});

describe('what a visitor may see', () => {
  it('gets a placeholder with number and time for a note, an erasure and an event of a newer release', () => {
    const hidden: conversation.ConversationEvent['event'][] = [
      { $case: 'noteAdded', value: { noteId: 'n', text: 'angry customer' } },
      { $case: 'contentErased', value: { upToVersion: 3, reason: 'contact_request' } },
      { $case: 'whisperSent', value: { whisperId: 'w', text: 'offer a refund' } },
      { $case: 'transferRefused', value: { transferId: 't', reason: 1, note: 'not again' } },
      { $case: 'followUpAssigned', value: { agentId: 'u2', dueAt: undefined } },
      undefined,
    ];
    for (const event of hidden)
      expect(visibleTo('visitor', recorded(event))).toEqual({
        version: 7,
        time: new Date(1000),
        actor: undefined,
        event: undefined,
        commandId: '',
      });
  });

  it('sees the agent by name but neither the offer nor the command', () => {
    const seen = visibleTo(
      'visitor',
      recorded({
        $case: 'agentJoined',
        value: { agentId: 'u1', agentName: 'Ann', queueId: 'default', offerId: 'o1', transferId: 't1' },
      }),
    );
    expect(seen.event?.event).toEqual({
      $case: 'agentJoined',
      value: { agentId: 'u1', agentName: 'Ann', queueId: 'default', offerId: '', transferId: 't1' },
    });
    expect(seen.actor?.name).toBe('Ann');
    expect(seen.commandId).toBe('');
  });

  it('sees that their chat is handed on, not with what words nor who may refuse', () => {
    const { TransferRequested_Mode: Mode } = conversation;
    const transfer = { transferId: 't1', fromAgentId: 'u1', toQueueId: '', mode: Mode.MODE_COLD };
    const asked = visibleTo(
      'visitor',
      recorded({
        $case: 'transferRequested',
        value: { ...transfer, toAgentId: 'u2', summary: 'difficult customer' },
      }),
    );
    expect(asked.event?.event?.value).toEqual({ ...transfer, toAgentId: '', summary: '' });
    const done = recorded({ $case: 'transferred', value: { ...transfer, toAgentId: 'u2' } });
    expect(visibleTo('visitor', done).event).toEqual(done.event);
  });

  it('does not learn which agent is asked first, that one was too slow, nor the key of a bot', () => {
    const valueOf = (event: conversation.ConversationEvent['event']) =>
      visibleTo('visitor', recorded(event)).event?.event?.value;
    const entered = { queueId: 'default', reason: 5, transferredBy: '' };
    expect(valueOf({ $case: 'queueEntered', value: { ...entered, preferredAgentId: 'u1' } })).toEqual({
      ...entered,
      preferredAgentId: '',
    });
    const { REASON_NO_REPLY, REASON_LEFT } = conversation.AgentLeft_Reason;
    const left = (reason: conversation.AgentLeft_Reason) =>
      valueOf({ $case: 'agentLeft', value: { agentId: 'u1', reason } });
    expect(left(REASON_NO_REPLY)).toEqual({ agentId: 'u1', reason: 0 });
    expect(left(REASON_LEFT)).toEqual({ agentId: 'u1', reason: REASON_LEFT });
    expect(valueOf({ $case: 'handedToBot', value: { botId: 'key-1' } })).toEqual({ botId: '' });
  });

  it('sees what concerns themselves as it is', () => {
    const shown: conversation.ConversationEvent['event'][] = [
      { $case: 'held', value: { agentId: 'u1' } },
      { $case: 'resumed', value: { agentId: 'u1' } },
      { $case: 'parked', value: { agentId: 'u1' } },
      { $case: 'supervisorJoined', value: { supervisorId: 'u3', supervisorName: 'Boss' } },
      { $case: 'supervisorLeft', value: { supervisorId: 'u3' } },
      { $case: 'takenOver', value: { supervisorId: 'u3', supervisorName: 'Boss' } },
      {
        $case: 'waitEstimateShown',
        value: { position: 2, lowSeconds: 60, highSeconds: 120, queueId: 'default' },
      },
      { $case: 'visitorInformed', value: { next: 1, times: 1, queueId: '' } },
      { $case: 'messageRequested', value: { reason: 1, replyBy: new Date(5), opensAt: new Date(4) } },
      { $case: 'messageTaken', value: { queueId: 'default', replyBy: new Date(5) } },
      { $case: 'followUpAnswered', value: { agentId: 'u1', byMail: true } },
    ];
    for (const event of shown) expect(visibleTo('visitor', recorded(event)).event).toEqual({ event });
  });

  it('does not learn where the workflow has them wait', () => {
    const next = conversation.VisitorInformed_Next.NEXT_PLACED;
    const placed = recorded({ $case: 'visitorInformed', value: { next, times: 0, queueId: 'vip' } });
    expect(visibleTo('visitor', placed).event).toBeUndefined();
    expect(visibleTo('agent', placed)).toBe(placed);
  });

  it('does not learn that they were taken for spam, nor which service or key acted', () => {
    const seen = visibleTo(
      'visitor',
      recorded(
        {
          $case: 'closed',
          value: { reason: conversation.CloseReason.CLOSE_REASON_SPAM, effectiveAt: undefined },
        },
        { kind: common.Actor_Kind.KIND_SYSTEM, id: 'routing', name: 'routing' },
      ),
    );
    expect(seen.event?.event).toMatchObject({ value: { reason: 0 } });
    expect(seen.actor).toEqual({ kind: common.Actor_Kind.KIND_SYSTEM, id: '', name: '' });
  });

  it('keeps the command id of their own events, to recognise what they sent', () => {
    const mine = recorded(
      { $case: 'readUpTo', value: { version: 3 } },
      { kind: common.Actor_Kind.KIND_VISITOR, id: 'c1' },
    );
    expect(visibleTo('visitor', mine)).toEqual(mine);
  });
});

it('agents see everything', () => {
  const note = recorded({ $case: 'noteAdded', value: { noteId: 'n', text: 'x' } });
  expect(visibleTo('agent', note)).toBe(note);
});

it('numbers the events of a commit densely and leaves unknown ones without content', () => {
  const events = recordedEvents(
    log.Commit.fromPartial({
      firstVersion: 4,
      commandId: 'c',
      events: [
        Buffer.from(
          conversation.ConversationEvent.encode({
            event: { $case: 'readUpTo', value: { version: 2 } },
          }).finish(),
        ),
        // Field 999, as a later release may write it.
        Buffer.from([0xba, 0x3e, 0x00]),
      ],
    }),
  );
  expect(events.map((e) => [e.version, e.event?.event?.$case])).toEqual([
    [4, 'readUpTo'],
    [5, undefined],
  ]);
});
