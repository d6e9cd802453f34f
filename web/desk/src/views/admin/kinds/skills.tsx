import { newId, type routingEvents } from '@parley/client';
import type { ReactElement } from 'react';
import type { FieldsProps, Kind } from '../entity-section.js';
import { FormGroup } from '../form-group.js';
import { NameFields } from '../name-fields.js';
import { useAdmin } from '../admin-data.js';
import { useAdminWords } from '../words.js';

type Skill = routingEvents.Skill;
const SERVICE = 'parley.routing.v1.RoutingService';

const Fields = ({ form, isNew }: FieldsProps<Skill>): ReactElement => {
  const { t } = useAdminWords();
  const { agents } = useAdmin().data;
  const id = form.value.skillId ?? '';
  const able = agents
    .map((agent) => ({ agent, level: agent.skills?.[id] ?? 0 }))
    .filter(({ level }) => level > 0)
    .sort((a, b) => b.level - a.level);
  return (
    <>
      <NameFields form={form} idField="skillId" isNew={isNew} />
      {!isNew && (
        <FormGroup title={t('whoHasIt')} lead={t('whoHasItLead')}>
          {able.length === 0 && <p className="quiet">{t('nobodyHasIt')}</p>}
          <ul className="levels-list">
            {able.map(({ agent, level }) => (
              <li key={agent.agentId}>
                <a href={`/desk/admin/agents/${agent.agentId}`} className="link">
                  {agent.name}
                </a>
                <span className="level-word">{t('levelOf', { level })}</span>
              </li>
            ))}
          </ul>
        </FormGroup>
      )}
    </>
  );
};

/** Skills: what agents are able to do, with levels that are set at the agents. */
export const skills: Kind<Skill> = {
  section: 'skills',
  method: 'PutSkill',
  idField: 'skillId',
  words: { title: 'skills', lead: 'skillsLead', add: 'addSkill', none: 'noSkills', remove: 'removeSkill' },
  all: (data) => data.skills,
  detailOf: ({ skillId = '' }, { agents }, { t }) =>
    t('agentCount', { count: agents.filter((agent) => agent.skills?.[skillId]).length }),
  blank: () => ({}),
  labels: { name: 'name' },
  put: async (connection, { skillId = '', name = '' }, expected) => {
    const request = { commandId: newId(), skillId, name, ...expected };
    return (await connection.call(`${SERVICE}/PutSkill`, request)).skill ?? {};
  },
  remove: (connection, skillId, expectedVersion) =>
    connection.call(`${SERVICE}/RemoveSkill`, { commandId: newId(), skillId, expectedVersion }),
  Fields,
};
