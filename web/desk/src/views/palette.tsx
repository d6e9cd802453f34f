import { type KeyboardEvent, type ReactElement, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Command } from '../desk/command.js';
import { commandsOf } from '../desk/commands.js';
import { navigate } from '../desk/navigation.js';
import { openDialog } from '../desk/ui-state.js';
import { best } from '../lib/fuzzy.js';
import { keysLabel } from '../lib/keys.js';
import type { List, Row } from '../state/inbox.js';
import { Dialog } from '../ui/dialog.js';
import { useDesk, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { Keys } from '../ui/parts.js';
import { isMac } from './platform.js';

interface Entry {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  readonly detail?: string;
  readonly keys?: string;
  run(): void;
}

const MOST_CHATS = 8;
const close = (): void => openDialog(undefined);

/** Everything that can be done now, and every chat, found by typing. */
export const Palette = ({ fail }: { fail: (error: Error) => void }): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const all = useMemo(() => {
    const commands = commandsOf(desk, fail)
      .filter(({ enabled, keys }) => enabled !== false && keys !== 'Mod+K')
      .map((command: Command): Entry => ({
        id: command.label,
        group: t(command.group),
        label: t(command.label),
        ...(command.keys ? { keys: command.keys } : {}),
        run: () => command.run(),
      }));
    const chats = [...desk.inbox.get().rows.values()].map((row): Entry => ({
      id: row.conversationId,
      group: t('chats'),
      label: row.contactName || t('visitor'),
      detail: row.lastText ?? '',
      run: () =>
        navigate({
          view: 'list',
          list: listOf(row, desk.viewer.userId),
          id: row.conversationId,
        }),
    }));
    return { commands, chats };
  }, [desk, fail, t]);
  const entries = useMemo(() => {
    // In groups, which come in the order of their best entry.
    const found = best(query, all.commands, ({ label, group }) => `${label} ${group}`);
    const groups = [...new Set(found.map(({ group }) => group))];
    const commands = groups.flatMap((group) => found.filter((entry) => entry.group === group));
    const chats = query.trim() ? best(query, all.chats, ({ label, detail }) => `${label} ${detail}`) : [];
    return [...commands, ...chats.slice(0, MOST_CHATS)];
  }, [query, all]);

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen, entries]);

  const run = (entry: Entry | undefined): void => {
    if (!entry) return;
    close();
    // After the dialog has given the focus back, as the command may put it elsewhere.
    setTimeout(() => entry.run());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && entries.length > 0) {
      event.preventDefault();
      setChosen((chosen + by + entries.length) % entries.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(entries[chosen]);
    }
  };

  return (
    <Dialog label={t('openPalette')} className="palette" onClose={close}>
      <div className="palette-field">
        <Icon name="search" />
        <input
          autoFocus
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={entries[chosen] ? `${listId}-${chosen}` : undefined}
          aria-label={t('palettePlaceholder')}
          placeholder={t('palettePlaceholder')}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className="palette-list" role="listbox" id={listId} aria-label={t('openPalette')} ref={list}>
        {[...new Set(entries.map(({ group }) => group))].map((group) => (
          <div key={group} role="group" aria-label={group}>
            <p className="palette-group" aria-hidden="true">
              {group}
            </p>
            {entries.map(
              (entry, index) =>
                entry.group === group && (
                  <div
                    key={entry.id}
                    id={`${listId}-${index}`}
                    role="option"
                    aria-selected={index === chosen}
                    className="palette-entry"
                    onPointerMove={() => setChosen(index)}
                    onClick={() => run(entry)}
                  >
                    <span>{entry.label}</span>
                    {entry.detail && <span className="palette-detail">{entry.detail}</span>}
                    {entry.keys && <Keys keys={keysLabel(entry.keys, isMac)} />}
                  </div>
                ),
            )}
          </div>
        ))}
      </div>
      <p className="palette-none" role="status">
        {entries.length === 0 && t('nothingFound')}
      </p>
    </Dialog>
  );
};

const listOf = ({ state, agentIds = [], supervisorIds = [], parkedBy }: Row, userId: string): List => {
  if (state === 'CONVERSATION_STATE_CLOSED') return 'closed';
  if ([...agentIds, ...supervisorIds, parkedBy].includes(userId)) return 'mine';
  return state === 'CONVERSATION_STATE_QUEUED' ? 'queue' : 'all';
};

/** All keys. */
export const Shortcuts = (): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const commands = useMemo(() => commandsOf(desk, () => undefined).filter(({ keys }) => keys), [desk]);
  return (
    <Dialog label={t('showShortcuts')} onClose={close}>
      <h2 className="dialog-title">{t('showShortcuts')}</h2>
      <dl className="shortcuts" tabIndex={0} aria-label={t('showShortcuts')}>
        {commands.map(({ label, keys }) => (
          <div key={label}>
            <dt>{t(label)}</dt>
            <dd>
              <Keys keys={keysLabel(keys ?? '', isMac)} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
};
