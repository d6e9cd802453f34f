import type { ReactElement } from 'react';
import { openDialog } from '../desk/ui-state.js';
import { clockOf } from '../lib/format.js';
import { keysLabel } from '../lib/keys.js';
import { totalsOf } from '../state/queues.js';
import { useDesk, useNow, useStore, useWords } from '../ui/hooks.js';
import { Icon, Mark } from '../ui/icons.js';
import { Keys } from '../ui/parts.js';
import { isMac } from './platform.js';
import { PresenceSwitch } from './presence-switch.js';
import { WrapUpChip } from './wrap-up-chip.js';

/** The line at the top: how the queues stand, the palette, the own status. */
export const Header = (): ReactElement => {
  const { t } = useWords();
  return (
    <header className="header">
      <span className="brand">
        <Mark size={24} />
        <h1 className="brand-name">Parley</h1>
      </span>
      <QueueFigures />
      <button
        type="button"
        className="palette-button"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => openDialog('palette')}
      >
        <Icon name="search" />
        <span className="palette-words">{t('paletteButton')}</span>
        <Keys keys={keysLabel('Mod+K', isMac)} />
      </button>
      <WrapUpChip />
      <PresenceSwitch />
    </header>
  );
};

const QueueFigures = (): ReactElement => {
  const { t, formats } = useWords();
  const desk = useDesk();
  const queues = useStore(desk.queues);
  const freeAgents = useStore(desk.freeAgents);
  const now = useNow();
  const totals = totalsOf(queues);
  const oldest = totals.oldest ? now - Date.parse(totals.oldest) : undefined;
  const list = [...queues.values()];
  return (
    <dl className="figures" aria-label={t('queuesNow')}>
      <div className="figure" data-alarm={(oldest ?? 0) > 60_000}>
        <dt>{t('waiting')}</dt>
        <dd>{formats.number(totals.waiting)}</dd>
      </div>
      <div className="figure" data-alarm={(oldest ?? 0) > 60_000}>
        <dt>{t('longestWait')}</dt>
        <dd>{oldest === undefined ? '–' : clockOf(oldest)}</dd>
      </div>
      <div className="figure">
        <dt>{t('agentsFree')}</dt>
        <dd>{formats.number(freeAgents)}</dd>
      </div>
      {list.length > 1 &&
        list.map((state) => (
          <div className="figure figure-queue" key={state.queue?.queueId}>
            <dt>{state.queue?.name || state.queue?.queueId}</dt>
            <dd>
              <span title={t('waiting')}>
                <Icon name="clock" size={13} label={t('waiting')} /> {formats.number(state.waiting ?? 0)}
                {state.waiting && state.oldestEnteredAt
                  ? ` · ${clockOf(now - Date.parse(state.oldestEnteredAt))}`
                  : ''}
              </span>
              <span title={t('agentsFree')}>
                <Icon name="user" size={13} label={t('agentsFree')} /> {formats.number(state.freeAgents ?? 0)}
              </span>
            </dd>
          </div>
        ))}
    </dl>
  );
};
