import type { routingEvents } from '@parley/client';
import type { ReactElement } from 'react';
import { replaced } from '../../../state/admin/workflow.js';
import { Icon } from '../../../ui/icons.js';
import { IconButton } from '../../../ui/parts.js';
import { useAdmin } from '../admin-data.js';
import { useAdminWords } from '../words.js';

type Relaxation = routingEvents.Relaxation;
const LANGUAGE = 'language';

/** What is asked for less, or no longer, from a stage on. */
export const Relaxations = ({
  relaxations,
  requirements: { skills = {}, language = '' },
  onChange,
}: {
  relaxations: readonly Relaxation[];
  requirements: routingEvents.Requirements;
  onChange: (relaxations: Relaxation[]) => void;
}): ReactElement => {
  const { t } = useAdminWords();
  const { data } = useAdmin();
  const nameOf = (skill = ''): string =>
    skill === LANGUAGE
      ? t('needsLanguage')
      : (data.skills.find(({ skillId }) => skillId === skill)?.name ?? skill);
  const open = [...Object.keys(skills), ...(language ? [LANGUAGE] : [])].filter(
    (skill) => !relaxations.some((one) => one.skill === skill),
  );
  return (
    <fieldset className="form-field">
      <legend>{t('relaxations')}</legend>
      <p className="form-hint">{t('relaxationsHint')}</p>
      {relaxations.map(({ skill = '', level = 0 }, index) => (
        <div key={skill} className="relaxation">
          <span dir="auto">{nameOf(skill)}</span>
          <select
            className="input"
            aria-label={t('relaxTo', { name: nameOf(skill) })}
            value={level}
            onChange={(event) =>
              onChange([...replaced(relaxations, index, { level: Number(event.target.value) })])
            }
          >
            <option value={0}>{t('relaxDrop')}</option>
            {skill !== LANGUAGE &&
              [1, 2, 3, 4].map((least) => (
                <option key={least} value={least}>
                  {t('relaxLeast', { level: least })}
                </option>
              ))}
          </select>
          <IconButton
            icon="close"
            label={t('removeNamed', { name: nameOf(skill) })}
            onClick={() => onChange(relaxations.toSpliced(index, 1))}
          />
        </div>
      ))}
      {open.length > 0 && (
        <label className="add-select">
          <Icon name="plus" size={13} />
          <select
            aria-label={t('addRelaxation')}
            value=""
            onChange={(event) => onChange([...relaxations, { skill: event.target.value, level: 0 }])}
          >
            <option value="" disabled>
              {t('addRelaxation')}
            </option>
            {open.map((skill) => (
              <option key={skill} value={skill}>
                {nameOf(skill)}
              </option>
            ))}
          </select>
        </label>
      )}
      {open.length === 0 && relaxations.length === 0 && <p className="quiet">{t('nothingToRelax')}</p>}
    </fieldset>
  );
};
