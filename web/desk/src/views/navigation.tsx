import { type ReactElement, useCallback } from 'react';
import { linkTo, navigate, route } from '../desk/navigation.js';
import { openDialog } from '../desk/ui-state.js';
import type { MessageKey } from '../i18n/translate.js';
import { signOut } from '../session/session.js';
import { type List, listsOf, unreadOf } from '../state/inbox.js';
import { type Route } from '../state/route.js';
import { useDesk, useSelect, useStore, useWords } from '../ui/hooks.js';
import { Icon, type IconName } from '../ui/icons.js';
import { Menu } from '../ui/menu.js';
import { Avatar } from '../ui/parts.js';

const LISTS: Record<List, { icon: IconName; label: MessageKey; short: MessageKey }> = {
  mine: { icon: 'chats', label: 'myChats', short: 'shortMine' },
  queue: { icon: 'queue', label: 'queue', short: 'shortQueue' },
  closed: { icon: 'closed', label: 'closed', short: 'shortClosed' },
  all: { icon: 'live', label: 'allLive', short: 'shortAll' },
};

/** The lists and pages; a bar at the bottom on a phone. */
export const Navigation = (): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const now = useStore(route);
  const { user, tenant } = desk.login;
  return (
    <nav className="navigation" aria-label={t('navigation')}>
      <ul>
        {listsOf(desk.viewer).map((list) => (
          <li key={list}>
            <Entry
              to={{ view: 'list', list, id: '' }}
              icon={LISTS[list].icon}
              label={t(LISTS[list].label)}
              short={t(LISTS[list].short)}
              current={now.view === 'list' && now.list === list}
            >
              {list !== 'closed' && <Count list={list} />}
            </Entry>
          </li>
        ))}
        <li>
          <Entry
            to={{ view: 'later', which: 'open', id: '' }}
            icon="later"
            label={t('later')}
            short={t('shortLater')}
            current={now.view === 'later'}
          >
            <LaterCount />
          </Entry>
        </li>
        <li className="navigation-gap">
          <Entry
            to={{ view: 'search', id: '', query: '' }}
            icon="search"
            label={t('search')}
            current={now.view === 'search'}
          />
        </li>
        {desk.viewer.supervises && (
          <li className="navigation-page">
            <Entry to={{ view: 'wall' }} icon="wall" label={t('wall')} current={now.view === 'wall'} />
          </li>
        )}
        {desk.viewer.supervises && (
          <li className="navigation-page">
            <Entry
              to={{ view: 'reports' }}
              icon="reports"
              label={t('reports')}
              current={now.view === 'reports' || now.view === 'behind'}
            />
          </li>
        )}
        {desk.viewer.administers && (
          <li className="navigation-page">
            <Entry
              to={{ view: 'admin', section: 'agents', id: '' }}
              icon="admin"
              label={t('administration')}
              current={now.view === 'admin'}
            />
          </li>
        )}
        <li className="navigation-page">
          <Entry
            to={{ view: 'settings' }}
            icon="settings"
            label={t('settings')}
            current={now.view === 'settings'}
          />
        </li>
      </ul>
      <div className="navigation-user">
        <Menu
          above
          spoken={false}
          label={t('account', { name: user.name })}
          className="account"
          button={
            <>
              <Avatar id={user.userId} name={user.name} size={26} />
              <span className="account-words">
                <span>{user.name}</span>
                <span className="account-tenant">{tenant}</span>
              </span>
            </>
          }
          items={[
            ...(desk.viewer.supervises
              ? [
                  {
                    id: 'wall',
                    label: t('wall'),
                    icon: <Icon name="wall" />,
                    run: () => navigate({ view: 'wall' }),
                  },
                  {
                    id: 'reports',
                    label: t('reports'),
                    icon: <Icon name="reports" />,
                    run: () => navigate({ view: 'reports' }),
                  },
                ]
              : []),
            ...(desk.viewer.administers
              ? [
                  {
                    id: 'admin',
                    label: t('administration'),
                    icon: <Icon name="admin" />,
                    run: () => navigate({ view: 'admin', section: 'agents', id: '' }),
                  },
                ]
              : []),
            {
              id: 'settings',
              label: t('settings'),
              icon: <Icon name="settings" />,
              run: () => navigate({ view: 'settings' }),
            },
            {
              id: 'password',
              label: t('changePassword'),
              icon: <Icon name="key" />,
              run: () => openDialog('password'),
            },
            { id: 'out', label: t('signOut'), icon: <Icon name="out" />, run: () => void signOut() },
          ]}
        />
      </div>
    </nav>
  );
};

const Entry = ({
  to,
  icon,
  label,
  short = label,
  current,
  children,
}: {
  to: Route;
  icon: IconName;
  label: string;
  /** Where there is little room. */
  short?: string;
  current: boolean;
  children?: ReactElement | false;
}): ReactElement => (
  <a {...linkTo(to)} aria-current={current ? 'page' : undefined}>
    <Icon name={icon} />
    <span className="navigation-label">{label}</span>
    <span className="navigation-short">{short}</span>
    {children}
  </a>
);

/** Open follow-ups; those past their time stand out. */
const LaterCount = (): ReactElement => {
  const { followUps } = useDesk();
  const { t, formats } = useWords();
  const { open, overdue } = useStore(followUps);
  if (overdue > 0)
    return (
      <span className="badge badge-late" title={t('overdueCount', { count: overdue })}>
        {formats.number(overdue)}
        <span className="hidden"> {t('overdueWord')}</span>
      </span>
    );
  return <span className="count">{open && open.length > 0 && formats.number(open.length)}</span>;
};

const Count = ({ list }: { list: List }): ReactElement => {
  const { inbox } = useDesk();
  const { t, formats } = useWords();
  const size = useSelect(
    inbox,
    useCallback((known) => known.lists[list]?.size ?? 0, [list]),
  );
  const unread = useSelect(
    inbox,
    useCallback((known) => (list === 'mine' ? unreadOf(known) : 0), [list]),
  );
  if (unread > 0)
    return (
      <span className="badge" title={t('unreadCount', { count: unread })}>
        {formats.number(unread)}
        <span className="hidden"> {t('unreadWord')}</span>
      </span>
    );
  return <span className="count">{size > 0 && formats.number(size)}</span>;
};
