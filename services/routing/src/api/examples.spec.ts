import { expect, it } from '@jest/globals';
import { exampleOf, messageSchemas, routing } from '@parley/contracts';
import { scheduleProblems } from '../hours/validate.js';
import { workflowProblems } from '../workflows/validate.js';
import { scheduleHandlers } from './schedules.js';
import { workflowHandlers } from './workflows.js';

const context = { tenant: 't', principal: { id: 'ada', role: 'admin' }, deadline: Infinity } as const;
const writer = () => Promise.reject(new Error('nothing is read or written'));

const example = (message: string, name: string): unknown => {
  const field = messageSchemas[`parley.routing.v1.${message}`]?.find((each) => each.name === name);
  return JSON.parse(field ? exampleOf(field) : '');
};

it('the examples of a schedule and of its parts may be stored', () => {
  const schedule = example('PutScheduleRequest', 'schedule') as object;
  const parts = ['weekly', 'exceptions', 'timeZone', 'name', 'scheduleId'];
  const whole = parts.map((name) => [name, example('Schedule', name)] as const);
  const periods = example('ScheduleException', 'periods');
  const date = example('ScheduleException', 'date');
  for (const given of [schedule, Object.fromEntries(whole), { ...schedule, exceptions: [{ date, periods }] }])
    expect(scheduleProblems(routing.Schedule.fromJSON(given))).toEqual([]);
});

it('the examples of a workflow and of its parts may be published', () => {
  const catalogue = { queueIds: new Set(['support']), skillIds: new Set(['billing']) };
  const filter = {
    name: example('Filter', 'name'),
    when: example('Filter', 'when'),
    requirements: example('Filter', 'requirements'),
    targets: [
      { queueId: example('Target', 'queueId'), untilSeconds: 60, skipIf: example('Target', 'skipIf') },
      { queueId: 'support', relaxations: example('Target', 'relaxations') },
    ],
  };
  const spoken = { ...filter, requirements: { language: example('Requirements', 'language') } };
  const last = { ...spoken, targets: example('Filter', 'targets') };
  for (const given of [
    example('SaveWorkflowDraftRequest', 'workflow'),
    { filters: example('Workflow', 'filters'), comment: example('Workflow', 'comment') },
    { filters: [filter] },
    { filters: [last] },
  ])
    expect(workflowProblems(routing.Workflow.fromJSON(given), catalogue)).toEqual([]);
});

it('who sends no schedule or workflow at all is shown one', async () => {
  const schedules = scheduleHandlers({ writer, now: () => 0 });
  const workflows = workflowHandlers({ writer });
  const commandId = 'c';
  for (const [field, call] of [
    ['schedule', schedules.putSchedule(routing.PutScheduleRequest.fromPartial({ commandId }), context)],
    ['schedule', schedules.previewSchedule(routing.PreviewScheduleRequest.fromPartial({}), context)],
    [
      'workflow',
      workflows.saveWorkflowDraft(routing.SaveWorkflowDraftRequest.fromPartial({ commandId }), context),
    ],
    ['workflow', workflows.validateWorkflow(routing.ValidateWorkflowRequest.fromPartial({}), context)],
  ] as const)
    await expect(call).rejects.toMatchObject({
      details: { violations: [{ field, description: expect.stringMatching(/required; for example \{"/) }] },
    });
});
