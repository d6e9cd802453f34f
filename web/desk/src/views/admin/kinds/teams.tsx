import { newId, type routingEvents } from '@parley/client';
import type { ReactElement } from 'react';
import { NumberField, SwitchField } from '../../../ui/fields.js';
import type { FieldsProps, Kind } from '../entity-section.js';
import { NameFields } from '../name-fields.js';
import { FormGroup } from '../form-group.js';
import { useAdminWords } from '../words.js';

type Team = routingEvents.Team;
const SERVICE = 'parley.routing.v1.RoutingService';

const Fields = ({ form, isNew }: FieldsProps<Team>): ReactElement => {
  const { value, set, problem } = form;
  const { t } = useAdminWords();
  return (
    <>
      <NameFields form={form} idField="teamId" isNew={isNew} />
      <FormGroup title={t('groupOffers')}>
        <SwitchField
          label={t('autoAccept')}
          hint={t('autoAcceptHint')}
          error={problem('autoAccept')}
          on={value.autoAccept ?? false}
          onChange={(autoAccept) => set({ autoAccept })}
        />
      </FormGroup>
      <FormGroup title={t('groupLimits')} lead={t('teamLimitsLead')}>
        <NumberField
          label={t('maxUsed')}
          hint={t('maxUsedHint')}
          error={problem('maxUsed')}
          none={t('noLimit')}
          max={1_000_000}
          value={value.maxUsed ?? 0}
          onChange={(maxUsed) => set({ maxUsed })}
        />
        <NumberField
          label={t('latencyLimit')}
          hint={t('latencyLimitHint')}
          error={problem('latencyLimitSeconds')}
          none={t('off')}
          unit="s"
          max={3600}
          value={value.latencyLimitSeconds ?? 0}
          onChange={(latencyLimitSeconds) => set({ latencyLimitSeconds })}
        />
      </FormGroup>
      <FormGroup title={t('groupRamp')} lead={t('rampLead')}>
        <NumberField
          label={t('rampShifts')}
          error={problem('rampShifts')}
          none={t('off')}
          max={1000}
          value={value.rampShifts ?? 0}
          onChange={(rampShifts) => set({ rampShifts })}
        />
        <NumberField
          label={t('rampCapacity')}
          error={problem('rampCapacity')}
          none={t('defaultOf', { value: 1 })}
          max={100}
          value={value.rampCapacity ?? 0}
          onChange={(rampCapacity) => set({ rampCapacity })}
        />
      </FormGroup>
    </>
  );
};

/** Teams: what holds for all of their members. */
export const teams: Kind<Team> = {
  section: 'teams',
  method: 'PutTeam',
  idField: 'teamId',
  words: { title: 'teams', lead: 'teamsLead', add: 'addTeam', none: 'noTeams', remove: 'removeTeam' },
  all: (data) => data.teams,
  detailOf: ({ teamId }, { agents }, { t }) =>
    t('memberCount', { count: agents.filter((agent) => agent.teamId === teamId).length }),
  blank: () => ({}),
  labels: {
    name: 'name',
    autoAccept: 'autoAccept',
    maxUsed: 'maxUsed',
    latencyLimitSeconds: 'latencyLimit',
    rampShifts: 'rampShifts',
    rampCapacity: 'rampCapacity',
  },
  put: async (connection, { teamId = '', name = '', version: _, ...rest }, expected) => {
    const request = { commandId: newId(), teamId, name, ...rest, ...expected };
    return (await connection.call(`${SERVICE}/PutTeam`, request)).team ?? {};
  },
  remove: (connection, teamId, expectedVersion) =>
    connection.call(`${SERVICE}/RemoveTeam`, { commandId: newId(), teamId, expectedVersion }),
  Fields,
};
