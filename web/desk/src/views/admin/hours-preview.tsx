import type { routing, routingEvents } from '@parley/client';
import { type ReactElement, useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { clockShift, minutesOf } from '../../state/admin/hours.js';
import { useDesk } from '../../ui/hooks.js';
import { Icon } from '../../ui/icons.js';
import { Skeleton } from '../../ui/parts.js';
import { useRemote } from '../../ui/remote.js';
import { DayBar } from './day-periods.js';
import { useAdminWords } from './words.js';

const DEBOUNCE_MS = 400;

/** A value that follows another one once that has rested for a moment. */
const useRested = <T,>(value: T, ms: number): T => {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
};

/** What the hours come to on each of the next fourteen days, as the server reckons it; also before they are saved. */
export const HoursPreview = ({ schedule }: { schedule: routingEvents.Schedule }): ReactElement => {
  const { connection } = useDesk();
  const { t, tag } = useAdminWords();
  const asked = useRested(JSON.stringify(schedule), DEBOUNCE_MS);
  const load = useCallback(
    () =>
      connection.call('parley.routing.v1.RoutingService/PreviewSchedule', {
        schedule: { ...(JSON.parse(asked) as routingEvents.Schedule) },
        days: 14,
      }),
    [connection, asked],
  );
  const [remote] = useRemote(load);
  // The last preview stays while the next one is on its way.
  const shown = useDeferredValue(remote.value);
  const zone = schedule.timeZone ?? '';
  const when = useMemo(
    () => formatOf(tag, zone, { weekday: 'long', hour: '2-digit', minute: '2-digit' }),
    [tag, zone],
  );
  if (remote.status === 'failed')
    return <p className="quiet">{t('previewFailed', { why: remote.message })}</p>;
  if (!shown) return <Skeleton lines={6} />;
  const changes = shown.changesAt && when ? when.format(Date.parse(shown.changesAt)) : '';
  return (
    <div className="preview">
      <p className="preview-now" data-open={shown.openNow ?? false}>
        <Icon name={shown.openNow ? 'check' : 'clock'} size={13} />{' '}
        {changes
          ? t(shown.openNow ? 'openUntil' : 'opensAgain', { time: changes })
          : t(shown.openNow ? 'openAlways' : 'neverOpen')}
      </p>
      <ol className="preview-days">
        {(shown.days ?? []).map((day) => (
          <PreviewDay key={day.date} day={day} zone={zone} />
        ))}
      </ol>
    </div>
  );
};

const formatOf = (
  language: string,
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat | undefined => {
  try {
    return new Intl.DateTimeFormat(language, { ...options, timeZone });
  } catch {
    return undefined;
  }
};

const PreviewDay = ({ day, zone }: { day: routing.ScheduleDay; zone: string }): ReactElement => {
  const { t, tag } = useAdminWords();
  const { date = '', periods = [], exception, clockChange } = day;
  const dayFormat = formatOf(tag, 'UTC', { weekday: 'short', day: 'numeric', month: 'short' });
  const clock = formatOf('en-GB', zone, { hour: '2-digit', minute: '2-digit' });
  const texts = periods.map(({ from = '', to = '' }) => {
    const [start, end] = [from, to].map((at) => clock?.format(Date.parse(at)) ?? '');
    return { start: start ?? '', end: end === '00:00' ? '24:00' : (end ?? '') };
  });
  const shift = clockChange ? clockShift(zone, date) : 0;
  return (
    <li className="preview-day" data-closed={periods.length === 0}>
      <span className="preview-date">{dayFormat?.format(Date.parse(`${date}T00:00:00Z`)) ?? date}</span>
      <DayBar
        periods={texts.map(({ start, end }) => ({ fromMinute: minutesOf(start), toMinute: minutesOf(end) }))}
      />
      <span className="preview-times">
        {texts.length === 0
          ? t('closedAllDay')
          : texts.map(({ start, end }) => <span key={start}>{`${start}–${end}`}</span>)}
      </span>
      <span className="preview-notes">
        {exception && <span className="tag">{exception}</span>}
        {clockChange && (
          <span className="tag tag-warn">
            <Icon name="clock" size={12} />{' '}
            {shift === 0
              ? t('clocksChange')
              : t(shift > 0 ? 'clocksForward' : 'clocksBack', { count: Math.abs(shift) })}
          </span>
        )}
      </span>
    </li>
  );
};
