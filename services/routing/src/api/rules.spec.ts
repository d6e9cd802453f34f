import { describe, expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import { ApiError, type RequestContext } from '@parley/kernel';
import { agent, enter, given, presence, queue, type World } from '../testing/world.js';
import type { Writer } from './deps.js';
import { ruleHandlers } from './rules.js';

/** Handlers over a world, without a log. */
const api = (world: World) => {
  const writer: Writer = {
    async execute(command, _commandId, _deadline, view) {
      const { error } = world.when(command);
      if (error) throw new ApiError(9, error, { reason: error });
      return view(world.state);
    },
    read: async (_deadline, view) => view(world.state),
  };
  return ruleHandlers({
    writer: async () => writer,
    now: () => world.now(),
    estimating: { ofNext: () => undefined },
    replay: async (_tenant, since, visit, pause) => {
      await pause();
      for (const { event, time } of world.history) if (time >= since && !visit(event, time)) return;
    },
  });
};
const context: RequestContext = {
  tenant: 't',
  principal: { id: 'admin1', role: 'admin' },
  deadline: Number.MAX_SAFE_INTEGER,
};
const refused = async (call: Promise<unknown>): Promise<ApiError> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('was not refused');
};

const office = routing.Schedule.fromPartial({
  scheduleId: 'office',
  name: 'Office',
  timeZone: 'Europe/Berlin',
  weekly: [1, 2, 3, 4, 5].map((day) => ({ day, fromMinute: 540, toMinute: 600 })),
});
const target = (queueId: string, more: Partial<routing.Target> = {}): routing.Target =>
  routing.Target.fromPartial({ to: { $case: 'queueId', value: queueId }, ...more });
const workflowOf = (...targets: routing.Target[]): routing.Workflow =>
  routing.Workflow.fromPartial({ filters: [{ name: 'All', targets }] });
const staffed = () =>
  given(queue('sales'), queue('support'), agent('anna', ['sales'], { capacity: 1 }), presence('anna'));

describe('schedules', () => {
  it('are kept, listed, previewed and removed', async () => {
    const rules = api(staffed());
    const put = await rules.putSchedule(
      { commandId: 'c', schedule: office, expectedVersion: 0, mustBeNew: false },
      context,
    );
    expect(put.schedule?.version).toBe(1);
    expect((await rules.listSchedules({}, context)).schedules).toHaveLength(1);
    // 2026-01-05, a Monday, 10:00 in Berlin: the office has just closed.
    const shown = await rules.previewSchedule(
      { scheduleId: 'office', schedule: undefined, days: 0 },
      context,
    );
    expect(shown.days).toHaveLength(14);
    expect([shown.openNow, shown.changesAt]).toEqual([false, new Date('2026-01-06T08:00Z')]);
    await rules.removeSchedule({ commandId: 'd', scheduleId: 'office', expectedVersion: 0 }, context);
    expect((await rules.listSchedules({}, context)).schedules).toEqual([]);
  });

  it('are previewed before they are stored, with every problem by its field', async () => {
    const rules = api(staffed());
    const draft = { ...office, scheduleId: '', name: '' };
    const { days } = await rules.previewSchedule({ scheduleId: '', schedule: draft, days: 3 }, context);
    expect(days.map(({ date }) => date)).toEqual(['2026-01-05', '2026-01-06', '2026-01-07']);
    const wrong = { ...draft, timeZone: 'Berlin', weekly: [{ day: 9, fromMinute: 0, toMinute: 60 }] };
    const { details } = await refused(
      rules.previewSchedule({ scheduleId: '', schedule: wrong, days: 0 }, context),
    );
    expect(details.violations?.map(({ field }) => field)).toEqual([
      'schedule.timeZone',
      'schedule.weekly[0].day',
    ]);
    const unknown = refused(
      rules.previewSchedule({ scheduleId: 'x', schedule: undefined, days: 0 }, context),
    );
    expect((await unknown).details.reason).toBe('NO_SUCH_SCHEDULE');
  });
});

describe('the workflow', () => {
  it('goes from draft to version, and back to an earlier one', async () => {
    const rules = api(staffed());
    const save = (workflow: routing.Workflow, expectedRevision: number) =>
      rules.saveWorkflowDraft({ commandId: 's', workflow, expectedRevision, mustBeNew: false }, context);
    expect((await save(workflowOf(target('sales')), 0)).draftRevision).toBe(1);
    const first = await rules.publishWorkflow({ commandId: 'p', draftRevision: 1, comment: 'one' }, context);
    expect(first.workflow).toMatchObject({ version: 1, comment: 'one', publishedBy: 'admin1' });
    expect((await save(workflowOf(target('support')), 1)).draftRevision).toBe(2);
    expect((await refused(save(workflowOf(target('sales')), 1))).details.reason).toBe('VERSION_CONFLICT');
    await rules.publishWorkflow({ commandId: 'q', draftRevision: 2, comment: '' }, context);
    await rules.rollBackWorkflow(
      { commandId: 'r', version: 1, comment: 'back', expectedVersion: 0 },
      context,
    );
    const { published } = await rules.getWorkflow({ version: 0 }, context);
    expect([published?.version, published?.filters[0]?.targets[0]?.to?.value]).toEqual([3, 'sales']);
    const { versions } = await rules.listWorkflowVersions({}, context);
    expect(versions.map(({ version, filters }) => [version, filters.length])).toEqual([
      [3, 0],
      [2, 0],
      [1, 0],
    ]);
    expect((await refused(rules.getWorkflow({ version: 9 }, context))).details.reason).toBe(
      'NO_SUCH_VERSION',
    );
  });

  it('is checked against the people there are', async () => {
    const world = given(
      queue('sales'),
      queue('support'),
      { kind: 'putSkill', skill: { skillId: 'billing', name: 'Billing', version: 0 }, expectedVersion: 0 },
      agent('anna', ['sales'], { skills: { billing: 2 } }),
    );
    const targets = [
      target('sales', { untilSeconds: 60 }),
      target('sales', { untilSeconds: 120, relaxations: [{ skill: 'billing', level: 2 }] }),
      target('support'),
    ];
    const [filter] = workflowOf(...targets).filters;
    const requirements = { skills: { billing: 4 }, language: 'visitor' };
    const workflow = routing.Workflow.fromPartial({ filters: [{ ...filter, requirements }] });
    const { problems } = await api(world).validateWorkflow({ workflow }, context);
    expect(problems.map(({ field, warning }) => [field, warning])).toEqual([
      ['filters[0].targets[0]', true],
      ['filters[0].targets[2].queueId', true],
    ]);
  });

  it('is tried against what was recorded, one dry run at a time', async () => {
    const world = staffed();
    world.when({ after: 3_600_000 });
    world.when(enter('c1'));
    const rules = api(world);
    const request = { workflow: workflowOf(target('support')), from: undefined, to: undefined };
    const running = rules.dryRunWorkflow(request, context);
    const second = await refused(rules.dryRunWorkflow(request, context));
    expect(second.details.reason).toBe('DRY_RUN_UNDER_WAY');
    const found = await running;
    expect(found).toMatchObject({ arrivals: 1, published: { answered: 1 }, candidate: { answered: 0 } });
    expect(found.differences).toHaveLength(1);
    const none = await refused(rules.dryRunWorkflow({ ...request, workflow: undefined }, context));
    expect(none.details.reason).toBe('NO_DRAFT');
    const long = { ...request, from: new Date(0), to: new Date(32 * 86_400_000) };
    expect((await refused(rules.dryRunWorkflow(long, context))).details.violations?.[0]?.field).toBe('from');
    const late = { ...context, deadline: 0 };
    expect((await refused(rules.dryRunWorkflow(request, late))).details.reason).toBe('RANGE_TOO_LONG');
  });
});

describe('who was there before what a dry run reads', () => {
  const DAY = 86_400_000;
  /** Both came three days before the hour that is tried; since then only anna was offered a chat. */
  const longThere = (): World => {
    const world = staffed();
    for (const step of [agent('ben', ['support'], { capacity: 1 }), presence('ben')]) world.when(step);
    world.when({ after: 3 * DAY });
    world.when(enter('c1'));
    return world;
  };
  const lastHour = (world: World) => ({
    workflow: workflowOf(target('support')),
    from: new Date(world.now() - 3_600_000),
    to: new Date(world.now()),
  });

  it('is who was offered a chat, and who has not changed since', async () => {
    const world = longThere();
    const found = await api(world).dryRunWorkflow(lastHour(world), context);
    expect(found).toMatchObject({ arrivals: 1, published: { answered: 1 }, candidate: { answered: 1 } });
  });

  it('is nobody of whom no more is known than that they changed after the range', async () => {
    const world = longThere();
    const request = lastHour(world);
    world.when({ after: 60_000 });
    world.when(presence('ben', 'AWAY'));
    world.when({ after: 60_000 });
    world.when(presence('ben'));
    const found = await api(world).dryRunWorkflow(request, context);
    expect(found).toMatchObject({ published: { answered: 1 }, candidate: { answered: 0 } });
  });
});
