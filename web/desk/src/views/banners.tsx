import { routingEvents } from '@parley/client';
import { type ReactElement, useEffect, useState } from 'react';
import { useDesk, useStore, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { useOwnStatus } from './presence-switch.js';

const { AgentStatus } = routingEvents;
/** Short breaks of the connection are not worth a banner, ms. */
const PATIENCE_MS = 1_500;

/** What the viewer must know above everything else. */
export const Banners = (): ReactElement => (
  <div className="banners" aria-live="polite">
    <OfflineBanner />
    <NotRespondingBanner />
  </div>
);

const OfflineBanner = (): ReactElement | null => {
  const { state, connection } = useDesk();
  const { t } = useWords();
  const offline = useStore(state) !== 'online';
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(offline), offline ? PATIENCE_MS : 0);
    return () => clearTimeout(timer);
  }, [offline]);
  if (!shown) return null;
  return (
    <div className="banner" data-kind="warn">
      <Icon name="offline" />
      <span>
        <strong>{t('offlineTitle')}</strong> {t('offlineText')}
      </span>
      <button type="button" className="button small" onClick={() => connection.retryNow()}>
        {t('retryNow')}
      </button>
    </div>
  );
};

const NotRespondingBanner = (): ReactElement | null => {
  const desk = useDesk();
  const { t } = useWords();
  if (useOwnStatus() !== AgentStatus.AGENT_STATUS_NOT_RESPONDING) return null;
  return (
    <div className="banner" data-kind="danger" role="alert">
      <Icon name="alert" />
      <span>
        <strong>{t('notRespondingTitle')}</strong> {t('notRespondingText')}
      </span>
      <button
        type="button"
        className="button small primary"
        onClick={() => void desk.setStatus(AgentStatus.AGENT_STATUS_AVAILABLE).catch(desk.notices.refused)}
      >
        {t('backToAvailable')}
      </button>
    </div>
  );
};
