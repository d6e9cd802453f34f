import { newId, type routingEvents } from '@parley/client';
import type { ReactElement } from 'react';
import { noAgentsYet } from '../../../desk/people.js';
import { CheckGroup, NumberField, SelectField, TextField } from '../../../ui/fields.js';
import { wrongIn } from '../../../state/admin/problems.js';
import { useAdmin } from '../admin-data.js';
import type { FieldsProps, Kind } from '../entity-section.js';
import { FormGroup } from '../form-group.js';
import { SkillLevels } from '../skill-levels.js';
import { useAdminWords } from '../words.js';

type Agent = routingEvents.Agent;
const SERVICE = 'parley.routing.v1.RoutingService';

const tagsOf = (text: string): string[] =>
  text
    .split(/[\s,;]+/)
    .map((tag) => tag.trim().toLowerCase())
    .filter(Boolean);

const Fields = ({ form, isNew }: FieldsProps<Agent>): ReactElement => {
  const { value, set, problem } = form;
  const { t } = useAdminWords();
  const { data } = useAdmin();
  return (
    <>
      {isNew && <WhoField form={form} />}
      <TextField
        label={t('name')}
        hint={t('agentNameHint')}
        error={problem('name')}
        required
        value={value.name ?? ''}
        onChange={(name) => set({ name })}
      />
      <FormGroup title={t('groupWork')} lead={t('agentWorkLead')}>
        <CheckGroup
          label={t('queues')}
          hint={t('agentQueuesHint')}
          error={problem('queueIds')}
          chosen={value.queueIds ?? []}
          options={data.queues.map(({ queueId = '', name = '' }) => [queueId, name || queueId])}
          onChange={(queueIds) => set({ queueIds })}
        />
        <SkillLevels
          label={t('skills')}
          hint={t('agentSkillsHint')}
          levels={value.skills ?? {}}
          onChange={(skills) => set({ skills })}
          problem={(skillId) => problem(`skills.${skillId}`)}
        />
        <LanguagesField form={form} />
      </FormGroup>
      <FormGroup title={t('groupLimits')} lead={t('agentLimitsLead')}>
        <SelectField
          label={t('team')}
          error={problem('teamId')}
          value={value.teamId ?? ''}
          options={[
            ['', t('noTeam')],
            ...data.teams.map(({ teamId = '', name = '' }): [string, string] => [teamId, name || teamId]),
          ]}
          onChange={(teamId) => set({ teamId })}
        />
        <NumberField
          label={t('capacity')}
          hint={t('capacityHint')}
          error={problem('capacity')}
          none={t('defaultOf', { value: 4 })}
          max={100}
          value={value.capacity ?? 0}
          onChange={(capacity) => set({ capacity })}
        />
        <NumberField
          label={t('maxChats')}
          hint={t('maxChatsHint')}
          error={problem('maxChats')}
          none={t('noLimit')}
          max={100}
          value={value.maxChats ?? 0}
          onChange={(maxChats) => set({ maxChats })}
        />
      </FormGroup>
    </>
  );
};

const WhoField = ({ form }: { form: FieldsProps<Agent>['form'] }): ReactElement => {
  const { t } = useAdminWords();
  const { agents, people } = useAdmin().data;
  const free = noAgentsYet(people, agents);
  return (
    <SelectField
      label={t('person')}
      hint={t(free.size > 0 ? 'personHint' : 'everybodyIs')}
      error={form.problem('agentId')}
      value={form.value.agentId ?? ''}
      options={[['', t('choosePerson')], ...free]}
      onChange={(agentId) => form.set({ agentId, name: free.get(agentId) ?? '' })}
    />
  );
};

const LanguagesField = ({ form }: { form: FieldsProps<Agent>['form'] }): ReactElement => {
  const { t, language } = useAdminWords();
  const tags = form.value.languages ?? [];
  const names = new Intl.DisplayNames([language], { type: 'language' });
  const nameOf = (tag: string): string => {
    try {
      return names.of(tag) ?? tag;
    } catch {
      return tag;
    }
  };
  return (
    <TextField
      key={form.dirty ? 'mine' : 'stored'}
      label={t('languages')}
      hint={tags.length > 0 ? tags.map(nameOf).join(', ') : t('languagesHint')}
      error={wrongIn(form.problems, 'languages')}
      placeholder="de, en"
      value={tags.join(', ')}
      onChange={(text) =>
        form.set({ languages: /[\s,;]$/.test(text) ? [...tagsOf(text), ''] : tagsOf(text) })
      }
    />
  );
};

/** Agents: what they work on and how much at once. */
export const agents: Kind<Agent> = {
  section: 'agents',
  method: 'PutAgent',
  idField: 'agentId',
  words: { title: 'agents', lead: 'agentsLead', add: 'addAgent', none: 'noAgents', remove: 'removeAgent' },
  all: (data) => data.agents,
  detailOf: ({ queueIds = [], skills = {}, teamId }, { queues, teams }, { t }) =>
    [
      teams.find((team) => team.teamId === teamId)?.name,
      queueIds.map((id) => queues.find(({ queueId }) => queueId === id)?.name ?? id).join(', '),
      Object.keys(skills).length > 0 && t('skillCount', { count: Object.keys(skills).length }),
    ]
      .filter(Boolean)
      .join(' · '),
  blank: () => ({}),
  labels: {
    name: 'name',
    queueIds: 'queues',
    skills: 'skills',
    languages: 'languages',
    teamId: 'team',
    capacity: 'capacity',
    maxChats: 'maxChats',
  },
  put: async (connection, { agentId = '', name = '', version: _, ...rest }, expected) => {
    const languages = (rest.languages ?? []).filter(Boolean);
    const request = { commandId: newId(), agentId, name, ...rest, languages, ...expected };
    return (await connection.call(`${SERVICE}/PutAgent`, request)).agent ?? {};
  },
  remove: (connection, agentId, expectedVersion) =>
    connection.call(`${SERVICE}/RemoveAgent`, { commandId: newId(), agentId, expectedVersion }),
  Fields,
};
