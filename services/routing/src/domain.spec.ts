import { describe, expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import { listQueues, nextDueAt, offersOf, position, type Command } from './domain.js';
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
  takeOver,
  tick,
  transfer,
  T0,
} from './testing/world.js';

const shop = [queue('sales', { offerTimeoutSeconds: 20, wrapUpSeconds: 10 }), queue('support')];
const ann = [agent('ann', ['sales']), presence('ann')];
const bob = [agent('bob', ['sales']), presence('bob')];

describe('an offer', () => {
  it('goes to the agent with the most free capacity, then to who has been idle longest', () => {
    const world = given(...shop, ...ann, after(5), ...bob);
    expect(short(world.when(enter('c1')))).toEqual(['conversationEnqueued c1', 'offerMade c1 ann']);
    expect(short(world.when(enter('c2')))).toContain('offerMade c2 bob');
    expect(short(world.when(enter('c3')))).toContain('offerMade c3 ann');
  });

  it('says why this agent', () => {
    const world = given(
      ...shop,
      ...ann,
      after(5),
      ...bob,
      agent('cat', ['sales']),
      agent('dan', ['support']),
    );
    const made = world.when(enter('c1')).events.find((event) => event.$case === 'offerMade');
    expect(made?.value.explanation).toEqual({
      considered: 4,
      excluded: [
        { rule: 'serves_queue', agents: 1 },
        { rule: 'available', agents: 1 },
      ],
      candidates: [
        { agentId: 'ann', freeShare: 1, idleSince: new Date(T0), behindBecause: '', skills: {} },
        {
          agentId: 'bob',
          freeShare: 1,
          idleSince: new Date(T0 + 5000),
          behindBecause: 'idle for a shorter time',
          skills: {},
        },
      ],
      reasons: ['queue:sales', 'longest_idle'],
      filterName: '',
      workflowVersion: 0,
      target: 0,
      requirements: { skills: {}, language: '' },
    });
  });

  it('reserves capacity, so that a full agent gets none', () => {
    const world = given(...shop, ...ann, enter('c1'), enter('c2'));
    expect(short(world.when(enter('c3')))).toEqual(['conversationEnqueued c3']);
    expect(position(world.state, 'c3').position).toBe(3);
  });

  it('is fenced by its id: only its agent can answer it, only while it is pending', () => {
    const world = given(...shop, ...ann, enter('c1'));
    const offerId = world.offerOf('c1');
    expect(world.when(accept(offerId, 'bob')).error).toBe('NOT_YOUR_OFFER');
    expect(world.when(accept('c1-o1', 'ann')).error).toBe('OFFER_NOT_PENDING');
    expect(short(world.when(accept(offerId, 'ann')))).toEqual(['offerAccepted c1 ann']);
    expect(short(world.when(accept(offerId, 'ann')))).toEqual([]);
    expect(world.when(decline(offerId, 'ann')).error).toBe('OFFER_NOT_PENDING');
  });

  it('that is declined goes to the next at once, and to the same agent after the cool-down only', () => {
    const world = given(...shop, ...ann, enter('c1'));
    expect(short(world.when(decline(world.offerOf('c1'), 'ann')))).toEqual(['offerDeclined c1 ann']);
    expect(nextDueAt(world.state)).toBe(world.now() + 30_000);
    world.when(after(29));
    expect(short(world.when(tick))).toEqual([]);
    world.when(after(1));
    expect(short(world.when(tick))).toEqual(['exclusionEnded c1 ann', 'offerMade c1 ann']);
  });

  it('that times out keeps the place and age, silences the agent and goes to the next', () => {
    const world = given(...shop, ...ann, after(1), ...bob, enter('c1'), enter('c2'), enter('c3'), after(20));
    const outcome = short(world.when(tick));
    expect(outcome.slice(0, 3)).toEqual([
      'offerTimedOut c1 ann',
      'agentNotResponding ann',
      'offerRescinded c3 ann',
    ]);
    // Bob's own offer rang as long as Ann's.
    expect(outcome).toContain('agentNotResponding bob');
    expect(position(world.state, 'c1')).toEqual({
      position: 1,
      queueId: 'sales',
      enteredAt: new Date(T0 + 1000),
    });
  });

  it('comes again after a timeout only when the agent sets themselves available', () => {
    const world = given(...shop, ...ann, enter('c1'), after(20), tick);
    expect(short(world.when(presence('ann')))).toEqual(['agentPresenceChanged ann']);
    world.when(presence('ann', 'AWAY'));
    expect(short(world.when(presence('ann')))).toEqual(['agentPresenceChanged ann', 'offerMade c1 ann']);
  });

  it('is withdrawn and made to another when its agent goes away; chats under way stay', () => {
    const world = given(...shop, ...ann, enter('c1'));
    world.when(accept(world.offerOf('c1'), 'ann'));
    world.when(enter('c2'));
    for (const step of [agent('bob', ['sales'], { capacity: 1 }), presence('bob')]) world.when(step);
    expect(short(world.when(presence('ann', 'AWAY')))).toEqual([
      'agentPresenceChanged ann',
      'offerRescinded c2 ann',
      'offerMade c2 bob',
    ]);
    expect(world.state.agents.get('ann')?.chats.has('c1')).toBe(true);
  });

  it('is withdrawn when capacity is lowered below what the agent holds', () => {
    const world = given(...shop, ...ann, enter('c1'), enter('c2'));
    expect(short(world.when(agent('ann', ['sales'], { capacity: 1 })))).toEqual([
      'agentConfigured',
      'offerRescinded c2 ann',
    ]);
  });
});

describe('a freed slot', () => {
  it('takes the next chat in the same decision: priority first, then age', () => {
    const world = given(...shop, agent('ann', ['sales'], { capacity: 1 }), presence('ann'), enter('c1'));
    for (const step of [enter('c2'), after(1), enter('c3'), enter('c4', { priority: 1 })]) world.when(step);
    expect(short(world.when(decline(world.offerOf('c1'), 'ann')))).toEqual([
      'offerDeclined c1 ann',
      'offerMade c4 ann',
    ]);
  });

  it('waits for the after-chat work', () => {
    const world = given(...shop, agent('ann', ['sales'], { capacity: 1 }), presence('ann'), enter('c1'));
    world.when(accept(world.offerOf('c1'), 'ann'));
    world.when(enter('c2'));
    expect(short(world.when(end('c1')))).toEqual(['assignmentEnded c1 ann', 'wrapUpStarted c1 ann']);
    world.when(after(10));
    expect(short(world.when(tick))).toEqual(['wrapUpEnded c1 ann', 'offerMade c2 ann']);
  });

  it('can be freed early by the agent', () => {
    const world = given(...shop, agent('ann', ['sales'], { capacity: 1 }), presence('ann'), enter('c1'));
    world.when(accept(world.offerOf('c1'), 'ann'));
    world.when(end('c1'));
    const done = { kind: 'endWrapUp', conversationId: 'c1', agentId: 'ann' } as const;
    expect(short(world.when(done))).toEqual(['wrapUpEnded c1 ann']);
    expect(world.when(done).error).toBe('NO_WRAP_UP');
  });
});

describe('a conversation', () => {
  it('enters once, however often it is told', () => {
    const world = given(...shop, enter('c1', { sourceVersion: 4 }));
    expect(short(world.when(enter('c1', { sourceVersion: 4 })))).toEqual([]);
    expect(short(world.when(enter('c1', { sourceVersion: 3, queueId: 'support' })))).toEqual([]);
    expect(short(world.when(enter('c1', { sourceVersion: 5, queueId: 'support' })))).toEqual([
      'conversationEnqueued c1',
    ]);
    expect(listQueues(world.state).map(({ waiting }) => waiting)).toEqual([0, 1]);
  });

  it('that ended before its entry arrived stays out', () => {
    const world = given(...shop, end('c1', 'CLOSED', 7));
    expect(short(world.when(enter('c1', { sourceVersion: 2 })))).toEqual([]);
    expect(short(world.when(end('c1', 'CLOSED', 7)))).toEqual([]);
    expect(short(world.when(enter('c1', { sourceVersion: 8 })))).toEqual(['conversationEnqueued c1']);
  });

  it('that ends takes its offer with it', () => {
    const world = given(...shop, ...ann, enter('c1'));
    expect(short(world.when(end('c1')))).toEqual(['offerRescinded c1 ann', 'conversationDequeued c1']);
    expect(offersOf(world.state, 'ann')).toEqual([]);
  });

  it('whose agent left waits again, and is not offered to them at once', () => {
    const world = given(...shop, ...ann, enter('c1'));
    world.when(accept(world.offerOf('c1'), 'ann'));
    expect(short(world.when(end('c1', 'AGENT_LEFT', 5, 'ann')))).toEqual(['assignmentEnded c1 ann']);
    expect(short(world.when(enter('c1', { sourceVersion: 6 })))).toEqual(['conversationEnqueued c1']);
    world.when(after(30));
    expect(short(world.when(tick))).toEqual(['exclusionEnded c1 ann', 'offerMade c1 ann']);
  });

  it('takes what comes again from before an agent parked the chat for history, also when it held nothing', () => {
    const world = given(queue('sales'), agent('ann', ['sales']), presence('ann'), enter('c1'));
    world.when(accept(world.offerOf('c1'), 'ann'));
    world.when(end('c1', 'JOIN_REFUSED', 0, 'ann'));
    world.when(end('c1', 'PARKED', 4, 'ann'));
    expect(world.when(enter('c1')).events).toEqual([]);
    expect(short(world.when(enter('c1', { sourceVersion: 5 })))).toContain('offerMade c1 ann');
  });

  it('that parked after a take-over is not forgotten when the join of whom it was transferred to is refused', () => {
    const world = given(queue('sales'), ...ann, enter('c1'), takeOver('c1', 'sue', 3));
    world.when(transfer('c1', 'sue', 'ann'));
    world.when(accept(world.offerOf('c1'), 'ann'));
    world.when(end('c1', 'PARKED', 5, 'sue'));
    world.when(end('c1', 'JOIN_REFUSED', 0, 'ann'));
    expect(world.when(takeOver('c1', 'sue', 3)).events).toEqual([]);
    expect(world.when(enter('c1')).events).toEqual([]);
    expect(short(world.when(enter('c1', { sourceVersion: 6 })))).toContain('offerMade c1 ann');
  });

  it('that its agent takes over before their own join is refused stays theirs, and is history up to then', () => {
    const world = given(queue('sales'), ...ann, enter('c1'));
    const offerId = world.offerOf('c1');
    world.when(accept(offerId, 'ann'));
    expect(short(world.when(takeOver('c1', 'ann', 3)))).toEqual([
      'assignmentEnded c1 ann',
      'assignmentStarted c1 ann',
    ]);
    const refused = end('c1', 'JOIN_REFUSED', 0, 'ann');
    expect(world.when({ ...refused, offerId } as Command).events).toEqual([]);
    expect(world.when(takeOver('c1', 'ann', 3)).events).toEqual([]);
    expect(world.state.agents.get('ann')?.used).toBe(1);
  });

  it('whose join is refused waits again when its entry is told again', () => {
    const world = given(queue('sales'), ...ann, enter('c1'));
    world.when(accept(world.offerOf('c1'), 'ann'));
    world.when(end('c1', 'JOIN_REFUSED', 0, 'ann'));
    expect(short(world.when(enter('c1')))).toContain('offerMade c1 ann');
  });

  it('whose join is refused frees the agent', () => {
    const world = given(...shop, ...ann, enter('c1'));
    world.when(accept(world.offerOf('c1'), 'ann'));
    expect(short(world.when(end('c1', 'JOIN_REFUSED', 0, 'ann')))).toEqual(['assignmentEnded c1 ann']);
    expect(world.state.agents.get('ann')?.used).toBe(0);
  });

  it('that names no queue there is enters the default queue, which is made when there is none', () => {
    const world = given();
    expect(short(world.when(enter('c1', { queueId: 'nowhere' })))).toEqual([
      'queueConfigured',
      'conversationEnqueued c1',
    ]);
    expect(short(world.when(presence('ann')))).toEqual([
      'agentPresenceChanged ann',
      'agentConfigured',
      'shiftStarted ann',
      'offerMade c1 ann',
    ]);
  });
});

describe('configuration', () => {
  it('is refused when it changed meanwhile', () => {
    const world = given(...shop, ...ann);
    const stale = { ...(queue('sales') as Extract<ReturnType<typeof queue>, { kind: 'putQueue' }>) };
    expect(world.when({ ...stale, expectedVersion: 7 }).error).toBe('VERSION_CONFLICT');
    expect(world.when({ ...stale, expectedVersion: 1 }).error).toBeUndefined();
    expect(world.when(agent('eve', ['sales', 'sails'])).error).toBe('INVALID_ARGUMENT');
  });

  it('has one default queue', () => {
    const world = given(...shop, queue('vip', { isDefault: true }));
    expect(listQueues(world.state).map(({ queue: q }) => q?.isDefault)).toEqual([false, false, true]);
    expect(world.when({ kind: 'removeQueue', queueId: 'vip' }).error).toBe('DEFAULT_QUEUE');
  });

  it('has those who served nothing but a removed queue serve the default one', () => {
    const world = given(queue('main'), queue('sales'), agent('ann', ['sales']), presence('ann'));
    world.when({ kind: 'removeQueue', queueId: 'sales' });
    expect(world.state.agents.get('ann')?.config?.queueIds).toEqual(['main']);
    expect(short(world.when(enter('0-a', { queueId: 'main' })))).toContain('offerMade 0-a ann');
  });

  it('moves the chats of a removed queue to the default one, with their age', () => {
    const world = given(queue('main'), ...shop, ...ann, agent('meg', ['main']), presence('meg'));
    for (const step of [enter('c1'), enter('c2'), enter('c3'), enter('c4')]) world.when(step);
    expect(short(world.when({ kind: 'removeQueue', queueId: 'sales' }))).toEqual([
      'queueRemoved',
      'agentConfigured',
      'offerMade c3 meg',
      'offerMade c4 meg',
    ]);
    expect(world.state.agents.get('ann')?.config?.queueIds).toEqual(['main']);
    expect(routing.Queue.toJSON(listQueues(world.state)[0]!.queue!)).toMatchObject({ queueId: 'main' });
  });
});
