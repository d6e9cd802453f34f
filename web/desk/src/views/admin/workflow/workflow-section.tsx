import { newId } from '@parley/client';
import { type ReactElement, useCallback, useMemo, useState } from 'react';
import { serverNow } from '../../../desk/clock.js';
import { navigate } from '../../../desk/navigation.js';
import type { Draft } from '../../../state/admin/workflow.js';
import { useDesk, useStore } from '../../../ui/hooks.js';
import { Failure, Skeleton } from '../../../ui/parts.js';
import { useRemote } from '../../../ui/remote.js';
import { type Form, useForm } from '../use-form.js';
import { type AdminWord, useAdminWords } from '../words.js';
import { DryRun } from './dry-run.js';
import { WorkflowEditor } from './workflow-editor.js';
import { type Standing, standingOf } from './standing.js';
import { Versions } from './versions.js';

const SERVICE = 'parley.routing.v1.RoutingService';
const TABS = ['edit', 'dry-run', 'versions'] as const;
type Tab = (typeof TABS)[number];
const WORDS: Record<Tab, AdminWord> = { edit: 'tabEdit', 'dry-run': 'tabDryRun', versions: 'tabVersions' };

/** How chats find their queue: the draft, what it would do, and what is in force. */
export const WorkflowSection = ({ id }: { id: string }): ReactElement => {
  const { connection } = useDesk();
  const { t } = useAdminWords();
  const load = useCallback(
    () => connection.call(`${SERVICE}/GetWorkflow`, {}).then(standingOf),
    [connection],
  );
  const [remote, again] = useRemote(load, 30_000);
  if (remote.value)
    return <Loaded standing={remote.value} again={again} tab={TABS.find((tab) => tab === id) ?? 'edit'} />;
  if (remote.status === 'failed')
    return (
      <Failure title={t('workflowFailed')} message={remote.message} retry={t('tryAgain')} again={again} />
    );
  return <Skeleton lines={10} />;
};

const Loaded = ({
  standing,
  again,
  tab,
}: {
  standing: Standing;
  again: () => void;
  tab: Tab;
}): ReactElement => {
  const { connection } = useDesk();
  const { t } = useAdminWords();
  const [saved, setSaved] = useState<Draft>();
  // The answer to saving is newer than what was read last.
  const stored = useMemo(
    () => (saved && saved.version > standing.draft.version ? saved : standing.draft),
    [saved, standing],
  );
  const form: Form<Draft> = useForm<Draft>({
    name: 'workflow',
    stored,
    root: 'workflow',
    put: async ({ filters }, { expectedVersion: expectedRevision, mustBeNew }) => {
      const request = {
        commandId: newId(),
        workflow: { filters: [...filters] },
        expectedRevision,
        mustBeNew,
      };
      const answer = await connection.call(`${SERVICE}/SaveWorkflowDraft`, request);
      const next = { filters: answer.draft?.filters ?? [], version: answer.draftRevision ?? 0 };
      setSaved(next);
      again();
      return next;
    },
    reload: again,
  });
  const published = (): void => {
    setSaved(undefined);
    again();
  };
  return (
    <div className="workflow">
      <WorkflowHead
        standing={standing}
        dirty={form.dirty}
        hasDraft={standing.hasDraft || saved !== undefined}
      />
      <div className="segments workflow-tabs" role="group" aria-label={t('workflow')}>
        {TABS.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === tab}
            onClick={() => navigate({ view: 'admin', section: 'workflow', id: one === 'edit' ? '' : one })}
          >
            {t(WORDS[one])}
          </button>
        ))}
      </div>
      {tab === 'edit' && (
        <WorkflowEditor
          form={form}
          publishable={standing.hasDraft || saved !== undefined}
          onPublished={published}
        />
      )}
      {tab === 'dry-run' && <DryRun filters={form.value.filters} />}
      {tab === 'versions' && (
        <Versions
          inForce={standing.inForce}
          onEdit={(filters) => {
            form.set({ filters });
            navigate({ view: 'admin', section: 'workflow', id: '' });
          }}
          onRolledBack={published}
        />
      )}
    </div>
  );
};

const WorkflowHead = ({
  standing: { inForce, publishedAt, publishedBy },
  dirty,
  hasDraft,
}: {
  standing: Standing;
  dirty: boolean;
  hasDraft: boolean;
}): ReactElement => {
  const names = useStore(useDesk().people);
  const { t, formats } = useAdminWords();
  return (
    <p className="workflow-state">
      <span className={inForce ? 'tag tag-ok' : 'tag'}>
        {inForce
          ? t('inForce', {
              version: inForce,
              time: formats.short(publishedAt, serverNow()),
              name: names.get(publishedBy) ?? publishedBy,
            })
          : t('noneInForce')}
      </span>
      {(dirty || hasDraft) && <span className="tag">{t(dirty ? 'draftUnsaved' : 'draftSaved')}</span>}
    </p>
  );
};
