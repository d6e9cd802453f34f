import { routingEvents } from '@parley/client';
import type { MessageKey } from '../i18n/translate.js';
import { followUpsOf } from '../state/follow-ups.js';
import { type List, listsOf, neighbour, rowsOf } from '../state/inbox.js';
import { signOut } from '../session/session.js';
import { chatCommands } from './chat-commands.js';
import type { Command } from './command.js';
import type { Desk } from './desk.js';
import { goUp, navigate, route } from './navigation.js';
import { preferences, setPreferences } from './preferences.js';
import { openDialog, showCustomer, ui } from './ui-state.js';

const { AgentStatus } = routingEvents;
const LIST_LABELS: Record<List, MessageKey> = {
  mine: 'goMine',
  queue: 'goQueue',
  closed: 'goClosed',
  all: 'goAll',
};

/** The conversation that is open; empty when none is. */
export const openId = (): string => {
  const now = route.get();
  return now.view === 'list' || now.view === 'later' ? now.id : '';
};

const step = (desk: Desk, by: 1 | -1): void => {
  const now = route.get();
  if (now.view === 'later') {
    const shown = followUpsOf(desk.followUps.get(), now.which, desk.viewer.userId) ?? [];
    const next = neighbour(shown, now.id || undefined, by);
    if (next) navigate({ ...now, id: next });
    return;
  }
  const list = now.view === 'list' ? now.list : 'mine';
  const id = neighbour(rowsOf(desk.inbox.get(), list, ui.get().filter) ?? [], openId() || undefined, by);
  if (id) navigate({ view: 'list', list, id });
};

/** All commands as they stand now. `fail` hears of those that could not be carried out. */
export const commandsOf = (desk: Desk, fail: (error: Error) => void): readonly Command[] => {
  const id = openId();
  const thread = id ? desk.conversations.open(id).get().thread : undefined;
  const [offer] = desk.offers.get();
  const [wrapUp] = desk.wrapUps.get();
  const status = (label: MessageKey, value: routingEvents.AgentStatus): Command => ({
    label,
    group: 'groupStatus',
    run: () => void desk.setStatus(value).catch(fail),
  });
  return [
    ...listsOf(desk.viewer).map((list, index): Command => ({
      label: LIST_LABELS[list],
      group: 'groupGo',
      keys: `Alt+${index + 1}`,
      run: () => navigate({ view: 'list', list, id: '' }),
    })),
    {
      label: 'goLater',
      group: 'groupGo',
      keys: `Alt+${listsOf(desk.viewer).length + 1}`,
      run: () => navigate({ view: 'later', which: 'open', id: '' }),
    },
    {
      label: 'goSearch',
      group: 'groupGo',
      keys: 'Alt+F',
      run: () => navigate({ view: 'search', id: '', query: '' }),
    },
    {
      label: 'goReports',
      group: 'groupGo',
      enabled: desk.viewer.supervises,
      run: () => navigate({ view: 'reports' }),
    },
    {
      label: 'goWall',
      group: 'groupGo',
      enabled: desk.viewer.supervises,
      run: () => navigate({ view: 'wall' }),
    },
    {
      label: 'goAdmin',
      group: 'groupGo',
      enabled: desk.viewer.administers,
      run: () => navigate({ view: 'admin', section: 'agents', id: '' }),
    },
    { label: 'goSettings', group: 'groupGo', run: () => navigate({ view: 'settings' }) },
    { label: 'nextChat', group: 'groupChat', keys: 'Alt+J', run: () => step(desk, 1) },
    { label: 'previousChat', group: 'groupChat', keys: 'Alt+K', run: () => step(desk, -1) },
    ...chatCommands(desk, id, thread, fail),
    {
      label: 'acceptOffer',
      group: 'groupChat',
      keys: 'Alt+A',
      enabled: offer !== undefined,
      run: () => offer && void desk.accept(offer).catch(fail),
    },
    {
      label: 'declineOffer',
      group: 'groupChat',
      keys: 'Alt+D',
      enabled: offer !== undefined,
      run: () => openDialog('decline'),
    },
    {
      label: 'toggleCustomer',
      group: 'groupChat',
      keys: 'Alt+I',
      enabled: id !== '',
      run: () => {
        setPreferences({ panelOpen: !preferences.get().panelOpen });
        showCustomer(!ui.get().customerShown);
      },
    },
    {
      label: 'endWrapUp',
      group: 'groupStatus',
      keys: 'Alt+R',
      enabled: wrapUp !== undefined,
      run: () => wrapUp && void desk.wrapUps.end(wrapUp.conversationId).catch(fail),
    },
    status('statusAvailable', AgentStatus.AGENT_STATUS_AVAILABLE),
    status('statusBusy', AgentStatus.AGENT_STATUS_BUSY),
    status('statusAway', AgentStatus.AGENT_STATUS_AWAY),
    {
      label: 'finishChats',
      group: 'groupStatus',
      run: () => void desk.setStatus(AgentStatus.AGENT_STATUS_AWAY, { finishing: true }).catch(fail),
    },
    status('statusOffline', AgentStatus.AGENT_STATUS_OFFLINE),
    { label: 'openPalette', group: 'groupDesk', keys: 'Mod+K', run: () => openDialog('palette') },
    { label: 'showShortcuts', group: 'groupDesk', keys: '?', run: () => openDialog('shortcuts') },
    { label: 'goBack', group: 'groupDesk', keys: 'Escape', run: leave },
    { label: 'themeLight', group: 'groupDesk', run: () => setPreferences({ theme: 'light' }) },
    { label: 'themeDark', group: 'groupDesk', run: () => setPreferences({ theme: 'dark' }) },
    { label: 'themeSystem', group: 'groupDesk', run: () => setPreferences({ theme: 'system' }) },
    { label: 'changePassword', group: 'groupDesk', run: () => openDialog('password') },
    { label: 'signOut', group: 'groupDesk', run: () => void signOut() },
  ];
};

const leave = (): void => (ui.get().customerShown ? showCustomer(false) : goUp());
