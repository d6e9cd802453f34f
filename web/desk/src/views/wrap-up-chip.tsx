import type { ReactElement } from 'react';
import { clockOf } from '../lib/format.js';
import { keysLabel } from '../lib/keys.js';
import { useDesk, useNow, useStore, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { isMac } from './platform.js';

/** The viewer's after-chat work with its countdown, and the way to end it. */
export const WrapUpChip = (): ReactElement | null => {
  const { wrapUps } = useDesk();
  const [first] = useStore(wrapUps);
  return first ? <Chip key={first.conversationId} id={first.conversationId} until={first.until} /> : null;
};

const Chip = ({ id, until }: { id: string; until: number }): ReactElement => {
  const { wrapUps, notices } = useDesk();
  const { t } = useWords();
  const left = Math.max(0, until - useNow());
  return (
    <span className="wrap-up">
      <Icon name="clock" size={14} />
      <span role="timer">
        <span className="wrap-up-word">{t('wrapUp')}</span> {clockOf(left)}
      </span>
      <button
        type="button"
        className="button small"
        title={keysLabel('Alt+R', isMac)}
        onClick={() => void wrapUps.end(id).catch(notices.refused)}
      >
        {t('wrapUpDone')}
      </button>
    </span>
  );
};
