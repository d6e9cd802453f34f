import type { analytics } from '@parley/client';
import type { ReactElement } from 'react';
import type { MessageKey } from '../i18n/translate.js';
import { type Bar, barsOf, ticksOf } from '../lib/chart.js';
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

/** Chats by quarter hour of their queue entry, stacked by what became of them. */
export const QuarterChart = ({
  rows,
  now,
}: {
  rows: readonly analytics.ReportRow[];
  now: number;
}): ReactElement => {
  const { t, formats } = useWords();
  const bars = barsOf(rows, now);
  const sum = (bar: Bar): number => bar.answered + bar.missed + bar.waiting;
  const ticks = ticksOf(Math.max(...bars.map(sum)));
  const most = ticks.at(-1) ?? 1;
  const slot = (WIDTH - LEFT) / bars.length;
  const y = (value: number): number => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / most);
  const labelEvery = Math.max(1, Math.ceil(bars.length / 12));
  return (
    <figure className="chart" tabIndex={0} aria-label={t('chartTitle')}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t('chartTitle')}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line className="chart-grid" x1={LEFT} x2={WIDTH} y1={y(tick)} y2={y(tick)} />
            <text className="chart-label" x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
              {formats.number(tick)}
            </text>
          </g>
        ))}
        {bars.map((bar, index) => {
          const x = LEFT + index * slot;
          const width = Math.min(28, slot * 0.7);
          let base = 0;
          return (
            <g key={bar.at}>
              <title>
                {`${formats.time(bar.at)} · ${SERIES.map(({ part, label }) => `${t(label)} ${bar[part]}`).join(' · ')}`}
              </title>
              <rect className="chart-slot" x={x} y={TOP} width={slot} height={HEIGHT - TOP - BOTTOM} />
              {SERIES.map(({ part }) => {
                const from = base;
                base += bar[part];
                return (
                  <rect
                    key={part}
                    className={`chart-${part}`}
                    x={x + (slot - width) / 2}
                    y={y(base)}
                    width={width}
                    height={Math.max(0, y(from) - y(base))}
                  />
                );
              })}
              {index % labelEvery === 0 && (
                <text className="chart-label" x={x + slot / 2} y={HEIGHT - 6} textAnchor="middle">
                  {formats.time(bar.at)}
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
