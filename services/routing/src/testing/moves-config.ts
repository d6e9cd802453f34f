import { routing } from '@parley/contracts';
import fc from 'fast-check';
import { agent, publish, queue, team, workflow, type World } from './world.js';

/** Something that may happen in a world; it may be refused. */
export type Move = (world: World) => void;

export const name = fc.constantFrom('ann', 'bob', 'cat', 'dan');
export const someQueue = fc.constantFrom('sales', 'support');
const someQueues = fc.uniqueArray(someQueue, { minLength: 1, maxLength: 2 });
const { OVERFLOW_BOT, OVERFLOW_TAKE_MESSAGE } = routing.Overflow;

const action = fc.constantFrom(0, 1, 2, 3, 4);
const queueing = fc
  .record({
    id: someQueue,
    isDefault: fc.boolean(),
    offerTo: fc.nat(3),
    maxWaiting: fc.constantFrom(0, 0, 2),
    maxWaitSeconds: fc.constantFrom(0, 0, 90),
    failsafeAction: action,
    scheduleId: fc.constantFrom('', '', 'office'),
  })
  .map(({ id, ...more }): Move => {
    return (w) => {
      const failsafeQueueId = id === 'sales' ? 'support' : 'sales';
      w.when(queue(id, { ...more, failsafeQueueId, wrapUpSeconds: 10, offerTimeoutSeconds: 20 }));
    };
  });

const teaming = fc
  .record({
    id: fc.constantFrom('red', 'blue'),
    autoAccept: fc.boolean(),
    maxUsed: fc.constantFrom(0, 2, 3),
    rampShifts: fc.nat(2),
    latencyLimitSeconds: fc.constantFrom(0, 60),
  })
  .map(({ id, ...more }): Move => {
    return (w) => {
      w.when(team(id, { ...more, rampCapacity: 1 }));
    };
  });

const staffing = fc
  .record({
    id: name,
    capacity: fc.integer({ min: 1, max: 4 }),
    queueIds: someQueues,
    teamId: fc.constantFrom('', 'red', 'blue'),
    maxChats: fc.constantFrom(0, 0, 2),
    billing: fc.nat(5),
    languages: fc.subarray(['de', 'en-GB']),
  })
  .map(({ id, queueIds, billing, ...more }): Move => {
    return (w) => {
      const known = queueIds.filter((each) => w.state.queues.has(each));
      w.when(agent(id, known, { ...more, skills: billing ? { billing } : {} }));
    };
  });

const scheduling = fc
  .record({ fromMinute: fc.constantFrom(0, 540, 541, 555), toMinute: fc.constantFrom(542, 560, 600, 1440) })
  .map(({ fromMinute, toMinute }): Move => {
    return (w) => {
      w.when({
        kind: 'putSchedule',
        expectedVersion: 0,
        schedule: routing.Schedule.fromPartial({
          scheduleId: 'office',
          name: 'Office',
          timeZone: 'UTC',
          weekly: fromMinute < toMinute ? [{ day: 1, fromMinute, toMinute }] : [],
        }),
      });
    };
  });

const publishing = fc
  .record({
    level: fc.integer({ min: 1, max: 5 }),
    language: fc.constantFrom('', 'de', 'visitor'),
    lastAgentSeconds: fc.constantFrom(0, 30),
    first: someQueue,
    second: someQueue,
    until: fc.constantFrom(0, 20, 45),
    overflow: fc.option(fc.constantFrom(OVERFLOW_BOT, OVERFLOW_TAKE_MESSAGE)),
    skipIf: fc.constantFrom('', 'queue.waiting > 2', 'queue.agentsAvailable < 1'),
  })
  .map(({ level, language, lastAgentSeconds, first, second, until, overflow, skipIf }): Move => {
    return (w) => {
      const relaxations = [
        { skill: 'billing', level: level - 1 },
        ...(language ? [{ skill: 'language', level: 0 }] : []),
      ];
      const untilSeconds = until || 30;
      const last = overflow ? { overflow } : { queue: second, relaxations };
      w.when(
        workflow({
          when: 'topic == "returns"',
          requirements: { skills: { billing: level }, language },
          priority: 1,
          lastAgentSeconds,
          targets: [
            { queue: first, untilSeconds, skipIf },
            { queue: second, untilSeconds: untilSeconds + 40, relaxations, priority: 3 },
            last,
          ],
        }),
      );
      w.when(publish(w.state.draftRevision));
    };
  });

/** Somebody changes the configuration. */
export const configuring: fc.Arbitrary<Move> = fc.oneof(
  queueing,
  teaming,
  staffing,
  scheduling,
  publishing,
  someQueue.map(
    (queueId): Move =>
      (w) =>
        void w.when({ kind: 'removeQueue', queueId }),
  ),
  name.map(
    (agentId): Move =>
      (w) =>
        void w.when({ kind: 'removeAgent', agentId }),
  ),
  fc.constantFrom('red', 'blue').map(
    (teamId): Move =>
      (w) =>
        void w.when({ kind: 'removeTeam', teamId }),
  ),
  fc.constantFrom(0, 30, 300).map((ageingSeconds): Move => (w) => {
    w.when({
      kind: 'putSettings',
      settings: { channelWeights: {}, ageingSeconds, version: 0 },
      expectedVersion: 0,
    });
  }),
  fc.constant<Move>(
    (w) => void w.when({ kind: 'rollBackWorkflow', version: 1, comment: '', publishedBy: '' }),
  ),
);
