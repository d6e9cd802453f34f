import { newId, type routingEvents } from '@parley/client';
import { type ReactElement, useCallback, useState } from 'react';
import { serverNow } from '../../../desk/clock.js';
import { destinationOf, type Filter } from '../../../state/admin/workflow.js';
import { useDesk, useStore } from '../../../ui/hooks.js';
import { Icon } from '../../../ui/icons.js';
import { Empty, Skeleton } from '../../../ui/parts.js';
import { useRemote } from '../../../ui/remote.js';
import { useAdminWords } from '../words.js';
import { CommentDialog } from './comment-dialog.js';
import { useDestinations } from './use-destinations.js';

const SERVICE = 'parley.routing.v1.RoutingService';

/** What was in force and when; each can be looked at, edited anew, or put in force again. */
export const Versions = ({
  inForce,
  onEdit,
  onRolledBack,
}: {
  inForce: number;
  onEdit: (filters: Filter[]) => void;
  onRolledBack: () => void;
}): ReactElement => {
  const { connection, people, notices } = useDesk();
  const { t, formats } = useAdminWords();
  const names = useStore(people);
  const [back, setBack] = useState<number>();
  const load = useCallback(
    () =>
      connection
        .call(`${SERVICE}/ListWorkflowVersions`, {})
        // Read anew with every version that comes into force.
        .then(({ versions = [] }) => ({ versions, inForce })),
    [connection, inForce],
  );
  const [remote] = useRemote(load);
  if (remote.status === 'failed') return <p className="quiet">{remote.message}</p>;
  if (!remote.value) return <Skeleton lines={5} />;
  const { versions } = remote.value;
  if (versions.length === 0) return <Empty icon="clock" title={t('noVersions')} text={t('noVersionsText')} />;
  const full = (at: string | undefined): string => formats.short(Date.parse(at ?? ''), serverNow());
  return (
    <>
      <ol className="versions">
        {versions.map(({ version = 0, comment, publishedBy = '', publishedAt }) => (
          <li key={version} className="version">
            <div className="version-head">
              <strong>{t('versionNumber', { version })}</strong>
              {version === inForce && <span className="tag tag-ok">{t('inForceShort')}</span>}
              <span className="quiet" title={formats.full(Date.parse(publishedAt ?? ''))}>
                {full(publishedAt)} · {names.get(publishedBy) ?? publishedBy}
              </span>
              {version !== inForce && (
                <button type="button" className="button small" onClick={() => setBack(version)}>
                  <Icon name="retry" size={13} /> {t('rollBack')}
                </button>
              )}
            </div>
            {comment && <p dir="auto">{comment}</p>}
            <Look version={version} onEdit={onEdit} />
          </li>
        ))}
      </ol>
      {back !== undefined && (
        <CommentDialog
          title={t('rollBackTitle', { version: back })}
          text={t('rollBackText')}
          action={t('rollBack')}
          onClose={() => setBack(undefined)}
          run={async (comment) => {
            const request = { commandId: newId(), version: back, comment, expectedVersion: inForce };
            const { workflow } = await connection.call(`${SERVICE}/RollBackWorkflow`, request);
            notices.show({ kind: 'info', text: t('publishedNotice', { version: workflow?.version ?? 0 }) });
            onRolledBack();
          }}
        />
      )}
    </>
  );
};

const Look = ({
  version,
  onEdit,
}: {
  version: number;
  onEdit: (filters: Filter[]) => void;
}): ReactElement => {
  const { t } = useAdminWords();
  const [open, setOpen] = useState(false);
  return (
    <details className="version-look" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('lookAt')}</summary>
      {open && <Contents version={version} onEdit={onEdit} />}
    </details>
  );
};

const Contents = ({
  version,
  onEdit,
}: {
  version: number;
  onEdit: (filters: Filter[]) => void;
}): ReactElement => {
  const { connection } = useDesk();
  const { t } = useAdminWords();
  const { nameOf } = useDestinations();
  const load = useCallback(
    () =>
      connection
        .call(`${SERVICE}/GetWorkflow`, { version })
        .then(({ published }): routingEvents.Workflow => published ?? {}),
    [connection, version],
  );
  const [remote] = useRemote(load);
  if (remote.status === 'failed') return <p className="quiet">{remote.message}</p>;
  if (!remote.value) return <Skeleton lines={3} />;
  const filters = remote.value.filters ?? [];
  return (
    <>
      <ol className="version-filters">
        {filters.map(({ name, when, targets = [] }, index) => (
          <li key={index}>
            <strong dir="auto">{name || t('filterNumber', { number: index + 1 })}</strong>{' '}
            {when ? <code>{when}</code> : t('everyChat')} →{' '}
            {targets.map((target) => nameOf(destinationOf(target))).join(' → ')}
          </li>
        ))}
      </ol>
      <button type="button" className="button small" onClick={() => onEdit(filters)}>
        {t('editAsDraft')}
      </button>
    </>
  );
};
