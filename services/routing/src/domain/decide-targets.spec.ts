import { describe, expect, it } from '@jest/globals';
import { conversation, routing } from '@parley/contracts';
import {
  accept,
  after,
  agent,
  decline,
  enter,
  given,
  presence,
  publish,
  queue,
  short,
  skill,
  tick,
  workflow,
  type World,
} from '../testing/world.js';

const { OVERFLOW_BOT } = routing.Overflow;
const shop = [queue('sales'), queue('support'), skill('billing')];
const ann = [
  agent('ann', ['sales', 'support'], { skills: { billing: 3 }, languages: ['de-CH'] }),
  presence('ann'),
];
const published = (...filters: Parameters<typeof workflow>) => [workflow(...filters), publish(1)];
const of = <T extends routing.RoutingEvent['event'] & object>(
  { events }: ReturnType<World['when']>,
  name: T['$case'],
) => events.find((event) => event.$case === name)?.value;

describe('a workflow', () => {
  it('sends a chat to the first filter that matches, and says so in the entry', () => {
    const world = given(
      ...shop,
      ...published(
        { name: 'vip', when: 'prechat.vip == "yes"', priority: 5, targets: [{ queue: 'support' }] },
        { name: 'rest', targets: [{ queue: 'sales' }] },
      ),
    );
    const attributes = { prechat: { vip: 'yes' }, contact: {}, contactVerified: false };
    const vip = world.when({
      ...(enter('c1') as Extract<ReturnType<typeof enter>, { kind: 'enqueue' }>),
      attributes,
    });
    expect(of(vip, 'conversationEnqueued')).toMatchObject({
      queueId: 'support',
      filter: 1,
      filterName: 'vip',
      workflowVersion: 1,
      priority: 5,
    });
    expect(JSON.stringify(vip.events)).not.toContain('prechat');
    expect(of(world.when(enter('c2')), 'conversationEnqueued')).toMatchObject({
      queueId: 'sales',
      filter: 2,
    });
  });

  it('asks for skills at their level and for the language of the visitor', () => {
    const world = given(
      ...shop,
      ...published({
        requirements: { skills: { billing: 4 }, language: 'visitor' },
        targets: [
          { queue: 'sales', untilSeconds: 10 },
          { queue: 'sales', relaxations: [{ skill: 'billing', level: 3 }] },
        ],
      }),
      ...ann,
    );
    expect(short(world.when(enter('c1', { language: 'de-AT' })))).toEqual([
      'conversationEnqueued c1',
      'targetEntered c1',
    ]);
    world.when(after(10));
    const relaxed = world.when(tick);
    expect(short(relaxed)).toEqual(['targetEntered c1', 'offerMade c1 ann']);
    expect(of(relaxed, 'offerMade')).toMatchObject({
      explanation: {
        reasons: ['queue:sales', 'skill:billing:3', 'language:de', 'only_candidate'],
        target: 1,
        requirements: { skills: { billing: 3 }, language: 'de' },
      },
    });
    expect(short(world.when(enter('c2', { language: 'fr' })))).not.toContain('offerMade c2 ann');
  });

  it('relaxes step by step, counted from the entry, also what a skipped target would have', () => {
    const world = given(
      ...shop,
      ...published({
        requirements: { skills: { billing: 5 }, language: '' },
        targets: [
          { queue: 'sales', untilSeconds: 20 },
          {
            queue: 'support',
            untilSeconds: 30,
            skipIf: 'queue.waiting < 1',
            relaxations: [{ skill: 'billing', level: 4 }],
          },
          { queue: 'sales', relaxations: [{ skill: 'billing', level: 0 }], priority: 7 },
        ],
      }),
      enter('c1'),
      after(20),
    );
    const moved = world.when(tick);
    expect(of(moved, 'targetEntered')).toMatchObject({
      target: 2,
      queueId: 'sales',
      requirements: { skills: {} },
      priority: 7,
      skipped: [{ target: 1, reason: 'skip_if' }],
      cause: routing.TargetEntered_Cause.CAUSE_TIMED_OUT,
    });
  });

  it('leads out at its end: to the bot, or to taking a message with a promise', () => {
    const world = given(
      queue('sales', { replyPromiseMinutes: 30 }),
      ...published(
        { when: 'topic == "a"', targets: [{ queue: 'sales', untilSeconds: 5 }, { overflow: OVERFLOW_BOT }] },
        { targets: [{ queue: 'sales', untilSeconds: 5 }] },
      ),
      enter('c1', { topic: 'a' }),
      enter('c2'),
      after(5),
    );
    const left = world.when(tick);
    expect(short(left)).toEqual([
      'overflowReached c1',
      'conversationDequeued c1',
      'overflowReached c2',
      'conversationDequeued c2',
    ]);
    expect(
      left.events.filter((event) => event.$case === 'overflowReached').map(({ value }) => value),
    ).toEqual([
      expect.objectContaining({ to: OVERFLOW_BOT, replyBy: undefined }),
      expect.objectContaining({
        to: routing.Overflow.OVERFLOW_TAKE_MESSAGE,
        replyBy: new Date(world.now() + 30 * 60_000),
      }),
    ]);
    expect(world.state.chats.size).toBe(0);
  });

  it('finishes a chat on the version it entered with', () => {
    const world = given(
      ...shop,
      ...published({ name: 'old', targets: [{ queue: 'sales', untilSeconds: 10 }, { queue: 'support' }] }),
      enter('c1'),
      workflow({ name: 'new', targets: [{ queue: 'support', untilSeconds: 10 }, { queue: 'sales' }] }),
      publish(2),
      enter('c2'),
      after(10),
    );
    expect(short(world.when(tick))).toEqual(['targetEntered c1', 'targetEntered c2']);
    expect(world.state.chats.get('c1')).toMatchObject({ queueId: 'support', workflowVersion: 1 });
    expect(world.state.chats.get('c2')).toMatchObject({ queueId: 'sales', workflowVersion: 2 });
  });

  it('is rolled back as a new version, and refused with the field when it names what there is not', () => {
    const world = given(...shop, ...published({ name: 'first', targets: [{ queue: 'sales' }] }));
    expect(world.when(workflow({ targets: [{ queue: 'nowhere' }] })).error).toBe('INVALID_ARGUMENT');
    world.when(workflow({ name: 'second', targets: [{ queue: 'support' }] }));
    expect(world.when(publish(1)).error).toBe('VERSION_CONFLICT');
    world.when(publish(2));
    const back = {
      kind: 'rollBackWorkflow',
      version: 1,
      comment: 'was better',
      publishedBy: 'boss',
    } as const;
    expect(of(world.when(back), 'workflowPublished')).toMatchObject({
      workflow: { version: 3, filters: [{ name: 'first' }], comment: 'was better' },
    });
    expect(world.when({ ...back, version: 3 }).error).toBe('IN_FORCE');
    expect(world.when({ kind: 'removeQueue', queueId: 'sales' }).error).toBe('DEFAULT_QUEUE');
    world.when(queue('support', { isDefault: true }));
    expect(world.when({ kind: 'removeQueue', queueId: 'sales' }).error).toBe('QUEUE_IN_USE');
  });
});

describe('a full queue', () => {
  it('takes no new chat, but those that somebody has spoken with', () => {
    const world = given(queue('sales', { maxWaiting: 1 }), enter('c1'));
    const refused = world.when(enter('c2'));
    expect(short(refused)).toEqual([
      'conversationEnqueued c2',
      'overflowReached c2',
      'conversationDequeued c2',
    ]);
    expect(of(refused, 'overflowReached')).toMatchObject({
      reason: routing.OverflowReached_Reason.REASON_QUEUE_FULL,
    });
    const { REASON_AGENT_LEFT } = conversation.QueueEntered_Reason;
    expect(short(world.when(enter('c3', { reason: REASON_AGENT_LEFT })))).toEqual([
      'conversationEnqueued c3',
    ]);
  });

  it('lets go of whoever waits for longer than its limit', () => {
    const world = given(queue('sales', { maxWaitSeconds: 30 }), enter('c1'), after(30));
    const left = world.when(tick);
    expect(of(left, 'overflowReached')).toMatchObject({
      reason: routing.OverflowReached_Reason.REASON_WAITED_TOO_LONG,
    });
  });
});

describe('the last agent', () => {
  const preferring = published({ lastAgentSeconds: 30, targets: [{ queue: 'sales' }] });
  const both = [
    agent('ann', ['sales'], { capacity: 1 }),
    agent('bob', ['sales']),
    presence('ann'),
    presence('bob'),
  ];

  it('is waited for while they are there, for so long and no longer', () => {
    const world = given(...shop, ...preferring, ...both, enter('c1', { lastAgentId: 'ann' }));
    world.when(accept(world.offerOf('c1'), 'ann'));
    expect(short(world.when(enter('c2', { lastAgentId: 'ann' })))).toEqual([
      'conversationEnqueued c2',
      'targetEntered c2',
    ]);
    world.when(after(30));
    expect(short(world.when(tick))).toEqual(['preferenceEnded c2 ann', 'offerMade c2 bob']);
  });

  it('is not waited for when they go or decline, nor when they are not there', () => {
    const world = given(...shop, ...preferring, ...both, enter('c1', { lastAgentId: 'ann' }));
    expect(short(world.when(decline(world.offerOf('c1'), 'ann')))).toEqual([
      'offerDeclined c1 ann',
      'offerMade c1 bob',
    ]);
    world.when(enter('c2', { lastAgentId: 'ann' }));
    expect(short(world.when(presence('ann', 'AWAY')))).toEqual([
      'agentPresenceChanged ann',
      'offerRescinded c2 ann',
      'preferenceEnded c2 ann',
      'offerMade c2 bob',
    ]);
    expect(of(world.when(enter('c3', { lastAgentId: 'ann' })), 'conversationEnqueued')).toMatchObject({
      preferredAgentId: '',
    });
  });
});

describe('a chat that a bot hands over', () => {
  const BOT = { overflow: routing.Overflow.OVERFLOW_BOT };
  const handedOver = (queueId: string, ...targets: Parameters<typeof workflow>[0]['targets']) => {
    const world = given(
      queue('sales'),
      queue('support'),
      queue('office', { maxWaiting: 1 }),
      enter('other', { queueId: 'office' }),
      workflow({ targets }),
      publish(1),
      enter('c1'),
    );
    return world.when(
      enter('c1', {
        queueId,
        sourceVersion: 9,
        reason: conversation.QueueEntered_Reason.REASON_BOT_HANDOVER,
      }),
    ).events;
  };
  const first = (events: ReturnType<typeof handedOver>) =>
    events.find(({ $case }) => $case === 'conversationEnqueued')?.value;

  it('goes to the people of its filter, from the queue on that the bot names', () => {
    const targets = [{ queue: 'sales', untilSeconds: 60 }, { queue: 'support', untilSeconds: 120 }, BOT];
    expect(first(handedOver('support', ...targets))).toMatchObject({ queueId: 'support', filter: 1 });
    expect(first(handedOver('default', ...targets))).toMatchObject({ queueId: 'sales', filter: 1 });
  });

  it('goes to the queue that the bot names when its filter has nobody but the bot', () => {
    const events = handedOver('support', BOT);
    expect(first(events)).toMatchObject({ queueId: 'support', filter: 0 });
    expect(events.map(({ $case }) => $case)).not.toContain('overflowReached');
  });

  it('is asked for a message, and not given back to the bot, when nobody can take it', () => {
    const events = handedOver('office', { queue: 'office' }, BOT);
    expect(events.find(({ $case }) => $case === 'overflowReached')?.value).toMatchObject({
      to: routing.Overflow.OVERFLOW_TAKE_MESSAGE,
      reason: routing.OverflowReached_Reason.REASON_QUEUE_FULL,
    });
  });
});

describe('priority', () => {
  const order = (ageingSeconds: number): (string | undefined)[] => {
    const settings = { channelWeights: {}, ageingSeconds, version: 0 };
    const world = given(
      queue('sales'),
      { kind: 'putSettings', settings, expectedVersion: 0 },
      enter('c1'),
      after(50),
      enter('c2', { priority: 1 }),
      after(50),
      enter('c3', { priority: 2 }),
      agent('ann', ['sales'], { capacity: 3 }),
    );
    return world
      .when(presence('ann'))
      .events.filter((event) => event.$case === 'offerMade')
      .map(({ value }) => value.conversationId);
  };

  it('always goes first without ageing', () => expect(order(0)).toEqual(['c3', 'c2', 'c1']));
  it('is worth so many seconds of waiting with it', () => {
    expect(order(49)).toEqual(['c1', 'c2', 'c3']);
    expect(order(60)).toEqual(['c3', 'c2', 'c1']);
  });
});
