import type { routingEvents } from '@parley/client';
import type { ReactElement } from 'react';
import type { WorkflowNote } from '../../../state/admin/problems.js';
import {
  destinationOf,
  notesAt,
  notesWithin,
  type Target,
  withDestination,
} from '../../../state/admin/workflow.js';
import { NumberField, SelectField } from '../../../ui/fields.js';
import { Icon } from '../../../ui/icons.js';
import { IconButton } from '../../../ui/parts.js';
import type { Sortable } from '../../../ui/sortable.js';
import { useAdminWords } from '../words.js';
import { ExpressionField } from './expression-field.js';
import { Notes } from './notes.js';
import { Relaxations } from './relaxations.js';
import { useDestinations } from './use-destinations.js';

/** A stage of waiting: where, until when, when it is skipped, and what is no longer asked for from here on. */
export const StageRow = ({
  target,
  index,
  targets,
  requirements,
  notes,
  path,
  sortable,
  onChange,
  onRemove,
}: {
  target: Target;
  index: number;
  targets: readonly Target[];
  requirements: routingEvents.Requirements;
  notes: readonly WorkflowNote[];
  path: string;
  sortable: Sortable;
  onChange: (target: Target) => void;
  onRemove: () => void;
}): ReactElement => {
  const { t } = useAdminWords();
  const { options, nameOf } = useDestinations();
  const destination = destinationOf(target);
  const known = options.some(([value]) => value === destination);
  const name = t('stageNumber', { number: index + 1, where: nameOf(destination) });
  const wrongAt = (field: string): string | undefined => notesAt(notes, `${path}.${field}`)[0]?.reason;
  const toQueue = destination.startsWith('queue:');
  return (
    <li className="stage-row" data-sortable {...sortable.place(index)}>
      <div className="stage-main">
        <button
          type="button"
          className="grip"
          aria-label={t('moveFilter', { name })}
          title={t('moveHint')}
          {...sortable.handle(index)}
        >
          <Icon name="grip" />
        </button>
        <SelectField
          label={t('stageTo', { number: index + 1 })}
          error={wrongAt('queueId') ?? wrongAt('overflow') ?? wrongAt('to')}
          value={destination}
          options={known ? options : [[destination, nameOf(destination) || t('chooseQueue')], ...options]}
          onChange={(next) => onChange(withDestination(target, next))}
        />
        {toQueue && (
          <NumberField
            label={t('stageUntil')}
            hint={index === targets.length - 1 ? t('stageUntilLast') : t('stageUntilHint')}
            error={wrongAt('untilSeconds')}
            none={t('withoutEnd')}
            unit="s"
            max={86_400}
            value={target.untilSeconds ?? 0}
            onChange={(untilSeconds) => onChange({ ...target, untilSeconds })}
          />
        )}
        <IconButton icon="trash" label={t('removeNamed', { name })} onClick={onRemove} />
      </div>
      <Notes
        notes={notesWithin(notes, path, [
          'queueId',
          'overflow',
          'to',
          'untilSeconds',
          'skipIf',
          'relaxations',
          'priority',
        ])}
      />
      <details
        className="stage-more"
        open={Boolean(target.skipIf || target.relaxations?.length || target.priority)}
      >
        <summary>{t('stageMore')}</summary>
        <ExpressionField
          label={t('skipIf')}
          hint={t('skipIfHint')}
          placeholder="queue.agentsAvailable == 0"
          value={target.skipIf ?? ''}
          notes={notesAt(notes, `${path}.skipIf`)}
          onChange={(skipIf) => onChange({ ...target, skipIf })}
        />
        <Relaxations
          relaxations={target.relaxations ?? []}
          requirements={requirements}
          onChange={(relaxations) => onChange({ ...target, relaxations })}
        />
        <Notes notes={notesWithin(notes, `${path}.relaxations`)} />
        <SelectField
          label={t('stagePriority')}
          error={wrongAt('priority')}
          value={target.priority === undefined ? '' : String(target.priority)}
          options={[
            ['', t('unchanged')],
            ...Array.from({ length: 10 }, (_, value): [string, string] => [String(value), String(value)]),
          ]}
          onChange={(priority) =>
            onChange({ ...target, priority: priority === '' ? undefined : Number(priority) })
          }
        />
      </details>
    </li>
  );
};
