import type { gateway } from '@parley/client';
import { type ReactElement, useCallback, useState } from 'react';
import { serverNow } from '../../desk/clock.js';
import { useDesk, useStore } from '../../ui/hooks.js';
import { Icon } from '../../ui/icons.js';
import { Failure, SearchField, Skeleton } from '../../ui/parts.js';
import { useRemote } from '../../ui/remote.js';
import { readAuditLog } from './audit-log.js';
import { actWords } from './audit-words.js';
import { useAdminWords } from './words.js';

const PAGE = 100;

/** Who did what to the workspace and to conversations, newest first. */
export const AuditSection = (): ReactElement => {
  const { connection, people } = useDesk();
  const { t, formats } = useAdminWords();
  const names = useStore(people);
  const [older, setOlder] = useState<readonly gateway.AuditEntry[]>([]);
  const [query, setQuery] = useState('');
  const load = useCallback(() => readAuditLog(connection, PAGE), [connection]);
  const [remote, again] = useRemote(load, 15_000);
  const newest = remote.value?.entries ?? [];
  const last = older.at(-1)?.version ?? newest.at(-1)?.version ?? 0;
  const [more, setMore] = useState<'idle' | 'loading'>('idle');
  const showMore = async (): Promise<void> => {
    setMore('loading');
    try {
      const { entries = [] } = await readAuditLog(connection, PAGE, last);
      setOlder((known) => [...known, ...entries]);
    } finally {
      setMore('idle');
    }
  };
  if (remote.status === 'failed' && !remote.value)
    return <Failure title={t('auditFailed')} message={remote.message} retry={t('tryAgain')} again={again} />;
  if (!remote.value) return <Skeleton lines={12} />;
  const seen = new Set(newest.map(({ version }) => version));
  const rows = [...newest, ...older.filter(({ version }) => !seen.has(version))].map((entry) => ({
    entry,
    who: names.get(entry.actor?.id ?? '') ?? entry.actor?.id ?? '',
    ...actWords(entry, t, (id) => names.get(id)),
  }));
  const wanted = query.trim().toLocaleLowerCase();
  return (
    <section className="audit" aria-label={t('audit')}>
      <div className="audit-head">
        <p className={remote.value.chainIntact ? 'tag tag-ok' : 'tag tag-danger'}>
          <Icon name={remote.value.chainIntact ? 'check' : 'alert'} size={12} />{' '}
          {t(remote.value.chainIntact ? 'chainIntact' : 'chainBroken')}
        </p>
        <SearchField label={t('filterList')} value={query} onChange={setQuery} />
      </div>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t('audit')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('auditTime')}</th>
              <th scope="col">{t('auditWho')}</th>
              <th scope="col">{t('auditWhat')}</th>
              <th scope="col">{t('auditTarget')}</th>
            </tr>
          </thead>
          <tbody>
            {rows
              .filter(
                ({ who, what, target, details }) =>
                  !wanted || `${who} ${what} ${target} ${details}`.toLocaleLowerCase().includes(wanted),
              )
              .map(({ entry, who, what, target, details }) => (
                <tr key={entry.version}>
                  <th scope="row">
                    <time title={formats.full(Date.parse(entry.time ?? ''))}>
                      {formats.short(Date.parse(entry.time ?? ''), serverNow())}
                    </time>
                  </th>
                  <td>{who}</td>
                  <td>{what}</td>
                  <td>
                    {target} {details && <span className="audit-details">{details}</span>}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
      {last > 1 && (
        <button
          type="button"
          className="button small"
          disabled={more === 'loading'}
          onClick={() => void showMore()}
        >
          {t('showOlder')}
        </button>
      )}
    </section>
  );
};
