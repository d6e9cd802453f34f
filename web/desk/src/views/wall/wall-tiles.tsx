import type { analytics } from '@parley/client';
import type { ReactElement } from 'react';
import { clockOf } from '../../lib/format.js';
import type { WallTotals } from '../../state/wall.js';
import { useNow } from '../../ui/hooks.js';
import { Icon } from '../../ui/icons.js';
import { useWallWords } from './words.js';

/** The numbers that are read from across the room. */
export const WallTiles = ({
  totals,
  today,
}: {
  totals: WallTotals;
  today: analytics.Figures;
}): ReactElement => {
  const { t, formats } = useWallWords();
  const now = useNow();
  const longest = totals.oldest ? now - totals.oldest : 0;
  const tiles: readonly { readonly word: string; readonly value: string; readonly alarm?: boolean }[] = [
    { word: t('waiting'), value: formats.number(totals.waiting), alarm: longest > 60_000 },
    { word: t('longestWait'), value: totals.oldest ? clockOf(longest) : '–', alarm: longest > 60_000 },
    { word: t('activeChats'), value: formats.number(totals.active) },
    {
      word: t('availableOf'),
      value: `${formats.number(totals.available)} / ${formats.number(totals.online)}`,
    },
    { word: t('overdueReplies'), value: formats.number(totals.overdue), alarm: totals.overdue > 0 },
    { word: t('serviceLevelToday'), value: formats.percent(today.serviceLevel) },
    { word: t('abandonRateToday'), value: formats.percent(today.abandonRate) },
  ];
  return (
    <dl className="wall-tiles">
      {tiles.map(({ word, value, alarm = false }) => (
        <div key={word} className="tile" data-alarm={alarm}>
          <dt>{word}</dt>
          <dd>
            {alarm && <Icon name="alert" size={15} label={t('needsALook')} />} {value}
          </dd>
        </div>
      ))}
    </dl>
  );
};
