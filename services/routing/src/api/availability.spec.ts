import { describe, expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import { ApiError, type RequestContext } from '@parley/kernel';
import { takeSnapshot } from '../domain.js';
import { accept, agent, end, enter, given, presence, publish, queue } from '../testing/world.js';
import { skill, team, workflow, type World } from '../testing/world.js';
import { availabilityHandlers } from './availability.js';

const { Overflow } = routing;
const {
  AVAILABILITY_ONLINE: ONLINE,
  AVAILABILITY_BUSY: BUSY,
  AVAILABILITY_CLOSED: CLOSED,
  AVAILABILITY_MESSAGE_ONLY: MESSAGE_ONLY,
} = routing.Availability;

const context: RequestContext = {
  tenant: 't',
  principal: { id: 'v1', role: 'visitor' },
  deadline: Number.MAX_SAFE_INTEGER,
};

/** What a visitor is answered in a world, without a log. */
const ask = async (
  world: World,
  about: Partial<routing.GetAvailabilityRequest> = {},
  estimate?: routing.WaitEstimate,
): Promise<routing.GetAvailabilityResponse> => {
  const { getAvailability } = availabilityHandlers({
    writer: async () => ({
      execute: () => Promise.reject(new Error('a read executes nothing')),
      read: async (_deadline, view) => view(world.state),
    }),
    now: () => world.now(),
    estimating: { ofNext: () => estimate },
  });
  return getAvailability({ queueId: '', page: undefined, topic: '', locale: 'de', ...about }, context);
};
const availability = async (world: World, about: Partial<routing.GetAvailabilityRequest> = {}) =>
  (await ask(world, about)).availability;

const office = routing.Schedule.fromPartial({
  scheduleId: 'office',
  name: 'Office',
  timeZone: 'Europe/Berlin',
  weekly: [1, 2, 3, 4, 5].map((day) => ({ day, fromMinute: 540, toMinute: 600 })),
});
const staffed = (...filters: Parameters<typeof workflow>) => {
  const world = given(
    queue('sales'),
    queue('support'),
    agent('anna', ['sales'], { capacity: 1 }),
    presence('anna'),
  );
  return filters.length > 0 ? published(world, ...filters) : world;
};
const published = (world: World, ...filters: Parameters<typeof workflow>): World => {
  for (const step of [workflow(...filters), publish(1)])
    expect(world.when(step)).toMatchObject({ error: undefined });
  return world;
};

describe('availability', () => {
  it('is online, then busy, then nobody is there', async () => {
    const world = staffed();
    expect(await availability(world)).toBe(ONLINE);
    world.when(enter('c1'));
    expect(await availability(world)).toBe(BUSY);
    world.when(presence('anna', 'OFFLINE', { online: false }));
    expect(await availability(world)).toBe(MESSAGE_ONLY);
    expect(await availability(given(queue('sales')))).toBe(MESSAGE_ONLY);
    expect(await availability(given())).toBe(MESSAGE_ONLY);
  });

  it('tells of closed hours when they open, in which zone, and when an answer is promised', async () => {
    const world = given(
      { kind: 'putSchedule', schedule: office, expectedVersion: 0 },
      queue('sales', { scheduleId: 'office', replyPromiseMinutes: 30 }),
      agent('anna', ['sales']),
      presence('anna'),
    );
    const found = await ask(world);
    expect(found).toMatchObject({
      availability: CLOSED,
      queueId: 'sales',
      timeZone: 'Europe/Berlin',
      hoursChangeAt: new Date('2026-01-06T08:00Z'),
      replyBy: new Date('2026-01-06T08:30Z'),
    });
    expect(found.days).toHaveLength(7);
  });

  it('follows the workflow: by topic, to a later target, to the bot', async () => {
    const later = staffed({ targets: [{ queue: 'support', untilSeconds: 60 }, { queue: 'sales' }] });
    expect(await availability(later)).toBe(BUSY);
    expect(await availability(staffed({ targets: [{ overflow: Overflow.OVERFLOW_BOT }] }))).toBe(ONLINE);
    const byTopic = staffed(
      { name: 'Returns', when: 'topic == "returns"', targets: [{ queue: 'support' }] },
      { targets: [{ queue: 'sales' }] },
    );
    expect(await availability(byTopic)).toBe(ONLINE);
    expect(await availability(byTopic, { topic: 'returns' })).toBe(MESSAGE_ONLY);
  });

  it('asks for those who meet what the target needs', async () => {
    const world = given(
      queue('sales'),
      skill('returns'),
      agent('anna', ['sales'], { languages: ['en'], skills: { returns: 3 } }),
      agent('bert', ['sales'], { languages: ['de'], skills: { returns: 1 } }),
      presence('anna'),
    );
    const relaxed = { queue: 'sales', relaxations: [{ skill: 'returns', level: 1 }] };
    published(
      world,
      {
        name: 'Returns',
        when: 'topic == "returns"',
        requirements: { skills: { returns: 3 }, language: 'visitor' },
        targets: [{ queue: 'sales', untilSeconds: 60 }, relaxed],
      },
      { targets: [{ queue: 'sales' }] },
    );
    const topic = 'returns';
    expect(await availability(world, { topic, locale: 'en-GB' })).toBe(ONLINE);
    expect(await availability(world, { topic })).toBe(MESSAGE_ONLY);
    // Bert meets what the second target asks for.
    world.when(presence('bert'));
    expect(await availability(world, { topic })).toBe(BUSY);
    // A chat that waits for somebody else is not in the way of one that they can have.
    world.when(enter('c1', { topic, language: 'de' }));
    expect(world.state.chats.get('c1')?.phase).toBe('waiting');
    expect(await availability(world)).toBe(ONLINE);
  });

  it('counts the limit of a team, overdue replies and what a chat weighs', async () => {
    const world = given(
      queue('sales'),
      queue('support'),
      team('first', { maxUsed: 1 }),
      agent('anna', ['sales'], { teamId: 'first' }),
      agent('bert', ['support'], { teamId: 'first' }),
      presence('anna'),
      presence('bert'),
    );
    const both = async () => [await availability(world), await availability(world, { queueId: 'sales' })];
    expect(await both()).toEqual([ONLINE, ONLINE]);
    world.when(enter('c1', { queueId: 'support' }));
    expect(await both()).toEqual([BUSY, BUSY]);
    world.when(end('c1'));
    world.when(team('first', { latencyLimitSeconds: 60 }));
    world.when(enter('c2'));
    world.when(accept(world.offerOf('c2'), 'anna'));
    expect(await both()).toEqual([ONLINE, ONLINE]);
    world.when({ kind: 'replyOverdue', conversationId: 'c2', agentId: 'anna', since: world.now() - 61_000 });
    expect(await both()).toEqual([BUSY, BUSY]);
    const settings = { channelWeights: { WEB_CHAT: 3 }, ageingSeconds: 0, version: 0 };
    world.when({ kind: 'putSettings', settings, expectedVersion: 0 });
    expect(await both()).toEqual([MESSAGE_ONLY, MESSAGE_ONLY]);
  });

  it('is that of one queue when it is named, with its limit and its estimate', async () => {
    const world = given(
      queue('sales', { maxWaiting: 1 }),
      agent('anna', ['sales'], { capacity: 1 }),
      presence('anna'),
      enter('c1'),
    );
    const estimate = { lowSeconds: 30, medianSeconds: 60, highSeconds: 120 };
    const found = await ask(world, { queueId: 'sales' }, estimate);
    expect(found).toMatchObject({
      availability: MESSAGE_ONLY,
      waiting: 1,
      estimate,
    });
    await expect(ask(world, { queueId: 'x' })).rejects.toMatchObject({
      constructor: ApiError,
      details: { reason: 'NO_SUCH_QUEUE' },
    });
  });

  it('changes nothing', async () => {
    const world = staffed();
    const before = JSON.stringify(takeSnapshot(world.state));
    await availability(world);
    await availability(world, { queueId: 'sales' });
    expect(JSON.stringify(takeSnapshot(world.state))).toBe(before);
    expect(world.state.lanes.size).toBe(0);
  });
});
