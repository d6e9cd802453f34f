import { analytics } from '@parley/client';
import { type ReactElement, useCallback, useState } from 'react';
import { serverNow } from '../desk/clock.js';
import type { MessageKey } from '../i18n/translate.js';
import { daysOf, quartersOf } from '../lib/chart.js';
import { type Formats, secondsOf } from '../lib/format.js';
import { useDesk, useStore, useWords } from '../ui/hooks.js';
import { Empty, Explained, Failure, Skeleton } from '../ui/parts.js';
import { useRemote } from '../ui/remote.js';
import { FIGURES, TILES } from './figures.js';
import { ChatsChart } from './chats-chart.js';

const EVERY_MS = 15_000;
const { GroupBy } = analytics;
type Group = 'GROUP_BY_QUEUE' | 'GROUP_BY_AGENT' | 'time';
/** Days until now. */
const RANGES = [1, 7, 30] as const;
type Days = (typeof RANGES)[number];
const groupsOf = (days: Days): readonly (readonly [Group, MessageKey])[] => [
  [GroupBy.GROUP_BY_QUEUE, 'byQueue'],
  [GroupBy.GROUP_BY_AGENT, 'byAgent'],
  ['time', days === 1 ? 'byQuarterHour' : 'byDay'],
];

/** Figures: live, over today or some days, and by queue, agent or time. */
export const ReportsPage = (): ReactElement => {
  const { connection } = useDesk();
  const { t, formats } = useWords();
  const [group, setGroup] = useState<Group>(GroupBy.GROUP_BY_QUEUE);
  const [days, setDays] = useState<Days>(1);
  const load = useCallback(async () => {
    const now = serverNow();
    const from = new Date(daysOf(days, now).first).toISOString();
    const to = new Date(now + 60_000).toISOString();
    const byTime = days === 1 ? GroupBy.GROUP_BY_QUARTER_HOUR : GroupBy.GROUP_BY_DAY;
    const report = (groupBy: analytics.GroupBy) =>
      connection.call('parley.analytics.v1.AnalyticsService/GetReport', { from, to, groupBy });
    const [live, timed, grouped] = await Promise.all([
      connection.call('parley.analytics.v1.AnalyticsService/GetLiveFigures', {}),
      report(byTime),
      group === 'time' ? undefined : report(group),
    ]);
    const times = timed.rows ?? [];
    const rows = grouped?.rows ?? (group === 'time' ? times : []);
    return {
      live,
      times,
      rows,
      total: timed.total ?? {},
      days,
      span: days === 1 ? quartersOf(times, now) : daysOf(days, now),
    };
  }, [connection, group, days]);
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
          <div className="page-tools">
            {value?.live.at && (
              <p className="quiet">{t('asOf', { time: formats.time(Date.parse(value.live.at)) })}</p>
            )}
            <div className="segments" role="group" aria-label={t('reportRange')}>
              {RANGES.map((option) => (
                <button
                  key={option}
                  type="button"
                  aria-pressed={option === days}
                  onClick={() => setDays(option)}
                >
                  {option === 1 ? t('rangeToday') : t('rangeDays', { count: option })}
                </button>
              ))}
            </div>
          </div>
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
                <Tile key={name} {...{ name, definition }} value={show(value.total, formats)} />
              ))}
            </dl>
            <section className="card" aria-labelledby="chart-title">
              <h3 id="chart-title">{t(value.days === 1 ? 'chartTitle' : 'chartByDay')}</h3>
              <p className="quiet">{t('chartText')}</p>
              <ChatsChart
                rows={value.times}
                span={value.span}
                title={t(value.days === 1 ? 'chartTitle' : 'chartByDay')}
                nameOf={(at) => timeName(at, value.days, formats)}
              />
            </section>
            <section className="card" aria-labelledby="table-title">
              <div className="card-head">
                <h3 id="table-title">{t('tableTitle')}</h3>
                <div className="segments" role="group" aria-label={t('groupBy')}>
                  {groupsOf(days).map(([option, words]) => (
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

/** What a quarter hour, or a day, is called. */
const timeName = (at: number, days: Days, formats: Formats): string =>
  days === 1 ? formats.time(at) : formats.utcDay(at);

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
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  );
};

const FigureTable = ({
  rows,
  total,
  group,
  days,
}: {
  rows: readonly analytics.ReportRow[];
  total: analytics.Figures;
  group: Group;
  days: Days;
}): ReactElement => {
  const { queues, people } = useDesk();
  const { t, formats } = useWords();
  const queueNames = useStore(queues);
  const names = useStore(people);
  const nameOf = (key = ''): string => {
    if (group === GroupBy.GROUP_BY_QUEUE) return queueNames.get(key)?.queue?.name ?? key;
    if (group === GroupBy.GROUP_BY_AGENT) return names.get(key) ?? (key || t('noAgent'));
    return timeName(Date.parse(key), days, formats);
  };
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t('groupBy')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t(groupsOf(days).find(([option]) => option === group)?.[1] ?? 'byQueue')}</th>
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
                  <bdi>{show(figures, formats)}</bdi>
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
                <bdi>{show(total, formats)}</bdi>
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
};
