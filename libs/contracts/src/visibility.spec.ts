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
        value: { agentId: 'u1', agentName: 'Ann', queueId: 'default', offerId: 'o1' },
      }),
    );
    expect(seen.event?.event).toEqual({
      $case: 'agentJoined',
      value: { agentId: 'u1', agentName: 'Ann', queueId: 'default', offerId: '' },
    });
    expect(seen.actor?.name).toBe('Ann');
    expect(seen.commandId).toBe('');
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
