import { analytics } from '@parley/client';
import { type ReactElement, useCallback, useState } from 'react';
import { serverNow } from '../desk/clock.js';
import type { MessageKey } from '../i18n/translate.js';
import { secondsOf } from '../lib/format.js';
import { useDesk, useStore, useWords } from '../ui/hooks.js';
import { Empty, Explained, Failure, Skeleton } from '../ui/parts.js';
import { useRemote } from '../ui/remote.js';
import { FIGURES, TILES } from './figures.js';
import { QuarterChart } from './quarter-chart.js';

const EVERY_MS = 15_000;
const { GroupBy } = analytics;
type Group = 'GROUP_BY_QUEUE' | 'GROUP_BY_AGENT' | 'GROUP_BY_QUARTER_HOUR';
const GROUPS: readonly (readonly [Group, MessageKey])[] = [
  [GroupBy.GROUP_BY_QUEUE, 'byQueue'],
  [GroupBy.GROUP_BY_AGENT, 'byAgent'],
  [GroupBy.GROUP_BY_QUARTER_HOUR, 'byQuarterHour'],
];

/** Today in figures: live, over the day, and by queue, agent or quarter hour. */
export const ReportsPage = (): ReactElement => {
  const { connection } = useDesk();
  const { t, formats } = useWords();
  const [group, setGroup] = useState<Group>(GroupBy.GROUP_BY_QUEUE);
  const load = useCallback(async () => {
    const report = (groupBy: Group) =>
      connection.call('parley.analytics.v1.AnalyticsService/GetReport', { ...today(), groupBy });
    const [live, quarters, grouped] = await Promise.all([
      connection.call('parley.analytics.v1.AnalyticsService/GetLiveFigures', {}),
      report(GroupBy.GROUP_BY_QUARTER_HOUR),
      report(group),
    ]);
    return { live, quarters: quarters.rows ?? [], rows: grouped.rows ?? [], total: grouped.total ?? {} };
  }, [connection, group]);
  const [remote, again] = useRemote(load, EVERY_MS);
  const value = remote.value;

  return (
    <section className="page">
      <div className="page-inner">
        <div className="page-head">
          <div>
            <h2 className="page-name">{t('reports')}</h2>
            <p className="page-lead">{t('reportsLead')}</p>
          </div>
          {value?.live.at && (
            <p className="quiet">{t('asOf', { time: formats.time(Date.parse(value.live.at)) })}</p>
          )}
        </div>
        {remote.status === 'failed' && !value && (
          <Failure title={t('reportsFailed')} message={remote.message} retry={t('tryAgain')} again={again} />
        )}
        {remote.status === 'loading' && !value && <Skeleton lines={10} />}
        {value && (
          <>
            <dl className="tiles">
              <Tile
                name="waitingNow"
                definition="defWaitingNow"
                value={formats.number(value.live.waiting ?? 0)}
              />
              <Tile
                name="longestWait"
                definition="defLongestWait"
                value={secondsOf(value.live.waiting ? value.live.longestWait : undefined, formats)}
              />
              <Tile
                name="activeNow"
                definition="defActiveNow"
                value={formats.number(value.live.active ?? 0)}
              />
              {TILES.map(({ name, definition, show }) => (
                <Tile key={name} {...{ name, definition }} value={show(value.live.today ?? {}, formats)} />
              ))}
            </dl>
            <section className="card" aria-labelledby="chart-title">
              <h3 id="chart-title">{t('chartTitle')}</h3>
              <p className="quiet">{t('chartText')}</p>
              <QuarterChart rows={value.quarters} now={serverNow()} />
            </section>
            <section className="card" aria-labelledby="table-title">
              <div className="card-head">
                <h3 id="table-title">{t('tableTitle')}</h3>
                <div className="segments" role="group" aria-label={t('groupBy')}>
                  {GROUPS.map(([option, words]) => (
                    <button
                      key={option}
                      type="button"
                      aria-pressed={option === group}
                      onClick={() => setGroup(option)}
                    >
                      {t(words)}
                    </button>
                  ))}
                </div>
              </div>
              {value.rows.length === 0 ? (
                <Empty icon="reports" title={t('reportsEmptyTitle')} text={t('reportsEmptyText')} />
              ) : (
                <FigureTable {...value} group={group} />
              )}
            </section>
          </>
        )}
      </div>
    </section>
  );
};

const today = (): { from: string; to: string } => {
  const start = new Date(serverNow());
  start.setHours(0, 0, 0, 0);
  return { from: start.toISOString(), to: new Date(serverNow() + 60_000).toISOString() };
};

const Tile = ({
  name,
  definition,
  value,
}: {
  name: MessageKey;
  definition: MessageKey;
  value: string;
}): ReactElement => {
  const { t } = useWords();
  return (
    <div className="tile">
      <dt>
        <Explained text={t(definition)}>{t(name)}</Explained>
      </dt>
      <dd>{value}</dd>
    </div>
  );
};

const FigureTable = ({
  rows,
  total,
  group,
}: {
  rows: readonly analytics.ReportRow[];
  total: analytics.Figures;
  group: Group;
}): ReactElement => {
  const { queues, people } = useDesk();
  const { t, formats } = useWords();
  const queueNames = useStore(queues);
  const names = useStore(people);
  const nameOf = (key = ''): string => {
    if (group === GroupBy.GROUP_BY_QUEUE) return queueNames.get(key)?.queue?.name ?? key;
    if (group === GroupBy.GROUP_BY_AGENT) return names.get(key) ?? (key || t('noAgent'));
    return formats.time(Date.parse(key));
  };
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t('groupBy')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t(GROUPS.find(([option]) => option === group)?.[1] ?? 'byQueue')}</th>
            {FIGURES.map(({ name, definition }) => (
              <th key={name} scope="col" className="number">
                <Explained text={t(definition)}>{t(name)}</Explained>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, figures = {} }) => (
            <tr key={key}>
              <th scope="row">{nameOf(key)}</th>
              {FIGURES.map(({ name, show }) => (
                <td key={name} className="number">
                  {show(figures, formats)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('total')}</th>
            {FIGURES.map(({ name, show }) => (
              <td key={name} className="number">
                {show(total, formats)}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
};
