import { wrongField } from '@parley/contracts';
import { notFound } from '@parley/kernel';
import { refusedFor } from '../domain/problems.js';
import { hoursAt, previewSchedule } from '../hours/hours.js';
import { scheduleProblems } from '../hours/validate.js';
import { executeFor, readFor, type ApiDeps, type RoutingHandlers } from './deps.js';

type ScheduleHandlers = Pick<
  RoutingHandlers,
  'putSchedule' | 'removeSchedule' | 'listSchedules' | 'previewSchedule'
>;

/** Handlers of weekly hours with their exceptions. */
export const scheduleHandlers = (deps: Pick<ApiDeps, 'writer' | 'now'>): ScheduleHandlers => {
  const execute = executeFor(deps);
  const read = readFor(deps);
  return {
    async putSchedule({ commandId, schedule, ...expected }, context) {
      if (!schedule) throw wrongField('parley.routing.v1.PutScheduleRequest', 'schedule', 'is required');
      const command = { kind: 'putSchedule', schedule, ...expected } as const;
      return execute(context, commandId, command, (state) => ({
        schedule: state.schedules.get(schedule.scheduleId),
      }));
    },

    removeSchedule: ({ commandId, ...which }, context) =>
      execute(context, commandId, { kind: 'removeSchedule', ...which }, () => ({})),

    listSchedules: (_request, context) =>
      read(context, (state) => ({ schedules: [...state.schedules.values()] })),

    async previewSchedule({ scheduleId, schedule, days }, context) {
      const shown = scheduleId
        ? await read(context, (state) => state.schedules.get(scheduleId))
        : schedule && { ...schedule, scheduleId: schedule.scheduleId || 'new', name: schedule.name || 'new' };
      if (!shown && scheduleId)
        throw notFound('NO_SUCH_SCHEDULE', `There is no schedule "${scheduleId}"; ListSchedules shows all.`);
      if (!shown)
        throw wrongField('parley.routing.v1.PreviewScheduleRequest', 'schedule', 'or scheduleId is required');
      const refusal = refusedFor('schedule', scheduleProblems(shown));
      if (refusal) throw refusal;
      const now = deps.now();
      const { open, until } = hoursAt(shown, now);
      return {
        days: previewSchedule(shown, now, days || undefined),
        openNow: open,
        changesAt: until === undefined ? undefined : new Date(until),
      };
    },
  };
};
