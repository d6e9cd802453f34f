import { type ReactElement, useCallback } from 'react';
import { useDesk, useStore } from '../../ui/hooks.js';
import { Icon } from '../../ui/icons.js';
import { useRemote } from '../../ui/remote.js';
import { lastAct } from './audit-log.js';
import type { Form } from './use-form.js';
import { useAdminWords } from './words.js';

interface Props<T> {
  form: Form<T>;
  /** What stores it, and its id, as the audit log has them. */
  method: string;
  targetId: string;
  labelOf: (field: keyof T) => string;
}

/** Somebody else has changed what is being edited: who and what, and the two ways on. */
export const Conflict = <T,>(props: Props<T>): ReactElement | null =>
  props.form.conflict ? <Shown {...props} /> : null;

const Shown = <T,>({ form, method, targetId, labelOf }: Props<T>): ReactElement => {
  const { connection, people } = useDesk();
  const { t, formats } = useAdminWords();
  const names = useStore(people);
  const load = useCallback(() => lastAct(connection, method, targetId), [connection, method, targetId]);
  const [{ value: act }] = useRemote(load);
  const { theirs = [], both = [] } = form.conflict ?? {};
  const words = (fields: readonly (keyof T)[]): string => fields.map(labelOf).join(', ');
  return (
    <div className="conflict" role="alert">
      <Icon name="alert" />
      <div className="conflict-words">
        <p className="conflict-title">
          {act
            ? t('conflictBy', {
                name: names.get(act.actorId) ?? act.actorId,
                time: formats.time(act.at),
              })
            : t('conflictSomebody')}
        </p>
        <p>{t('conflictChanged', { fields: words(theirs) })}</p>
        {both.length > 0 && <p>{t('conflictBoth', { fields: words(both) })}</p>}
        <p className="conflict-buttons">
          <button type="button" className="button small primary" onClick={form.rebase}>
            {t('conflictRebase')}
          </button>
          <button type="button" className="button small" onClick={form.discard}>
            {t('conflictDiscard')}
          </button>
        </p>
      </div>
    </div>
  );
};
