import { type ReactElement, useCallback, useEffect, useMemo, useRef } from 'react';
import { linkTo } from '../../desk/navigation.js';
import { ADMIN_SECTIONS, type AdminSection } from '../../state/route.js';
import '../../styles/forms.css';
import '../../styles/admin.css';
import '../../styles/hours.css';
import '../../styles/workflow.css';
import '../../styles/workspace.css';
import { useDesk } from '../../ui/hooks.js';
import { Failure, Skeleton } from '../../ui/parts.js';
import { useRemote } from '../../ui/remote.js';
import { AdminContext, loadAdminData } from './admin-data.js';
import { AuditSection } from './audit-section.js';
import { EntitySection } from './entity-section.js';
import { agents } from './kinds/agents.js';
import { hours } from './kinds/hours.js';
import { people } from './kinds/people.js';
import { queues } from './kinds/queues.js';
import { skills } from './kinds/skills.js';
import { teams } from './kinds/teams.js';
import { KeysSection } from './settings/keys-section.js';
import { ShownSecret } from './settings/shown-secret.js';
import { WorkspaceSection } from './settings/workspace-section.js';
import { LimitsSection } from './limits-section.js';
import { useAdminWords } from './words.js';
import { WorkflowSection } from './workflow/workflow-section.js';

/** Often enough to hear of other admins' changes while editing. */
const EVERY_MS = 20_000;

/** Sections that read what they show by themselves. */
const ALONE: readonly AdminSection[] = ['audit', 'keys', 'workspace'];

/** What an admin configures, a section a tab. */
export const AdminPage = ({ section, id }: { section: AdminSection; id: string }): ReactElement => {
  const { connection } = useDesk();
  const { t } = useAdminWords();
  const load = useCallback(() => loadAdminData(connection), [connection]);
  const [remote, again] = useRemote(load, EVERY_MS);
  const data = remote.value;
  const configured = !ALONE.includes(section);
  const admin = useMemo(() => (data ? { data, again } : undefined), [data, again]);
  const tabs = useRef<HTMLElement>(null);
  useEffect(() => {
    tabs.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [section]);
  return (
    <section className="page admin" data-section={section}>
      <div className="admin-head">
        <h2 className="page-name">{t('administration')}</h2>
        <nav ref={tabs} aria-label={t('administration')} className="admin-tabs">
          {ADMIN_SECTIONS.map((one) => (
            <a
              key={one}
              {...linkTo({ view: 'admin', section: one, id: '' })}
              aria-current={one === section ? 'page' : undefined}
            >
              {t(one)}
            </a>
          ))}
        </nav>
      </div>
      {section === 'audit' && <AuditSection />}
      {section === 'keys' && <KeysSection />}
      {section === 'workspace' && <WorkspaceSection />}
      <ShownSecret />
      {configured && !admin && remote.status === 'failed' && (
        <Failure title={t('adminFailed')} message={remote.message} retry={t('tryAgain')} again={again} />
      )}
      {configured && !admin && remote.status === 'loading' && <Skeleton lines={12} />}
      {configured && admin && (
        <AdminContext value={admin}>
          {section === 'people' && <EntitySection key={section} kind={people} id={id} />}
          {section === 'agents' && <EntitySection key={section} kind={agents} id={id} />}
          {section === 'teams' && <EntitySection key={section} kind={teams} id={id} />}
          {section === 'skills' && <EntitySection key={section} kind={skills} id={id} />}
          {section === 'queues' && <EntitySection key={section} kind={queues} id={id} />}
          {section === 'hours' && <EntitySection key={section} kind={hours} id={id} />}
          {section === 'workflow' && <WorkflowSection id={id} />}
          {section === 'limits' && <LimitsSection />}
        </AdminContext>
      )}
    </section>
  );
};
