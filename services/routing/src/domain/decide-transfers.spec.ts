import { describe, expect, it } from '@jest/globals';
import { conversation, routing } from '@parley/contracts';
import {
  accept,
  after,
  agent,
  decline,
  end,
  enter,
  given,
  presence,
  queue,
  short,
  tick,
  transfer,
  publish,
  workflow,
} from '../testing/world.js';
import { invariants } from './invariants.js';
import { offersOf } from './views.js';

const Outcome = routing.TransferEnded_Outcome;
const staff = [
  queue('sales'),
  queue('experts'),
  agent('ann', ['sales']),
  presence('ann'),
  agent('bob', ['experts'], { capacity: 1 }),
  presence('bob'),
  agent('eve', ['experts']),
  presence('eve', 'AWAY'),
];
const withAnn = () => {
  const world = given(...staff, enter('c1'));
  world.when(accept(world.offerOf('c1'), 'ann'));
  return world;
};
const outcome = ({ events }: { events: readonly { $case: string; value: object }[] }): unknown =>
  events.find(({ $case }) => $case === 'transferEnded')?.value;

describe('a transfer to a queue', () => {
  const german = () => {
    const world = given(
      ...staff,
      queue('others'),
      agent('uma', ['others'], { languages: ['it'] }),
      agent('ute', ['others'], { languages: ['de'] }),
      agent('ann', ['sales'], { languages: ['de'], skills: { billing: 3 } }),
      { kind: 'putSkill', skill: { skillId: 'billing', name: 'Billing', version: 0 } },
      workflow({
        priority: 5,
        requirements: { skills: { billing: 2 }, language: 'visitor' },
        targets: [{ queue: 'sales' }],
      }),
      publish(1),
      presence('uma'),
      presence('ute', 'AWAY'),
      enter('c1', { language: 'de-AT' }),
    );
    world.when(accept(world.offerOf('c1'), 'ann'));
    return world;
  };

  it('takes priority and language along, and leaves the skills, which were the other queue’s', () => {
    const world = german();
    world.when(
      enter('c1', {
        queueId: 'others',
        language: 'de-AT',
        sourceVersion: 5,
        reason: conversation.QueueEntered_Reason.REASON_TRANSFERRED,
        transferredBy: 'ann',
      }),
    );
    expect(world.state.chats.get('c1')).toMatchObject({
      phase: 'waiting',
      queueId: 'others',
      priority: 5,
      requirements: { skills: {}, language: 'de' },
    });
    expect(short(world.when(presence('ute')))).toContain('offerMade c1 ute');
  });

  it('asks nobody in who does not speak the visitor’s language', () => {
    const world = german();
    const asked = { toQueueId: 'others', warm: true };
    expect(outcome(world.when(transfer('c1', 'ann', '', asked)))).toMatchObject({
      outcome: Outcome.OUTCOME_UNAVAILABLE,
    });
    world.when(presence('ute'));
    expect(short(world.when(transfer('c1', 'ann', '', { ...asked, transferId: 'c1-t2' })))).toContain(
      'offerMade c1 ute',
    );
  });
});

describe('a transfer to an agent', () => {
  it('rings with them while the first agent goes on, who leaves only when the conversation says so', () => {
    const world = withAnn();
    expect(short(world.when(transfer('c1', 'ann', 'bob')))).toEqual([
      'transferRequested c1',
      'offerMade c1 bob',
    ]);
    expect(offersOf(world.state, 'bob')).toMatchObject([
      {
        transferId: 'c1-t1',
        fromAgentId: 'ann',
        reasonCodes: ['transfer'],
        kind: routing.OfferMade_Kind.KIND_TRANSFER,
      },
    ]);
    const taken = world.when(accept(world.offerOf('c1'), 'bob'));
    expect(short(taken)).toEqual(['offerAccepted c1 bob', 'transferEnded c1']);
    expect(world.state.chats.get('c1')?.assignments.map(({ agentId }) => agentId)).toEqual(['ann', 'bob']);
    expect(short(world.when(end('c1', 'TRANSFERRED', 7, 'ann')))).toEqual(['assignmentEnded c1 ann']);
    expect(world.state.chats.get('c1')?.assignments.map(({ agentId }) => agentId)).toEqual(['bob']);
    expect(invariants(world.state)).toEqual([]);
  });

  it('is asked for once: told again after it was accepted, it gives the chat to nobody else', () => {
    const world = withAnn();
    for (const step of [agent('cat', ['experts']), presence('cat')]) world.when(step);
    const again = transfer('c1', 'ann', '', { toQueueId: 'experts' });
    world.when(again);
    const [offer] = world.state.chats.get('c1')!.offers;
    world.when(accept(offer!.id, offer!.agentId));
    expect(short(world.when(again))).toEqual([]);
    world.when(end('c1', 'TRANSFERRED', 5, 'ann'));
    expect(invariants(world.state)).toEqual([]);
  });

  it('keeps both when it is warm', () => {
    const world = withAnn();
    world.when(transfer('c1', 'ann', 'bob', { warm: true }));
    world.when(accept(world.offerOf('c1'), 'bob'));
    expect(world.state.chats.get('c1')).toMatchObject({ warm: true, leavingAgentId: '' });
    expect(short(world.when(end('c1', 'AGENT_LEFT', 8, 'ann')))).toEqual(['assignmentEnded c1 ann']);
    expect(world.state.chats.get('c1')?.phase).toBe('active');
  });

  it('comes back when it is declined, times out, or cannot be offered; the first agent never lost it', () => {
    const world = withAnn();
    world.when(transfer('c1', 'ann', 'bob'));
    expect(outcome(world.when(decline(world.offerOf('c1'), 'bob')))).toMatchObject({
      outcome: Outcome.OUTCOME_DECLINED,
      reason: 'busy',
    });
    // Asked again by name at once: that bob declined is no reason not to ring.
    world.when(transfer('c1', 'ann', 'bob', { transferId: 't2' }));
    world.when(after(30));
    expect(outcome(world.when(tick))).toMatchObject({ transferId: 't2', outcome: Outcome.OUTCOME_TIMED_OUT });
    expect(outcome(world.when(transfer('c1', 'ann', 'eve', { transferId: 't3' })))).toMatchObject({
      outcome: Outcome.OUTCOME_UNAVAILABLE,
    });
    expect(world.state.chats.get('c1')?.assignments.map(({ agentId }) => agentId)).toEqual(['ann']);
  });

  it('never takes more capacity than there is', () => {
    const world = withAnn();
    world.when(enter('c2', { queueId: 'experts' }));
    expect(outcome(world.when(transfer('c1', 'ann', 'bob')))).toMatchObject({
      outcome: Outcome.OUTCOME_UNAVAILABLE,
    });
  });

  it('ends with the chat, with a cancellation, and with a take-over', () => {
    for (const [step, expected] of [
      [end('c1'), Outcome.OUTCOME_CONVERSATION_ENDED],
      [{ kind: 'cancelTransfer', conversationId: 'c1', transferId: 'c1-t1' }, Outcome.OUTCOME_CANCELLED],
      [
        { kind: 'startAssignment', conversationId: 'c1', agentId: 'sue', weight: 0, sourceVersion: 9 },
        Outcome.OUTCOME_CANCELLED,
      ],
    ] as const) {
      const world = withAnn();
      world.when(transfer('c1', 'ann', 'bob'));
      expect(outcome(world.when(step))).toMatchObject({ outcome: expected });
      expect(offersOf(world.state, 'bob')).toEqual([]);
    }
  });
});

describe('a transfer to a queue', () => {
  it('asks one specialist after the other when it is warm', () => {
    const world = withAnn();
    world.when(presence('eve'));
    world.when(transfer('c1', 'ann', '', { toQueueId: 'experts', warm: true }));
    const first = world.state.chats.get('c1')?.offers[0]?.agentId ?? '';
    expect(['bob', 'eve']).toContain(first);
    const next = world.when(decline(world.offerOf('c1'), first));
    expect(short(next)).toEqual([
      `offerDeclined c1 ${first}`,
      `offerMade c1 ${first === 'bob' ? 'eve' : 'bob'}`,
    ]);
  });

  it('keeps the age when it is cold, and comes back to the giver only when nobody else took it', () => {
    const world = given(queue('sales'), agent('ann', ['sales']), presence('ann'), enter('c1'));
    world.when(accept(world.offerOf('c1'), 'ann'));
    world.when(after(100));
    world.when(end('c1', 'TRANSFERRED', 5, 'ann'));
    const reason = conversation.QueueEntered_Reason.REASON_TRANSFERRED;
    const entered = world.when(
      enter('c1', { sourceVersion: 6, reason, transferredBy: 'ann', enteredAt: new Date(world.now()) }),
    );
    expect(short(entered)).toEqual(['conversationEnqueued c1']);
    expect(world.state.chats.get('c1')).toMatchObject({
      firstEnteredAt: world.now() - 100_000,
      enteredAt: world.now(),
    });
    world.when(after(60));
    expect(short(world.when(tick))).toEqual([
      'failsafeActed c1',
      'exclusionEnded c1 ann',
      'offerMade c1 ann',
    ]);
  });
});

describe('a supervisor', () => {
  it('gives a waiting chat to an agent beyond skills and queues, but never beyond capacity', () => {
    const world = given(...staff, presence('ann', 'AWAY'), enter('c1'));
    const assign = { kind: 'assignConversation', conversationId: 'c1', agentId: 'bob', queueId: '' } as const;
    expect(short(world.when(assign))).toEqual(['offerMade c1 bob']);
    expect(world.when(assign).error).toBe('ALREADY_OFFERED');
    world.when(enter('c2'));
    expect(world.when({ ...assign, conversationId: 'c2' }).error).toBe('AGENT_FULL');
    expect(world.when({ ...assign, conversationId: 'c2', agentId: 'eve' }).error).toBe('AGENT_UNAVAILABLE');
    expect(world.when({ ...assign, conversationId: 'c2', queueId: 'experts' }).error).toBe(
      'INVALID_ARGUMENT',
    );
    const moved = world.when({ ...assign, conversationId: 'c2', agentId: '', queueId: 'experts' });
    expect(short(moved)).toEqual(['targetEntered c2']);
    world.when(accept(world.offerOf('c1'), 'bob'));
    expect(world.when({ ...assign, agentId: 'ann' }).error).toBe('ALREADY_ASSIGNED');
  });

  it('takes a chat over, from its agent or from the queue, beyond their own capacity', () => {
    const world = withAnn();
    const over = {
      kind: 'startAssignment',
      conversationId: 'c1',
      agentId: 'bob',
      weight: 0,
      sourceVersion: 9,
    } as const;
    expect(short(world.when(over))).toEqual(['assignmentEnded c1 ann', 'assignmentStarted c1 bob']);
    expect(short(world.when(over))).toEqual([]);
    world.when(presence('ann', 'AWAY'));
    world.when(enter('c2'));
    expect(short(world.when({ ...over, conversationId: 'c2' }))).toEqual([
      'conversationDequeued c2',
      'assignmentStarted c2 bob',
    ]);
    expect(world.state.agents.get('bob')).toMatchObject({ used: 2, capacity: 1 });
    expect(invariants(world.state)).toEqual([]);
  });
});

describe('a parked chat', () => {
  it('frees its slot, and comes back through the queue to its own agent, accepted for them', () => {
    const world = withAnn();
    expect(short(world.when(end('c1', 'PARKED', 5, 'ann')))).toEqual(['assignmentEnded c1 ann']);
    expect(world.state.agents.get('ann')?.used).toBe(0);
    const reason = conversation.QueueEntered_Reason.REASON_UNPARKED;
    const back = enter('c1', { sourceVersion: 6, reason, preferredAgentId: 'ann' });
    expect(short(world.when(back))).toEqual([
      'conversationEnqueued c1',
      'offerMade c1 ann',
      'offerAccepted c1 ann',
    ]);
  });

  it('waits for a full agent, and goes to others after a while', () => {
    const world = withAnn();
    world.when(end('c1', 'PARKED', 5, 'ann'));
    world.when(agent('ann', ['sales'], { capacity: 1 }));
    world.when(agent('bob', ['sales']));
    world.when({
      kind: 'startAssignment',
      conversationId: 'c9',
      agentId: 'ann',
      weight: 0,
      sourceVersion: 1,
    });
    const reason = conversation.QueueEntered_Reason.REASON_UNPARKED;
    expect(short(world.when(enter('c1', { sourceVersion: 6, reason, preferredAgentId: 'ann' })))).toEqual([
      'conversationEnqueued c1',
    ]);
    world.when(after(120));
    expect(short(world.when(tick))).toEqual(
      expect.arrayContaining(['preferenceEnded c1 ann', 'offerMade c1 bob']),
    );
  });
});
