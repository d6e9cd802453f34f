import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChatState } from '../state.js';
import { agentNameOf, isOpen } from '../thread.js';
import { Bot, ChevronDown, Dots, Team } from './icons.js';
import { initialsOf, useSurroundings, useTask } from './shared.js';

/** Who answers, how the chat stands, the menu and the way out. */
export const Header = ({ state, onMail }: { state: ChatState; onMail: () => void }) => {
  const { language, onHide } = useSurroundings();
  const { thread, settings } = state;
  const { say } = language;
  const last = thread.entries.findLast((entry) => entry.kind === 'message' && entry.from !== 'visitor');
  const agent = agentNameOf(thread);
  const bot = !agent && last?.kind === 'message' && last.from === 'bot';
  const present = [...thread.agents, ...thread.supervisors].map((each) => each.name || say('team'));
  const name = language.list(present) || settings.companyName || say('team');
  return (
    <header class="header">
      <div class={`avatar ${agent ? '' : 'is-team'}`} aria-hidden="true">
        {agent ? initialsOf(agent) : bot ? <Bot /> : <Team />}
      </div>
      <div class="header-text">
        <h1>{name}</h1>
        <p>{statusOf(state, present.length, bot, say)}</p>
      </div>
      {state.begun && <Menu state={state} onMail={onMail} />}
      {window.parent !== window && (
        <button type="button" class="icon-button" aria-label={say('hide')} onClick={onHide}>
          <ChevronDown />
        </button>
      )}
    </header>
  );
};

const statusOf = (
  { boot, thread, availability }: ChatState,
  present: number,
  bot: boolean,
  say: ReturnType<typeof useSurroundings>['language']['say'],
): string => {
  if (boot === 'starting') return say('connecting');
  if (thread.status === 'closed') return say(thread.followUp ? 'messageLeft' : 'ended');
  if (thread.held) return say('onHold');
  if (present > 0) return say(present > 1 ? 'inChatMany' : 'inChat');
  if (bot) return say('assistantHint');
  if (thread.status === 'queued') return say('waiting');
  if (thread.status === 'taking') return say('messageOnly');
  return say(availability ? STANDING[availability.standing] : 'answersHere');
};

const STANDING = {
  online: 'onlineNow',
  busy: 'busyNow',
  closed: 'closedNow',
  message: 'messageOnly',
} as const;

const Menu = ({ state, onMail }: { state: ChatState; onMail: () => void }) => {
  const { chat, keep, language } = useSurroundings();
  const { say } = language;
  const [open, setOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const [sound, setSound] = useState(() => !!keep.get<boolean>('sound'));
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const end = useTask(async () => {
    await chat.end();
    setOpen(false);
  });
  useEffect(() => {
    setAsking(false);
    if (!open) return;
    box.current?.querySelector('button')?.focus();
    const away = ({ target }: Event): void => {
      const inside = box.current?.contains(target as Node) || button.current?.contains(target as Node);
      if (!inside) setOpen(false);
    };
    addEventListener('pointerdown', away);
    return () => removeEventListener('pointerdown', away);
  }, [open]);
  const onKey = (event: KeyboardEvent): void => {
    const items = [...(box.current?.querySelectorAll('button') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    if (event.key === 'Escape') {
      event.stopPropagation();
      setOpen(false);
      button.current?.focus();
    } else if (event.key === 'ArrowDown') items[(at + 1) % items.length]?.focus();
    else if (event.key === 'ArrowUp') items.at(at - 1)?.focus();
    else return;
    event.preventDefault();
  };
  const ongoing = isOpen(state.thread);
  return (
    <div class="menu-anchor">
      <button
        ref={button}
        type="button"
        class="icon-button"
        aria-label={say('menu')}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Dots />
      </button>
      {open && (
        <div ref={box} class="menu" role="menu" aria-label={say('menu')} onKeyDown={onKey}>
          {asking ? (
            <>
              <p class="menu-ask">{end.failed ? say('failed') : say('endChatAsk')}</p>
              <button type="button" role="menuitem" class="is-danger" disabled={end.busy} onClick={end.run}>
                {say('endChat')}
              </button>
              <button type="button" role="menuitem" onClick={() => setOpen(false)}>
                {say('endChatKeep')}
              </button>
            </>
          ) : (
            <>
              <button
                type="button"
                role="menuitem"
                onClick={() => {
                  keep.set('sound', !sound);
                  setSound(!sound);
                  setOpen(false);
                }}
              >
                {say(sound ? 'soundOff' : 'soundOn')}
              </button>
              {state.thread.status !== 'none' && (
                <button
                  type="button"
                  role="menuitem"
                  onClick={() => {
                    setOpen(false);
                    onMail();
                  }}
                >
                  {say('mailTranscript')}
                </button>
              )}
              {ongoing && (
                <button type="button" role="menuitem" class="is-danger" onClick={() => setAsking(true)}>
                  {say('endChat')}
                </button>
              )}
            </>
          )}
        </div>
      )}
    </div>
  );
};
