import { describe, expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import {
  accept,
  after,
  agent,
  end,
  enter,
  given,
  presence,
  queue,
  short,
  team,
  tick,
  T0,
  publish,
  workflow,
} from '../testing/world.js';
import { evolve } from './evolve.js';
import { explainWaiting } from './explain-waiting.js';
import { invariants } from './invariants.js';
import { restoreSnapshot, takeSnapshot } from './snapshot.js';
import { listQueues } from './views.js';

const { FAILSAFE_ACTION_ESCALATE, FAILSAFE_ACTION_MOVE, FAILSAFE_ACTION_OVERFLOW, FAILSAFE_ACTION_TELL } =
  routing.FailsafeAction;

describe('a chat that nobody has accepted for a minute', () => {
  it('is told, and again every minute', () => {
    const world = given(queue('sales'), enter('c1'), after(60));
    for (const times of [1, 2]) {
      expect(world.when(tick).events).toMatchObject([
        {
          $case: 'failsafeActed',
          value: { action: FAILSAFE_ACTION_TELL, times, nextAt: new Date(world.now() + 60_000) },
        },
      ]);
      world.when(after(60));
    }
  });

  it('is moved with its age to the queue that is named', () => {
    const failsafe = { failsafeAction: FAILSAFE_ACTION_MOVE, failsafeQueueId: 'all', failsafeSeconds: 30 };
    const world = given(queue('all'), queue('sales', failsafe), agent('ann', ['all']), presence('ann'));
    for (const step of [enter('c1'), after(30)]) world.when(step);
    expect(short(world.when(tick))).toEqual(['failsafeActed c1', 'targetEntered c1', 'offerMade c1 ann']);
    expect(world.when(queue('all', { ...failsafe, failsafeQueueId: 'sales' })).error).toBe(
      'INVALID_ARGUMENT',
    );
    expect(world.when({ kind: 'removeQueue', queueId: 'all' }).error).toBe('DEFAULT_QUEUE');
  });

  it('is escalated to the front, or leaves for a message', () => {
    const world = given(
      queue('sales', { failsafeAction: FAILSAFE_ACTION_ESCALATE }),
      queue('support', { failsafeAction: FAILSAFE_ACTION_OVERFLOW }),
      enter('c1'),
      enter('c2', { queueId: 'support' }),
      after(60),
    );
    expect(short(world.when(tick))).toEqual([
      'failsafeActed c1',
      'failsafeActed c2',
      'overflowReached c2',
      'conversationDequeued c2',
    ]);
    expect(world.state.chats.get('c1')?.priority).toBe(9);
  });

  it('stays in front once it was escalated, whatever its next targets say', () => {
    const world = given(
      queue('sales', { failsafeAction: FAILSAFE_ACTION_ESCALATE }),
      workflow({
        // As urgent as can be already: to be escalated changes no number, and still counts.
        priority: 9,
        targets: [
          { queue: 'sales', untilSeconds: 90 },
          { queue: 'sales', untilSeconds: 120, priority: 3 },
        ],
      }),
      publish(1),
      enter('c1'),
    );
    const priorities = [61, 30].map((seconds) => {
      world.when(after(seconds));
      world.when(tick);
      return world.state.chats.get('c1')?.priority;
    });
    expect(priorities).toEqual([9, 9]);
    expect(world.state.chats.get('c1')?.target).toBe(1);
  });

  it('is not taken from the agent with whom it rings', () => {
    const failsafe = { failsafeAction: FAILSAFE_ACTION_OVERFLOW, offerTimeoutSeconds: 90 };
    const world = given(
      queue('sales', failsafe),
      agent('ann', ['sales']),
      presence('ann'),
      enter('c1'),
      after(60),
    );
    expect(world.when(tick).events).toMatchObject([{ value: { action: FAILSAFE_ACTION_TELL } }]);
    expect(world.state.chats.get('c1')?.phase).toBe('offered');
  });
});

describe('an offer to several at once', () => {
  it('is for the first who accepts; the others are told', () => {
    const world = given(
      queue('sales', { offerTo: 2 }),
      ...['ann', 'bob', 'cat'].flatMap((id) => [agent(id, ['sales']), presence(id)]),
    );
    expect(short(world.when(enter('c1')))).toEqual([
      'conversationEnqueued c1',
      'offerMade c1 ann',
      'offerMade c1 bob',
    ]);
    const [, second] = world.state.chats.get('c1')?.offers ?? [];
    expect(short(world.when(accept(second?.id ?? '', 'bob')))).toEqual([
      'offerAccepted c1 bob',
      'offerRescinded c1 ann',
    ]);
    expect(world.state.agents.get('ann')?.used).toBe(0);
  });
});

describe('a team', () => {
  const member = (id: string, more: Partial<routing.Agent> = {}) =>
    agent(id, ['sales'], { teamId: 'red', ...more });

  it('accepts for its members, if it says so', () => {
    const world = given(queue('sales'), team('red', { autoAccept: true }), member('ann'), presence('ann'));
    expect(short(world.when(enter('c1')))).toEqual([
      'conversationEnqueued c1',
      'offerMade c1 ann',
      'offerAccepted c1 ann',
    ]);
  });

  it('takes no more than its limit, and what one member lets go of another one may take', () => {
    const world = given(queue('sales'), queue('support'), team('red', { maxUsed: 1 }));
    for (const step of [
      member('ann'),
      presence('ann'),
      agent('bob', ['support'], { teamId: 'red' }),
      presence('bob'),
    ])
      world.when(step);
    world.when(enter('c1'));
    expect(short(world.when(enter('c2', { queueId: 'support' })))).toEqual(['conversationEnqueued c2']);
    expect(explainWaiting(world.state, 'c2', world.now()).agents).toEqual([
      { agentId: 'bob', name: 'bob', rule: 'team_limit' },
    ]);
    expect(short(world.when(end('c1')))).toContain('offerMade c2 bob');
    expect(world.when({ kind: 'removeTeam', teamId: 'red' }).error).toBe('TEAM_HAS_MEMBERS');
  });

  it('lets new members grow: less capacity in their first shifts, each on a day of its own', () => {
    const day = 24 * 3600;
    const world = given(
      queue('sales'),
      team('red', { rampShifts: 2, rampCapacity: 1 }),
      member('ann', { capacity: 5 }),
    );
    const capacities = [1, 2, 3].map(() => {
      world.when(presence('ann', 'OFFLINE', { online: false }));
      world.when(presence('ann'));
      world.when(presence('ann', 'AWAY'));
      world.when(presence('ann'));
      world.when(after(day));
      return world.state.agents.get('ann')?.capacity;
    });
    expect(capacities).toEqual([1, 1, 5]);
  });

  it('keeps chats from whoever lets a visitor wait too long, until they have caught up', () => {
    const world = given(
      queue('sales'),
      team('red', { latencyLimitSeconds: 60 }),
      member('ann'),
      presence('ann'),
    );
    world.when(enter('c1'));
    const late = { conversationId: 'c1', agentId: 'ann' };
    expect(short(world.when({ kind: 'replyOverdue', ...late, since: T0 }))).toEqual([]);
    world.when(accept(world.offerOf('c1'), 'ann'));
    expect(short(world.when({ kind: 'replyOverdue', ...late, since: T0 }))).toEqual(['replyOverdue c1 ann']);
    expect(short(world.when(enter('c2')))).toEqual(['conversationEnqueued c2']);
    expect(explainWaiting(world.state, 'c2', world.now()).excluded).toEqual([
      { rule: 'reply_overdue', agents: 1 },
    ]);
    expect(short(world.when({ kind: 'replyCaughtUp', ...late }))).toEqual([
      'replyCaughtUp c1 ann',
      'offerMade c2 ann',
    ]);
  });

  it('limits the number of chats, whatever they weigh', () => {
    const world = given(
      queue('sales'),
      agent('ann', ['sales'], { capacity: 9, maxChats: 1 }),
      presence('ann'),
      enter('c1'),
    );
    expect(short(world.when(enter('c2')))).toEqual(['conversationEnqueued c2']);
  });
});

describe('hours', () => {
  const office = (toMinute: number) =>
    ({
      kind: 'putSchedule',
      expectedVersion: 0,
      schedule: routing.Schedule.fromPartial({
        scheduleId: 'office',
        name: 'Office',
        timeZone: 'UTC',
        // T0 is a Monday, nine o'clock.
        weekly: [{ day: 1, fromMinute: 540, toMinute }],
      }),
    }) as const;

  it('close a queue by themselves: what waits there leaves, what comes is asked for a message', () => {
    const world = given(
      office(541),
      queue('sales', { scheduleId: 'office', replyPromiseMinutes: 1 }),
      enter('c1'),
    );
    expect(listQueues(world.state)).toMatchObject([{ open: true, hoursChangeAt: new Date(T0 + 60_000) }]);
    world.when(after(60));
    const opensAt = new Date(T0 + 7 * 24 * 3_600_000);
    const closed = world.when(tick);
    expect(short(closed)).toEqual([
      'failsafeActed c1',
      'queueHoursChanged',
      'overflowReached c1',
      'conversationDequeued c1',
    ]);
    const reached = world.when(enter('c2')).events.find(({ $case }) => $case === 'overflowReached');
    expect(reached?.value).toMatchObject({
      reason: routing.OverflowReached_Reason.REASON_CLOSED_HOURS,
      opensAt,
      replyBy: new Date(opensAt.getTime() + 60_000),
    });
    expect(invariants(world.state)).toEqual([]);
  });

  it('change at once with their schedule, which stays as long as a queue goes by it', () => {
    const world = given(office(541), queue('sales', { scheduleId: 'office' }), after(120), tick);
    expect(short(world.when(office(600)))).toEqual(['scheduleConfigured', 'queueHoursChanged']);
    expect(world.when({ kind: 'removeSchedule', scheduleId: 'office' }).error).toBe('SCHEDULE_IN_USE');
    expect(world.when(queue('sales', { scheduleId: 'shop' })).error).toBe('INVALID_ARGUMENT');
  });

  it('stored by an id that is longer than any taken now, are there after a restart', () => {
    const world = given(queue('sales'));
    const schedule = routing.Schedule.fromPartial({ scheduleId: 'o'.repeat(100), timeZone: 'Europe/Berlin' });
    expect(world.when({ kind: 'putSchedule', schedule }).error).toBe('INVALID_ARGUMENT');
    evolve(world.state, { event: { $case: 'scheduleConfigured', value: { schedule } } }, world.now());
    const { schedules } = restoreSnapshot(takeSnapshot(world.state));
    expect([...schedules.values()]).toEqual([schedule]);
  });
});

describe('why a chat waits', () => {
  it('is told rule by rule, with what happens next', () => {
    const world = given(
      queue('sales', { offerTimeoutSeconds: 5 }),
      queue('support'),
      agent('ann', ['sales'], { capacity: 1 }),
      agent('bob', ['sales']),
      agent('cat', ['support']),
      presence('ann'),
      enter('c1'),
    );
    world.when(accept(world.offerOf('c1'), 'ann'));
    world.when(enter('c2'));
    expect(explainWaiting(world.state, 'c2', world.now())).toMatchObject({
      waiting: true,
      position: 1,
      excluded: [
        { rule: 'serves_queue', agents: 1 },
        { rule: 'available', agents: 1 },
        { rule: 'free_capacity', agents: 1 },
      ],
      agents: [
        { agentId: 'ann', rule: 'free_capacity' },
        { agentId: 'bob', rule: 'available' },
      ],
      next: 'failsafe',
      nextAt: new Date(T0 + 60_000),
    });
    expect(explainWaiting(world.state, 'c1', world.now()).waiting).toBe(false);
  });
});
