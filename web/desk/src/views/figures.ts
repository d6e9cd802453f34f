import type { analytics } from '@parley/client';
import type { MessageKey } from '../i18n/translate.js';
import { type Formats, secondsOf } from '../lib/format.js';

/** A figure of the reports: how it is called, defined and shown. */
export interface FigureKind {
  readonly name: MessageKey;
  readonly definition: MessageKey;
  readonly show: (figures: analytics.Figures, formats: Formats) => string;
}

const count =
  (pick: (figures: analytics.Figures) => number | undefined): FigureKind['show'] =>
  (figures, formats) =>
    formats.number(pick(figures) ?? 0);
const share =
  (pick: (figures: analytics.Figures) => number | undefined): FigureKind['show'] =>
  (figures, formats) =>
    formats.percent(pick(figures));
const seconds =
  (pick: (figures: analytics.Figures) => number | undefined): FigureKind['show'] =>
  (figures, formats) =>
    secondsOf(pick(figures), formats);

/** In the order in which they stand in tables. */
export const FIGURES: readonly FigureKind[] = [
  { name: 'figOffered', definition: 'defOffered', show: count((f) => f.offered) },
  { name: 'figAnswered', definition: 'defAnswered', show: count((f) => f.answered) },
  { name: 'figAbandoned', definition: 'defAbandoned', show: count((f) => f.abandoned) },
  { name: 'figAbandonRate', definition: 'defAbandonRate', show: share((f) => f.abandonRate) },
  { name: 'figServiceLevel', definition: 'defServiceLevel', show: share((f) => f.serviceLevel) },
  { name: 'figWait', definition: 'defWait', show: seconds((f) => f.waitOfAnswered?.mean) },
  {
    name: 'figFirstResponse',
    definition: 'defFirstResponse',
    show: seconds((f) => f.firstResponseFromEntry?.p50),
  },
  { name: 'figResponse', definition: 'defResponse', show: seconds((f) => f.responseInChat?.p50) },
  { name: 'figHandleTime', definition: 'defHandleTime', show: seconds((f) => f.handleTime?.mean) },
  {
    name: 'figConcurrency',
    definition: 'defConcurrency',
    show: (f, formats) => (f.concurrency === undefined ? '–' : formats.number(f.concurrency, 2)),
  },
  { name: 'figCsat', definition: 'defCsat', show: share((f) => f.csat) },
  { name: 'figConversion', definition: 'defConversion', show: share((f) => f.conversionRate) },
];

/** Those that stand as tiles above the tables. */
export const TILES: readonly FigureKind[] = FIGURES.filter(({ name }) =>
  ['figOffered', 'figAnswered', 'figAbandonRate', 'figServiceLevel', 'figFirstResponse', 'figCsat'].includes(
    name,
  ),
);
