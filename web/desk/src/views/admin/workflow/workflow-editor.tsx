import type { ReactElement } from 'react';
import { useMemo, useState } from 'react';
import { notesOf } from '../../../state/admin/problems.js';
import { type Draft, moved, newFilter, notesAt } from '../../../state/admin/workflow.js';
import { Icon } from '../../../ui/icons.js';
import { Empty } from '../../../ui/parts.js';
import { useSortable } from '../../../ui/sortable.js';
import { useAdmin } from '../admin-data.js';
import { Conflict } from '../conflict.js';
import { SaveBar } from '../save-bar.js';
import type { Form } from '../use-form.js';
import { useAdminWords } from '../words.js';
import { ExpressionHelp } from './expression-help.js';
import { FilterCard } from './filter-card.js';
import { Notes } from './notes.js';
import { PublishDialog } from './publish-dialog.js';
import { useValidation } from './use-validation.js';

/** The filters of the draft in their order; each problem stands at its field while it is typed. */
export const WorkflowEditor = ({
  form,
  publishable,
  onPublished,
}: {
  form: Form<Draft>;
  publishable: boolean;
  onPublished: () => void;
}): ReactElement => {
  const { t } = useAdminWords();
  const { queues } = useAdmin().data;
  const [publishing, setPublishing] = useState(false);
  const { filters } = form.value;
  const live = useValidation(filters);
  const notes = useMemo(() => {
    const refused = notesOf([...form.problems].map(([field, reason]) => ({ field, reason })));
    return [...live, ...refused.filter(({ path }) => path && !live.some((note) => note.path === path))];
  }, [live, form.problems]);
  const wrong = notes.some(({ warning }) => !warning);
  const move = (from: number, to: number): void => form.set({ filters: moved(filters, from, to) });
  const sortable = useSortable('filter', move);
  const fallback = queues.find(({ isDefault }) => isDefault) ?? queues[0];
  return (
    <>
      <form
        className="workflow-editor"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void form.save();
        }}
      >
        <Conflict form={form} method="SaveWorkflowDraft" targetId="workflow" labelOf={() => t('filters')} />
        <p className="quiet">{t('workflowLead')}</p>
        <ExpressionHelp />
        <Notes notes={[...notesAt(notes, ''), ...notesAt(notes, 'filters')]} />
        {filters.length === 0 && <Empty icon="arrow" title={t('noFilters')} text={t('noFiltersText')} />}
        <ol className="filters">
          {filters.map((filter, index) => (
            <FilterCard
              key={`${index}-${filters.length}`}
              filter={filter}
              index={index}
              count={filters.length}
              notes={notes}
              sortable={sortable}
              onChange={(next) => form.set({ filters: filters.with(index, next) })}
              onMove={(to) => move(index, to)}
              onRemove={() => form.set({ filters: filters.toSpliced(index, 1) })}
            />
          ))}
        </ol>
        <p className="filter-else">
          <Icon name="arrow" size={13} /> {t('otherwise', { queue: fallback?.name ?? '' })}
        </p>
        <button
          type="button"
          className="button small"
          onClick={() =>
            form.set({
              filters: [
                ...filters,
                newFilter(t('filterNumber', { number: filters.length + 1 }), fallback?.queueId ?? ''),
              ],
            })
          }
        >
          <Icon name="plus" size={13} /> {t('addFilter')}
        </button>
        <div className="workflow-bar">
          <SaveBar form={form} isNew={false} />
          <button
            type="button"
            className="button primary"
            disabled={!publishable || form.dirty || wrong}
            title={form.dirty ? t('saveBeforePublish') : undefined}
            onClick={() => setPublishing(true)}
          >
            {t('publish')}
          </button>
        </div>
      </form>
      {publishing && (
        <PublishDialog
          revision={form.value.version}
          onClose={() => setPublishing(false)}
          onPublished={onPublished}
        />
      )}
    </>
  );
};
