import { type ReactElement, useId } from 'react';
import { FieldError } from '../../ui/fields.js';
import { Icon } from '../../ui/icons.js';
import { IconButton } from '../../ui/parts.js';
import { useAdmin } from './admin-data.js';
import { useAdminWords } from './words.js';

const LEVELS = [1, 2, 3, 4, 5];
type Levels = Readonly<Record<string, number>>;

/** Skills with a level from 1 to 5 each. `problem`: what is wrong with one, by its id. */
export const SkillLevels = ({
  label,
  hint,
  levels,
  onChange,
  problem,
}: {
  label: string;
  hint?: string;
  levels: Levels;
  onChange: (levels: Record<string, number>) => void;
  problem: (skillId: string) => string | undefined;
}): ReactElement => {
  const { t } = useAdminWords();
  const { skills } = useAdmin().data;
  const id = useId();
  const nameOf = (skillId: string): string =>
    skills.find((skill) => skill.skillId === skillId)?.name ?? skillId;
  const others = skills.filter(({ skillId = '' }) => !levels[skillId]);
  const without = (skillId: string): Record<string, number> =>
    Object.fromEntries(Object.entries(levels).filter(([other]) => other !== skillId));
  return (
    <fieldset className="form-field skill-levels">
      <legend>{label}</legend>
      {hint && <p className="form-hint">{hint}</p>}
      {Object.entries(levels).map(([skillId, level]) => (
        <div key={skillId} className="skill-level">
          <span className="skill-name" dir="auto">
            {nameOf(skillId)}
          </span>
          <div
            className="segments level-segments"
            role="radiogroup"
            aria-label={t('levelFor', { name: nameOf(skillId) })}
          >
            {LEVELS.map((one) => (
              <label key={one}>
                <input
                  type="radio"
                  name={`${id}-${skillId}`}
                  aria-label={t('levelOf', { level: one })}
                  checked={level === one}
                  onChange={() => onChange({ ...levels, [skillId]: one })}
                />
                <span>{one}</span>
              </label>
            ))}
          </div>
          <IconButton
            icon="close"
            label={t('removeNamed', { name: nameOf(skillId) })}
            onClick={() => onChange(without(skillId))}
          />
          {problem(skillId) && <FieldError error={problem(skillId) ?? ''} />}
        </div>
      ))}
      {others.length > 0 && (
        <label className="add-select">
          <Icon name="plus" size={13} />
          <span className="hidden">{t('addSkillTo')}</span>
          <select
            aria-label={t('addSkillTo')}
            value=""
            onChange={(event) => onChange({ ...levels, [event.target.value]: 3 })}
          >
            <option value="" disabled>
              {t('addSkillTo')}
            </option>
            {others.map(({ skillId, name }) => (
              <option key={skillId} value={skillId}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {skills.length === 0 && <p className="quiet">{t('noSkills')}</p>}
    </fieldset>
  );
};
