import { type ReactElement, useState } from 'react';
import type { WorkflowNote } from '../../../state/admin/problems.js';
import {
  destinationOf,
  type Filter,
  moved,
  notesAt,
  notesWithin,
  withStage,
} from '../../../state/admin/workflow.js';
import { NumberField, SelectField, TextField } from '../../../ui/fields.js';
import { Icon } from '../../../ui/icons.js';
import { IconButton } from '../../../ui/parts.js';
import { type Sortable, useSortable } from '../../../ui/sortable.js';
import { useAdmin } from '../admin-data.js';
import { SkillLevels } from '../skill-levels.js';
import { useAdminWords } from '../words.js';
import { ExpressionField } from './expression-field.js';
import { Notes } from './notes.js';
import { StageRow } from './stage-row.js';
import { useDestinations } from './use-destinations.js';

interface FilterCardProps {
  readonly filter: Filter;
  readonly index: number;
  readonly count: number;
  readonly notes: readonly WorkflowNote[];
  readonly sortable: Sortable;
  readonly onChange: (filter: Filter) => void;
  readonly onMove: (to: number) => void;
  readonly onRemove: () => void;
}

/** One filter: which chats it is for, what they need, and where they wait. */
export const FilterCard = ({
  filter,
  index,
  count,
  notes,
  sortable,
  onChange,
  onMove,
  onRemove,
}: FilterCardProps): ReactElement => {
  const { t } = useAdminWords();
  const [open, setOpen] = useState(count <= 3);
  const { nameOf } = useDestinations();
  const path = `filters[${index}]`;
  const own = notesWithin(notes, path);
  const wrong = own.filter(({ warning }) => !warning).length;
  const title = filter.name || t('filterNumber', { number: index + 1 });
  return (
    <li className="filter" data-sortable data-wrong={wrong > 0} {...sortable.place(index)}>
      <div className="filter-head">
        <button
          type="button"
          className="grip"
          aria-label={t('moveFilter', { name: title })}
          title={t('moveHint')}
          {...sortable.handle(index)}
        >
          <Icon name="grip" />
        </button>
        <span className="filter-number" aria-hidden="true">
          {index + 1}
        </span>
        <button type="button" className="filter-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name={open ? 'down' : 'next'} size={14} />
          <span className="filter-name" dir="auto">
            {title}
          </span>
          <span className="filter-when">{filter.when ? <code>{filter.when}</code> : t('everyChat')}</span>
          <span className="filter-where">
            {(filter.targets ?? []).map((target) => nameOf(destinationOf(target))).join(' → ')}
          </span>
          {own.length > 0 && (
            <span className={wrong > 0 ? 'tag tag-danger' : 'tag tag-warn'}>
              <Icon name="alert" size={12} /> {t('problemCount', { count: own.length })}
            </span>
          )}
        </button>
        <IconButton
          icon="up"
          label={t('moveUp', { name: title })}
          disabled={index === 0}
          onClick={() => onMove(index - 1)}
        />
        <IconButton
          icon="down"
          label={t('moveDown', { name: title })}
          disabled={index === count - 1}
          onClick={() => onMove(index + 1)}
        />
        <IconButton icon="trash" label={t('removeNamed', { name: title })} onClick={onRemove} />
      </div>
      {open && <FilterBody {...{ filter, notes, path, onChange }} />}
    </li>
  );
};

const FilterBody = ({
  filter,
  notes,
  path,
  onChange,
}: Pick<FilterCardProps, 'filter' | 'notes' | 'onChange'> & { path: string }): ReactElement => {
  const { t } = useAdminWords();
  const { queues } = useAdmin().data;
  const targets = filter.targets ?? [];
  const { skills = {}, language = '' } = filter.requirements ?? {};
  const set = (change: Partial<Filter>): void => onChange({ ...filter, ...change });
  const wrongAt = (field: string): string | undefined => notesAt(notes, `${path}.${field}`)[0]?.reason;
  const stages = useSortable(`stage-${path}`, (from, to) => set({ targets: [...moved(targets, from, to)] }));
  const fallback = queues.find(({ isDefault }) => isDefault)?.queueId ?? queues[0]?.queueId ?? '';
  return (
    <div className="filter-body">
      <Notes
        notes={notesWithin(notes, path, [
          'name',
          'when',
          'requirements',
          'priority',
          'lastAgentSeconds',
          'targets',
        ])}
      />
      <TextField
        label={t('name')}
        error={wrongAt('name')}
        value={filter.name ?? ''}
        onChange={(name) => set({ name })}
      />
      <ExpressionField
        label={t('filterWhen')}
        hint={t('filterWhenHint')}
        placeholder={t('everyChat')}
        value={filter.when ?? ''}
        notes={notesAt(notes, `${path}.when`)}
        onChange={(when) => set({ when })}
      />
      <div className="filter-needs">
        <SkillLevels
          label={t('needsSkills')}
          levels={skills}
          onChange={(next) => set({ requirements: { ...filter.requirements, skills: next } })}
          problem={(skillId) => wrongAt(`requirements.skills.${skillId}`)}
        />
        <Notes
          notes={notesWithin(
            notes,
            `${path}.requirements`,
            Object.keys(skills).map((id) => `skills.${id}`),
          )}
        />
        <div className="field-row">
          <LanguageField
            language={language}
            onChange={(next) => set({ requirements: { ...filter.requirements, language: next } })}
          />
          <NumberField
            label={t('priority')}
            hint={t('priorityHint')}
            error={wrongAt('priority')}
            none="0"
            max={9}
            value={filter.priority ?? 0}
            onChange={(priority) => set({ priority })}
          />
          <NumberField
            label={t('lastAgent')}
            hint={t('lastAgentHint')}
            error={wrongAt('lastAgentSeconds')}
            none={t('off')}
            unit="s"
            max={3600}
            value={filter.lastAgentSeconds ?? 0}
            onChange={(lastAgentSeconds) => set({ lastAgentSeconds })}
          />
        </div>
      </div>
      <div className="stages-head">
        <h5>{t('stages')}</h5>
        <p className="quiet">{t('stagesHint')}</p>
      </div>
      <Notes notes={notesAt(notes, `${path}.targets`)} />
      <ol className="stages">
        {targets.map((target, at) => (
          <StageRow
            key={at}
            target={target}
            index={at}
            targets={targets}
            requirements={{ skills, language }}
            notes={notes}
            path={`${path}.targets[${at}]`}
            sortable={stages}
            onChange={(next) => set({ targets: targets.with(at, next) })}
            onRemove={() => set({ targets: targets.toSpliced(at, 1) })}
          />
        ))}
      </ol>
      <button
        type="button"
        className="quiet-button"
        onClick={() => set({ targets: [...withStage(targets, fallback)] })}
      >
        <Icon name="plus" size={13} /> {t('addStage')}
      </button>
    </div>
  );
};

const LanguageField = ({
  language,
  onChange,
}: {
  language: string;
  onChange: (language: string) => void;
}): ReactElement => {
  const { t, language: reader } = useAdminWords();
  const { agents } = useAdmin().data;
  const names = new Intl.DisplayNames([reader], { type: 'language' });
  const spoken = new Set([...agents.flatMap(({ languages = [] }) => languages), language].filter(Boolean));
  spoken.delete('visitor');
  return (
    <SelectField
      label={t('needsLanguage')}
      value={language}
      options={[
        ['', t('anyLanguage')],
        ['visitor', t('visitorsLanguage')],
        ...[...spoken].sort().map((tag): [string, string] => [tag, names.of(tag) ?? tag]),
      ]}
      onChange={onChange}
    />
  );
};
