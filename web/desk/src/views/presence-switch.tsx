import { routingEvents } from '@parley/client';
import { type ReactElement, useCallback } from 'react';
import type { MessageKey } from '../i18n/translate.js';
import { useDesk, useSelect, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { Menu, type MenuItem } from '../ui/menu.js';

const { AgentStatus: Status } = routingEvents;

export const STATUS_WORDS: Record<routingEvents.AgentStatus, MessageKey> = {
  AGENT_STATUS_UNSPECIFIED: 'offline',
  AGENT_STATUS_OFFLINE: 'offline',
  AGENT_STATUS_AVAILABLE: 'available',
  AGENT_STATUS_AWAY: 'away',
  AGENT_STATUS_BUSY: 'busy',
  AGENT_STATUS_NOT_RESPONDING: 'notResponding',
};

const CHOICES: readonly { status: routingEvents.AgentStatus; label: MessageKey; detail: MessageKey }[] = [
  { status: Status.AGENT_STATUS_AVAILABLE, label: 'available', detail: 'availableDetail' },
  { status: Status.AGENT_STATUS_BUSY, label: 'busy', detail: 'busyDetail' },
  { status: Status.AGENT_STATUS_AWAY, label: 'away', detail: 'awayDetail' },
  { status: Status.AGENT_STATUS_OFFLINE, label: 'offline', detail: 'offlineDetail' },
];

/** A dot whose form, not only its colour, tells the status. */
export const StatusDot = ({ status }: { status: routingEvents.AgentStatus }): ReactElement => (
  <span className="status-dot" data-status={status} aria-hidden="true" />
);

/** The viewer's own status. */
export const useOwnStatus = (): routingEvents.AgentStatus => {
  const { agents, viewer } = useDesk();
  return useSelect(
    agents,
    useCallback((known) => known.get(viewer.userId)?.status ?? Status.AGENT_STATUS_OFFLINE, [viewer]),
  );
};

/** True while the viewer is away for want of activity, or until their last chat is over. */
const useAwayBecause = (reason: 'automatic' | 'finishing'): boolean => {
  const { agents, viewer } = useDesk();
  return useSelect(
    agents,
    useCallback((known) => known.get(viewer.userId)?.[reason] ?? false, [viewer, reason]),
  );
};

/** Sets the own status. */
export const PresenceSwitch = (): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const own = useOwnStatus();
  const finishing = useAwayBecause('finishing');
  const automatic = useAwayBecause('automatic');
  const word = t(finishing ? 'finishing' : STATUS_WORDS[own]);
  const fail = desk.notices.refused;
  const finish: MenuItem = {
    id: 'finish',
    label: t('finishChats'),
    detail: t('finishDetail'),
    checked: finishing,
    icon: <StatusDot status={Status.AGENT_STATUS_AWAY} />,
    run: () => void desk.setStatus(Status.AGENT_STATUS_AWAY, { finishing: true }).catch(fail),
  };
  return (
    <Menu
      label={t('statusLabel', { status: word })}
      className="presence"
      button={
        <>
          <StatusDot status={own} />
          <span className="presence-word" title={automatic ? t('awayAutomatic') : undefined}>
            {word}
          </span>
          <Icon name="down" size={14} />
        </>
      }
      items={CHOICES.flatMap(({ status, label, detail }): MenuItem[] => {
        const choice: MenuItem = {
          id: status,
          label: t(label),
          detail: t(detail),
          checked: status === own && !(finishing && status === Status.AGENT_STATUS_AWAY),
          icon: <StatusDot status={status} />,
          run: () => void desk.setStatus(status).catch(fail),
        };
        return status === Status.AGENT_STATUS_AWAY ? [choice, finish] : [choice];
      })}
    />
  );
};
