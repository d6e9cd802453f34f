import { lazy, type ReactElement, Suspense, useCallback } from 'react';
import { commandsOf } from '../desk/commands.js';
import { route } from '../desk/navigation.js';
import { preferences } from '../desk/preferences.js';
import { ui } from '../desk/ui-state.js';
import { matches } from '../lib/keys.js';
import { useDesk, useKeys, useStore, useWords } from '../ui/hooks.js';
import { Skeleton } from '../ui/parts.js';
import { chatOf } from '../state/route.js';
import { Banners } from './banners.js';
import { ChatsBehind } from './chats-behind.js';
import { CloseDialog } from './close-dialog.js';
import { Conversation } from './conversation.js';
import { CustomerPanel } from './customer-panel.js';
import { DeclineDialog } from './decline-dialog.js';
import { FollowUpsPage } from './follow-ups-page.js';
import { Header } from './header.js';
import { InboxList } from './inbox-list.js';
import { Navigation } from './navigation.js';
import { NoticeList } from './notice-list.js';
import { OfferCards } from './offer-cards.js';
import { Palette, Shortcuts } from './palette.js';
import { PasswordDialog } from './password-dialog.js';
import { ReportsPage } from './reports-page.js';
import { SearchPage } from './search-page.js';
import { SettingsPage } from './settings-page.js';
import { TakeOverDialog } from './take-over-dialog.js';
import { TransferDialog } from './transfer-dialog.js';

// Pages of supervisors and admins: nobody else loads them.
const WallPage = lazy(async () => ({ default: (await import('./wall/wall-page.js')).WallPage }));
const AdminPage = lazy(async () => ({ default: (await import('./admin/admin-page.js')).AdminPage }));

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The frame around all pages of the desk. */
export const Shell = (): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const { dialog, customerShown } = useStore(ui);
  const { panelOpen } = useStore(preferences);
  const now = useStore(route);
  const fail = desk.notices.refused;

  const onKey = useCallback(
    (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const command = commandsOf(desk, fail).find(
        ({ keys, enabled }) => keys !== undefined && enabled !== false && matches(keys, event),
      );
      if (!command) return;
      if (command.keys === '?' && isTyping(event.target)) return;
      event.preventDefault();
      if (command.keys === 'Escape' && isTyping(event.target)) (event.target as HTMLElement).blur();
      else command.run();
    },
    [desk, fail],
  );
  useKeys(onKey);

  const id = chatOf(now);
  const readOnly = now.view !== 'list' && now.view !== 'later';
  return (
    <div
      className="shell"
      data-view={now.view}
      data-open={id !== ''}
      data-panel={panelOpen}
      data-customer={customerShown}
    >
      <a className="skip" href="#main">
        {t('skipToMain')}
      </a>
      <Header />
      <Navigation />
      <div className="stage">
        <Banners />
        <main className="columns" id="main" tabIndex={-1}>
          {now.view === 'list' && <InboxList list={now.list} openId={now.id} />}
          {now.view === 'later' && <FollowUpsPage which={now.which} openId={now.id} />}
          {now.view === 'search' && <SearchPage query={now.query} openId={now.id} />}
          {now.view === 'behind' && <ChatsBehind from={now.from} to={now.to} openId={id} />}
          {now.view === 'reports' && <ReportsPage />}
          {now.view === 'settings' && <SettingsPage />}
          <Suspense fallback={<Skeleton lines={12} />}>
            {now.view === 'wall' && desk.viewer.supervises && <WallPage />}
            {now.view === 'admin' && desk.viewer.administers && (
              <AdminPage section={now.section} id={now.id} />
            )}
          </Suspense>
          {'id' in now && now.view !== 'admin' && <Conversation key={id} id={id} readOnly={readOnly} />}
          {id && <CustomerPanel key={`customer-${id}`} id={id} readOnly={readOnly} />}
        </main>
      </div>
      <OfferCards />
      <NoticeList />
      {dialog === 'palette' && <Palette fail={fail} />}
      {dialog === 'shortcuts' && <Shortcuts />}
      {dialog === 'close' && <CloseDialog id={id} fail={fail} />}
      {dialog === 'transfer' && <TransferDialog id={id} />}
      {dialog === 'takeOver' && <TakeOverDialog id={id} fail={fail} />}
      {dialog === 'password' && <PasswordDialog />}
      {dialog === 'decline' && <DeclineDialog fail={fail} />}
    </div>
  );
};
