import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { preferences } from '../desk/preferences.js';
import { ui, type UiState, write } from '../desk/ui-state.js';
import type { MessageKey } from '../i18n/translate.js';
import { type Emoji, emojiQueryAt, findEmoji } from '../lib/emoji.js';
import { keysLabel } from '../lib/keys.js';
import { useDesk, useStore, useWords } from '../ui/hooks.js';
import { Icon, type IconName } from '../ui/icons.js';
import { IconButton } from '../ui/parts.js';
import { EmojiPicker } from './emoji-picker.js';
import { isMac } from './platform.js';

/** Longer messages are refused here already; the gateway's own limit is 64 KB. */
const MOST_CHARS = 8_000;
const TYPING_EVERY_MS = 2_000;

type Mode = UiState['mode'];

/** What belongs to each way of writing. */
const MODES: Record<Mode, { placeholder: MessageKey; send: MessageKey; hint?: MessageKey; icon?: IconName }> =
  {
    reply: { placeholder: 'replyPlaceholder', send: 'send' },
    note: { placeholder: 'notePlaceholder', send: 'addNote', hint: 'noteHint', icon: 'note' },
    whisper: { placeholder: 'whisperPlaceholder', send: 'sendWhisper', hint: 'whisperHint', icon: 'whisper' },
  };
const KEYS: Record<Mode, string> = { reply: 'Alt+L', note: 'Alt+P', whisper: 'Alt+W' };

/** Where replies, notes and whispers are written. `modes`: those that the viewer may, the first unless they choose. */
export const Composer = ({ id, modes }: { id: string; modes: readonly Mode[] }): ReactElement => {
  const { t } = useWords();
  const { mode: wished } = useStore(ui);
  const mode = modes.includes(wished) ? wished : (modes[0] ?? 'note');
  return (
    <section className="composer" data-mode={mode} aria-label={t(mode)}>
      <ModeSwitch mode={mode} modes={modes} />
      <Field key={mode} id={id} mode={mode} />
    </section>
  );
};

const ModeSwitch = ({ mode, modes }: { mode: Mode; modes: readonly Mode[] }): ReactElement => {
  const { t } = useWords();
  const { hint } = MODES[mode];
  return (
    <div className="composer-modes" role="group" aria-label={t('composerMode')}>
      {modes.map((one) => {
        const { icon } = MODES[one];
        return (
          <button
            key={one}
            type="button"
            aria-pressed={mode === one}
            title={keysLabel(KEYS[one], isMac)}
            onClick={() => write(one)}
          >
            {icon && <Icon name={icon} size={13} />} {t(one)}
          </button>
        );
      })}
      {hint && <span className="composer-hint">{t(hint)}</span>}
    </div>
  );
};

const Field = ({ id, mode }: { id: string; mode: Mode }): ReactElement => {
  const { conversations, drafts, connection } = useDesk();
  const { t, formats } = useWords();
  const { sendKey } = useStore(preferences);
  const { focusComposer } = useStore(ui);
  const area = useRef<HTMLTextAreaElement>(null);
  const typedAt = useRef(0);
  const [text, setText] = useState(() => drafts.get(id, mode));
  const [caret, setCaret] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [dismissed, setDismissed] = useState(-1);

  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches || focusComposer > 0) area.current?.focus();
  }, [focusComposer]);

  const asked = emojiQueryAt(text, caret);
  const found = asked && asked.start !== dismissed ? findEmoji(asked.query) : [];
  const tooLong = text.length > MOST_CHARS;
  const ready = text.trim() !== '' && !tooLong;

  const tell = (typing: boolean): void => {
    if (mode !== 'reply') return;
    const now = Date.now();
    if (typing && now - typedAt.current < TYPING_EVERY_MS) return;
    if (!typing && typedAt.current === 0) return;
    typedAt.current = typing ? now : 0;
    connection.typing({ conversationId: id, typing });
  };
  const change = (next: string, at: number): void => {
    setText(next);
    setCaret(at);
    setChosen(0);
    drafts.set(id, mode, next);
    tell(next.trim() !== '');
  };
  const send = (): void => {
    if (!ready) return;
    if (mode === 'reply') conversations.send(id, text.trim());
    else conversations.note(id, text.trim(), mode);
    change('', 0);
    area.current?.focus();
  };
  const insert = ({ sign }: Emoji): void => {
    if (!asked) return;
    const before = `${text.slice(0, asked.start)}${sign} `;
    change(before + text.slice(caret), before.length);
    const field = area.current;
    field?.focus();
    requestAnimationFrame(() => field?.setSelectionRange(before.length, before.length));
  };
  const askEmoji = (): void => {
    const at = area.current?.selectionStart ?? text.length;
    const before = `${text.slice(0, at)}${at > 0 && !/\s$/.test(text.slice(0, at)) ? ' ' : ''}:`;
    setDismissed(-1);
    change(before + text.slice(at), before.length);
    const field = area.current;
    field?.focus();
    requestAnimationFrame(() => field?.setSelectionRange(before.length, before.length));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing) return;
    if (found.length > 0) {
      const by = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const emoji = found[chosen];
      if (by) setChosen((chosen + by + found.length) % found.length);
      else if ((event.key === 'Enter' || event.key === 'Tab') && emoji) insert(emoji);
      else if (event.key === 'Escape') setDismissed(asked?.start ?? -1);
      else return;
      event.preventDefault();
      return;
    }
    const mod = event.ctrlKey || event.metaKey;
    const sends = sendKey === 'enter' ? !event.shiftKey && !event.altKey : mod;
    if (event.key === 'Enter' && sends) {
      event.preventDefault();
      send();
    }
  };

  const emojiId = `emoji-${id}`;
  return (
    <div className="composer-field">
      {found.length > 0 && <EmojiPicker id={emojiId} emoji={found} chosen={chosen} onChoose={insert} />}
      <textarea
        ref={area}
        rows={2}
        value={text}
        dir="auto"
        aria-label={t(MODES[mode].placeholder)}
        placeholder={t(MODES[mode].placeholder)}
        aria-invalid={tooLong}
        {...(found.length > 0
          ? { 'aria-controls': emojiId, 'aria-activedescendant': `${emojiId}-${chosen}` }
          : {})}
        onChange={(event) => change(event.target.value, event.target.selectionStart)}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
        onBlur={() => tell(false)}
      />
      <div className="composer-foot">
        <IconButton icon="smile" label={t('emoji')} keys=":" onClick={askEmoji} />
        <span className="composer-count" role="status" data-over={tooLong}>
          {text.length > MOST_CHARS * 0.8 &&
            t('charsOf', { count: formats.number(text.length), limit: formats.number(MOST_CHARS) })}
        </span>
        <span className="composer-keys">
          {t('sendsWith', { keys: sendKey === 'enter' ? '↵' : keysLabel('Mod+Enter', isMac) })}
        </span>
        <button type="button" className="button primary send" disabled={!ready} onClick={send}>
          {t(MODES[mode].send)}
        </button>
      </div>
    </div>
  );
};
