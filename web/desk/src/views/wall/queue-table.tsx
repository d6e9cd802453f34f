import type { ReactElement } from 'react';
import { clockOf } from '../../lib/format.js';
import { alarmOf, type QueueFigures, type QueueState } from '../../state/wall.js';
import { useNow } from '../../ui/hooks.js';
import { Icon } from '../../ui/icons.js';
import { useDrop } from './use-drop.js';
import { useWallRows } from './wall-context.js';
import { useWallWords } from './words.js';

/** Every queue with its hours, who waits, how today goes, and what a further chat has to expect. */
export const QueueTable = ({ figures }: { figures: QueueFigures }): ReactElement => {
  const { queues } = useWallRows();
  const { t } = useWallWords();
  return (
    <section className="card wall-card wall-queues" aria-labelledby="wall-queues">
      <h3 id="wall-queues">{t('queues')}</h3>
      <div className="wall-table" role="table" aria-labelledby="wall-queues">
        <div className="wall-row wall-columns" role="row">
          <span role="columnheader">{t('queueWord')}</span>
          <span role="columnheader" className="number">
            {t('waiting')}
          </span>
          <span role="columnheader" className="number">
            {t('longestWait')}
          </span>
          <span role="columnheader" className="number">
            {t('serviceLevel')}
          </span>
          <span role="columnheader" className="number">
            {t('abandonRate')}
          </span>
          <span role="columnheader" className="number">
            {t('freeAgents')}
          </span>
          <span role="columnheader">{t('estimate')}</span>
        </div>
        {queues.map((state) => (
          <QueueRow
            key={state.queue?.queueId}
            state={state}
            figures={figures.get(state.queue?.queueId ?? '')}
          />
        ))}
      </div>
    </section>
  );
};

const QueueRow = ({
  state,
  figures,
}: {
  state: QueueState;
  figures: ReturnType<QueueFigures['get']>;
}): ReactElement => {
  const { t, formats } = useWallWords();
  const now = useNow();
  const { queue = {}, waiting = 0, oldestEnteredAt, agentsAvailable = 0, freeCapacity = 0 } = state;
  const drop = useDrop({ kind: 'queue', id: queue.queueId ?? '' });
  const longest = waiting > 0 && oldestEnteredAt ? now - Date.parse(oldestEnteredAt) : undefined;
  const alarm = longest === undefined ? 0 : alarmOf(longest, queue.serviceLevelSeconds ?? 0);
  return (
    <div className="wall-row" role="row" data-alarm={alarm} {...drop}>
      <span role="rowheader" className="wall-name">
        <strong dir="auto">{queue.name || queue.queueId}</strong>
        <HoursOf state={state} now={now} />
      </span>
      <Cell label={t('waiting')}>{formats.number(waiting)}</Cell>
      <Cell label={t('longestWait')} className="wall-longest">
        {longest === undefined ? (
          '–'
        ) : (
          <>
            {alarm > 0 && <Icon name="alert" size={12} label={t('overServiceLevel')} />} {clockOf(longest)}
          </>
        )}
      </Cell>
      <Cell label={t('serviceLevel')}>{formats.percent(figures?.serviceLevel)}</Cell>
      <Cell label={t('abandonRate')}>{formats.percent(figures?.abandonRate)}</Cell>
      <Cell label={t('freeAgents')} title={t('freeSlots', { count: freeCapacity })}>
        {formats.number(agentsAvailable)}
        <span className="quiet"> · {formats.number(freeCapacity)}</span>
      </Cell>
      <EstimateOf state={state} />
    </div>
  );
};

const Cell = ({
  label,
  className = '',
  title,
  children,
}: {
  label: string;
  className?: string;
  title?: string;
  children: React.ReactNode;
}): ReactElement => (
  <span role="cell" className={`number ${className}`} data-label={label} title={title}>
    {children}
  </span>
);

const HoursOf = ({
  state: { open, hoursChangeAt },
  now,
}: {
  state: QueueState;
  now: number;
}): ReactElement => {
  const { t, formats } = useWallWords();
  const change = hoursChangeAt ? Date.parse(hoursChangeAt) : undefined;
  const time = change === undefined ? '' : wordOf(change, now, formats);
  const words = open
    ? change === undefined
      ? t('openAlways')
      : t('openUntil', { time })
    : change === undefined
      ? t('closedForGood')
      : t('closedUntil', { time });
  return (
    <span className="wall-hours" data-open={open ?? false}>
      <Icon name={open ? 'check' : 'clock'} size={12} /> {words}
    </span>
  );
};

const wordOf = (at: number, now: number, formats: ReturnType<typeof useWallWords>['formats']): string =>
  at - now < 18 * 3_600_000 ? formats.time(at) : `${formats.day(at, now)}, ${formats.time(at)}`;

const EstimateOf = ({ state: { estimate, estimateCoverage } }: { state: QueueState }): ReactElement => {
  const { t, formats } = useWallWords();
  return (
    <span role="cell" className="wall-estimate" data-label={t('estimate')}>
      {estimate
        ? t('estimateRange', {
            low: clockOf((estimate.lowSeconds ?? 0) * 1000),
            high: clockOf((estimate.highSeconds ?? 0) * 1000),
          })
        : t('noEstimate')}
      {estimateCoverage !== undefined && (
        <span className="quiet" title={t('coverageText')}>
          {' '}
          {t('coverage', { share: formats.percent(estimateCoverage) })}
        </span>
      )}
    </span>
  );
};
