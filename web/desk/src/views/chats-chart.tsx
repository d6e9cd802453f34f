import type { analytics } from '@parley/client';
import type { ReactElement } from 'react';
import { linkTo } from '../desk/navigation.js';
import type { MessageKey } from '../i18n/translate.js';
import { type Bar, barsOf, type Span, ticksOf } from '../lib/chart.js';
import { type Route } from '../state/route.js';
import { useWords } from '../ui/hooks.js';

const WIDTH = 960;
const HEIGHT = 200;
const LEFT = 32;
const BOTTOM = 22;
const TOP = 8;

const SERIES: readonly { part: 'answered' | 'missed' | 'waiting'; label: MessageKey }[] = [
  { part: 'answered', label: 'figAnswered' },
  { part: 'missed', label: 'missed' },
  { part: 'waiting', label: 'waiting' },
];

const sum = (bar: Bar): number => bar.answered + bar.missed + bar.waiting;

/** Chats by the time of their queue entry, stacked by what became of them; a bar leads to its chats. */
export const ChatsChart = ({
  rows,
  span,
  title,
  nameOf,
}: {
  rows: readonly analytics.ReportRow[];
  span: Span;
  title: string;
  /** What the axis says of a bar that begins then. */
  nameOf: (at: number) => string;
}): ReactElement => {
  const { t, formats } = useWords();
  const bars = barsOf(rows, span);
  const ticks = ticksOf(Math.max(...bars.map(sum)));
  const most = ticks.at(-1) ?? 1;
  const slot = (WIDTH - LEFT) / bars.length;
  const y = (value: number): number => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / most);
  const labelEvery = Math.max(1, Math.ceil(bars.length / 12));
  const saying = (bar: Bar): string =>
    `${nameOf(bar.at)} · ${SERIES.map(({ part, label }) => `${t(label)} ${formats.number(bar[part])}`).join(' · ')}`;
  return (
    <figure className="chart" tabIndex={0} aria-label={title}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={title}>
        {ticks.map((tick) => (
          <g key={tick} aria-hidden="true">
            <line className="chart-grid" x1={LEFT} x2={WIDTH} y1={y(tick)} y2={y(tick)} />
            <text className="chart-label" x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
              {formats.number(tick)}
            </text>
          </g>
        ))}
        {bars.map((bar, index) => {
          const x = LEFT + index * slot;
          return (
            <g key={bar.at}>
              {sum(bar) > 0 && (
                <Behind from={bar.at} to={bar.at + span.step} saying={saying(bar)}>
                  <rect className="chart-slot" x={x} y={TOP} width={slot} height={HEIGHT - TOP - BOTTOM} />
                  <Stack bar={bar} x={x} slot={slot} y={y} />
                </Behind>
              )}
              {index % labelEvery === 0 && (
                <text
                  aria-hidden="true"
                  className="chart-label"
                  x={x + slot / 2}
                  y={HEIGHT - 6}
                  textAnchor="middle"
                >
                  {nameOf(bar.at)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <figcaption className="legend">
        {SERIES.map(({ part, label }) => (
          <span key={part}>
            <i className={`legend-${part}`} aria-hidden="true" /> {t(label)}
          </span>
        ))}
      </figcaption>
    </figure>
  );
};

const Behind = ({
  from,
  to,
  saying,
  children,
}: {
  from: number;
  to: number;
  saying: string;
  children: readonly ReactElement[];
}): ReactElement => {
  const point: Route = {
    view: 'behind',
    id: '',
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  };
  return (
    <a className="chart-bar" {...linkTo(point)} aria-label={saying}>
      <title>{saying}</title>
      {children}
    </a>
  );
};

const Stack = ({
  bar,
  x,
  slot,
  y,
}: {
  bar: Bar;
  x: number;
  slot: number;
  y: (value: number) => number;
}): ReactElement => {
  const width = Math.min(28, slot * 0.7);
  return (
    <>
      {SERIES.map(({ part }, index) => {
        const from = SERIES.slice(0, index).reduce((total, { part: below }) => total + bar[below], 0);
        const top = y(from + bar[part]);
        return (
          <rect
            key={part}
            className={`chart-${part}`}
            x={x + (slot - width) / 2}
            y={top}
            width={width}
            height={Math.max(0, y(from) - top)}
          />
        );
      })}
    </>
  );
};
