import { routingEvents } from '@parley/client';
import type { MessageKey } from '../i18n/translate.js';
import { type List, listsOf, neighbour, rowsOf } from '../state/inbox.js';
import { isClosed } from '../state/thread.js';
import { signOut } from '../session/session.js';
import { type Desk, reopenConversation } from './desk.js';
import { goUp, navigate, route } from './navigation.js';
import { preferences, setPreferences } from './preferences.js';
import { openDialog, showCustomer, ui, write } from './ui-state.js';

/** Something that can be done, from the palette and by keys. */
export interface Command {
  readonly label: MessageKey;
  readonly group: 'groupGo' | 'groupChat' | 'groupStatus' | 'groupDesk';
  readonly keys?: string;
  readonly enabled?: boolean;
  run(): void;
}

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
  return now.view === 'list' ? now.id : '';
};

const step = (desk: Desk, by: 1 | -1): void => {
  const now = route.get();
  const list = now.view === 'list' ? now.list : 'mine';
  const id = neighbour(rowsOf(desk.inbox.get(), list, ui.get().filter) ?? [], openId() || undefined, by);
  if (id) navigate({ view: 'list', list, id });
};

/** All commands as they stand now. `fail` hears of those that could not be carried out. */
export const commandsOf = (desk: Desk, fail: (error: Error) => void): readonly Command[] => {
  const id = openId();
  const row = desk.inbox.get().rows.get(id);
  const thread = id ? desk.conversations.open(id).get().thread : undefined;
  const closed = thread ? isClosed(thread) : false;
  const own = (thread?.agentIds ?? row?.agentIds ?? []).includes(desk.viewer.userId);
  const mayAct = id !== '' && (own || desk.viewer.supervises);
  const [offer] = desk.offers.get();
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
    {
      label: 'writeReply',
      group: 'groupChat',
      keys: 'Alt+L',
      enabled: own && !closed,
      run: () => write('reply'),
    },
    {
      label: 'writeNote',
      group: 'groupChat',
      keys: 'Alt+P',
      enabled: mayAct && !closed,
      run: () => write('note'),
    },
    {
      label: 'closeChat',
      group: 'groupChat',
      keys: 'Alt+E',
      enabled: mayAct && !closed,
      run: () => openDialog('close'),
    },
    {
      label: 'reopenChat',
      group: 'groupChat',
      enabled: mayAct && closed,
      run: () => void reopenConversation(desk, id).catch(fail),
    },
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
      run: () => offer && void desk.decline(offer).catch(fail),
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
    status('statusAvailable', AgentStatus.AGENT_STATUS_AVAILABLE),
    status('statusBusy', AgentStatus.AGENT_STATUS_BUSY),
    status('statusAway', AgentStatus.AGENT_STATUS_AWAY),
    status('statusOffline', AgentStatus.AGENT_STATUS_OFFLINE),
    { label: 'openPalette', group: 'groupDesk', keys: 'Mod+K', run: () => openDialog('palette') },
    { label: 'showShortcuts', group: 'groupDesk', keys: '?', run: () => openDialog('shortcuts') },
    { label: 'goBack', group: 'groupDesk', keys: 'Escape', run: leave },
    { label: 'themeLight', group: 'groupDesk', run: () => setPreferences({ theme: 'light' }) },
    { label: 'themeDark', group: 'groupDesk', run: () => setPreferences({ theme: 'dark' }) },
    { label: 'themeSystem', group: 'groupDesk', run: () => setPreferences({ theme: 'system' }) },
    { label: 'signOut', group: 'groupDesk', run: () => void signOut() },
  ];
};

const leave = (): void => (ui.get().customerShown ? showCustomer(false) : goUp());
