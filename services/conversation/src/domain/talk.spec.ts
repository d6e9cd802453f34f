import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import type { Command } from './commands.js';
import {
  ann,
  annAnswered,
  annJoined,
  bob,
  boss,
  by,
  given,
  integration,
  sendWish,
  started,
  startWish,
  stateAfter,
  stranger,
  visitor,
} from '../testing/story.js';

describe('start', () => {
  it('starts and enters the default queue', () => {
    const { facts } = given().when(started);
    expect(facts.map((fact) => fact.$case)).toEqual(['started', 'queueEntered']);
    expect(facts[1]?.value).toEqual({
      queueId: 'default',
      reason: conversation.QueueEntered_Reason.REASON_STARTED,
      preferredAgentId: '',
      transferredBy: '',
    });
  });

  it('identifies and sends the first message when given, counted as the visitor’s first', () => {
    const { facts } = given().when(
      by(visitor, {
        ...startWish,
        name: 'Mia',
        queueId: 'sales',
        messageId: 'm1',
        text: 'Card 4111111111111111',
        prechat: { order: '4111111111111111' },
      }),
    );
    expect(facts.map((fact) => fact.$case)).toEqual([
      'started',
      'visitorIdentified',
      'messageSent',
      'queueEntered',
    ]);
    expect(facts[0]?.value).toMatchObject({ prechat: { order: '************1111' } });
    expect(facts[2]?.value).toMatchObject({
      clientSeq: 1,
      content: { value: { text: 'Card ************1111' } },
    });
    expect(facts[3]?.value).toMatchObject({ queueId: 'sales' });
  });

  it('of a conversation that another tab has started does nothing', () => {
    expect(given(started).when(started)).toEqual({ facts: [] });
  });
});

describe('messages', () => {
  it('of the visitor and of an agent in the chat are taken', () => {
    expect(given(started).when(by(visitor, sendWish('m1', 1))).facts).toHaveLength(1);
    expect(given(started, annJoined).when(annAnswered).facts).toHaveLength(1);
    expect(given(started).when(by(integration, sendWish('i1'))).facts).toHaveLength(1);
  });

  it('of agents and supervisors who are not in the chat are refused', () => {
    for (const who of [bob, boss])
      expect(given(started, annJoined).when(by(who, sendWish('b1'))).error?.details.reason).toBe(
        'NOT_A_PARTICIPANT',
      );
  });

  it('repeated is nothing; with the id of somebody else’s message it is refused', () => {
    const earlier = [started, annJoined, by(visitor, sendWish('m1', 1)), annAnswered] as const;
    const identified = { ...stranger, formerIds: new Set(['contact-1']) };
    for (const who of [visitor, identified])
      expect(given(...earlier).when(by(who, sendWish('m1', 1)))).toEqual({ facts: [] });
    expect(given(...earlier).when(annAnswered)).toEqual({ facts: [] });
    const taken = (command: Command) => given(...earlier).when(command).error?.details.reason;
    expect(taken(by(visitor, sendWish('a1', 2)))).toBe('MESSAGE_ID_TAKEN');
    expect(taken(by(ann, sendWish('m1', 2)))).toBe('MESSAGE_ID_TAKEN');
    expect(taken(by(boss, { type: 'note', noteId: 'a1', text: 'x' }))).toBe('MESSAGE_ID_TAKEN');
  });

  it('of other visitors meet no conversation at all', () => {
    expect(given(started).when(by(stranger, sendWish('m1'))).error?.details.reason).toBe(
      'CONVERSATION_NOT_FOUND',
    );
    expect(given().when(by(visitor, sendWish('m1'))).error?.details.reason).toBe('CONVERSATION_NOT_FOUND');
  });

  it('of a visitor whose former contact it is are taken', () => {
    const merged = { ...stranger, formerIds: new Set(['contact-1']) };
    expect(given(started).when(by(merged, sendWish('m1'))).facts).toHaveLength(1);
  });

  it('must come in the order of the sender’s own count', () => {
    const first = by(visitor, sendWish('m1', 1));
    const { error } = given(started, first).when(by(visitor, sendWish('m3', 3)));
    expect(error?.details).toEqual({
      reason: 'OUT_OF_ORDER',
      violations: [{ field: 'clientSeq', description: 'expected 2' }],
    });
    expect(given(started, first).when(by(visitor, sendWish('m2', 2))).facts).toHaveLength(1);
    expect(given(started, annJoined, first).when(annAnswered).facts).toHaveLength(1);
  });

  it('with a known id are not written twice, whatever their count', () => {
    const first = by(visitor, sendWish('m1', 1));
    expect(given(started, first).when(first)).toEqual({ facts: [] });
  });

  it('are refused once it is closed', () => {
    const closed = by(visitor, { type: 'close', reason: 0 });
    expect(given(started, closed).when(by(visitor, sendWish('m1'))).error?.details.reason).toBe(
      'CONVERSATION_CLOSED',
    );
  });
});

describe('notes', () => {
  const note = { type: 'note', noteId: 'n1', text: 'card 4111111111111111' } as const;
  it('of agents in the chat and of supervisors are taken and masked', () => {
    for (const who of [ann, boss, integration])
      expect(given(started, annJoined).when(by(who, note)).facts[0]?.value).toEqual({
        noteId: 'n1',
        text: 'card ************1111',
      });
  });
  it('of others are refused', () => {
    expect(given(started, annJoined).when(by(bob, note)).error?.details.reason).toBe('NOT_A_PARTICIPANT');
    expect(given(started).when(by(visitor, note)).error?.details.reason).toBe('ROLE_NOT_ALLOWED');
  });
  it('with a known id are not written twice', () => {
    expect(given(started, annJoined, by(ann, note)).when(by(ann, note))).toEqual({ facts: [] });
  });
});

describe('read marks', () => {
  it('move forward only', () => {
    const read = by(visitor, { type: 'read', version: 2 });
    expect(given(started).when(read).facts).toEqual([{ $case: 'readUpTo', value: { version: 2 } }]);
    expect(given(started, read).when(read)).toEqual({ facts: [] });
    expect(given(started, read).when(by(visitor, { type: 'read', version: 1 }))).toEqual({ facts: [] });
  });
  it('cannot lie beyond the end', () => {
    expect(given(started).when(by(visitor, { type: 'read', version: 9 })).error?.details.reason).toBe(
      'INVALID_ARGUMENT',
    );
  });
  it('of those who are not in the chat leave no trace', () => {
    expect(given(started, annJoined).when(by(boss, { type: 'read', version: 2 }))).toEqual({ facts: [] });
  });
  it('of both sides are kept apart', () => {
    const state = stateAfter(
      started,
      annJoined,
      by(ann, { type: 'read', version: 3 }),
      by(visitor, { type: 'read', version: 2 }),
    );
    expect([state.visitorRead, state.agentRead]).toEqual([2, 3]);
  });
});

describe('the visitor’s page and name', () => {
  it('a change of page is recorded once', () => {
    const there = by(visitor, {
      type: 'changePage',
      page: { url: 'https://shop.example/pay', title: 'Pay' },
    });
    expect(given(started).when(there).facts).toHaveLength(1);
    expect(given(started, there).when(there)).toEqual({ facts: [] });
  });
  it('an introduction needs a name or an address', () => {
    const wish = { type: 'introduce', name: '', email: '', externalId: '', verified: false } as const;
    expect(given(started).when(by(visitor, wish)).error?.details.reason).toBe('INVALID_ARGUMENT');
    expect(given(started).when(by(visitor, { ...wish, email: 'mia@example.org' })).facts[0]?.value).toEqual({
      name: '',
      email: 'mia@example.org',
      externalId: '',
      verified: false,
    });
  });
});
