import { newId, type routingEvents } from '@parley/client';
import type { ReactElement } from 'react';
import type { FieldsProps, Kind } from '../entity-section.js';
import { Exceptions } from '../exceptions.js';
import { FormGroup } from '../form-group.js';
import { HoursPreview } from '../hours-preview.js';
import { NameFields } from '../name-fields.js';
import { WeeklyGrid } from '../weekly-grid.js';
import { useAdminWords } from '../words.js';
import { ZoneField } from '../zone-field.js';

type Schedule = routingEvents.Schedule;
const SERVICE = 'parley.routing.v1.RoutingService';

const Fields = ({ form, isNew }: FieldsProps<Schedule>): ReactElement => {
  const { t } = useAdminWords();
  return (
    <>
      <NameFields form={form} idField="scheduleId" isNew={isNew} />
      <ZoneField
        value={form.value.timeZone ?? ''}
        error={form.problem('timeZone')}
        onChange={(timeZone) => form.set({ timeZone })}
      />
      <FormGroup title={t('groupWeek')} lead={t('weekLead')}>
        <WeeklyGrid form={form} />
      </FormGroup>
      <FormGroup title={t('groupExceptions')} lead={t('exceptionsLead')}>
        <Exceptions form={form} />
      </FormGroup>
      <FormGroup title={t('groupPreview')} lead={t('previewLead')}>
        <HoursPreview schedule={form.value} />
      </FormGroup>
    </>
  );
};

/** Hours: weekly periods and exceptions in a time zone, which queues refer to. */
export const hours: Kind<Schedule> = {
  section: 'hours',
  method: 'PutSchedule',
  idField: 'scheduleId',
  words: { title: 'hours', lead: 'hoursLead', add: 'addHours', none: 'noHours', remove: 'removeHours' },
  root: 'schedule',
  all: (data) => data.schedules,
  detailOf: ({ scheduleId, timeZone = '' }, { queues }, { t }) =>
    [
      timeZone,
      t('queueCount', { count: queues.filter((queue) => queue.scheduleId === scheduleId).length }),
    ].join(' · '),
  blank: () => ({
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    weekly: [1, 2, 3, 4, 5].map((day) => ({ day, fromMinute: 9 * 60, toMinute: 17 * 60 })),
    exceptions: [],
  }),
  labels: { name: 'name', timeZone: 'timeZone', weekly: 'groupWeek', exceptions: 'groupExceptions' },
  put: async (connection, { version: _, ...schedule }, expected) => {
    const request = { commandId: newId(), schedule, ...expected };
    return (await connection.call(`${SERVICE}/PutSchedule`, request)).schedule ?? {};
  },
  remove: (connection, scheduleId, expectedVersion) =>
    connection.call(`${SERVICE}/RemoveSchedule`, { commandId: newId(), scheduleId, expectedVersion }),
  Fields,
};
