import '@parley/tokens/fonts.css';
import '@parley/tokens/tokens.css';
import './style.css';
import { render } from 'preact';
import { isColor, textOn } from '../contrast.js';
import type { Page, Settings, ToFrame } from '../protocol.js';
import { openBridge } from './bridge.js';
import { Chat } from './chat.js';
import { logOut } from './deeds.js';
import { type Language, loadLanguage, pickLocale } from './i18n/index.js';
import { openKeep, type Visit } from './keep.js';
import { quietly } from './quietly.js';
import { ring } from './sound.js';
import { statusOf } from './status.js';
import { App } from './views/app.js';

const bridge = openBridge();
const keep = openKeep(bridge.tenant);
const root = document.documentElement;
const host = document.getElementById('app') as HTMLElement;

let settings: Settings = {};
let language: Language | undefined;
let chat: Chat | undefined;

const paint = (): void => {
  if (!chat || !language) return;
  const own = chat.state.settings.accentColor;
  const accent = [settings.accent, own].find(isColor);
  root.dataset['theme'] = settings.theme ?? 'auto';
  root.lang = language.locale;
  root.dir = language.direction;
  document.title = language.say('title');
  // Null removes it, and the colour of our own style is seen again.
  root.style.setProperty('--accent', accent ?? null);
  root.style.setProperty('--on-accent', accent ? textOn(accent) : null);
  const hide = (): void => bridge.tell({ type: 'hide' });
  render(<App chat={chat} keep={keep} language={language} onHide={hide} />, host);
};

const report = (): void => {
  if (!chat || !language) return;
  const status = statusOf(chat.state, language);
  if (status) bridge.tell(status);
};

let lastStatus = 'none';
const announce = (): void => {
  const status = chat?.state.thread.status ?? 'none';
  if (status === lastStatus) return;
  lastStatus = status;
  bridge.tell({ type: 'event', name: `chat:${status}`, detail: undefined });
};

const seen = (page: Page, referrer: string): void => {
  if (!settings.consent || page.url === viewed) return;
  viewed = page.url;
  quietly(chat?.viewed(page, referrer));
};
let viewed = '';
/** Whether the page shows the frame; it may say so while the language is still fetched. */
let shown = false;

const openChat = (locale: string): Chat => {
  const opened = new Chat(bridge.tenant, keep, locale);
  opened.setVisible(shown);
  opened.subscribe(() => {
    report();
    announce();
  });
  opened.onArrival = () => {
    if (keep.get('sound') && (!opened.visible || document.hidden)) ring();
  };
  return opened;
};

/** Shows what the page wishes, whether or not there is a session. */
const configure = async (next: Settings): Promise<void> => {
  settings = next;
  const locale = pickLocale([next.locale, ...navigator.languages]);
  // At once: what the page says next may not wait for a language or a session.
  chat ??= openChat(locale);
  chat.locale = locale;
  paint();
  if (language?.locale === locale) return;
  const loaded = await loadLanguage(locale);
  // The language of a later wish may be here already.
  if (!language || chat.locale === locale) language = loaded;
  paint();
  report();
};

/** Resolves once there is a session, whose settings are seen as well. */
const begin = (): Promise<void> | undefined => (begun ??= chat?.start().then(paint));
let begun: Promise<void> | undefined;

const obey = async (message: ToFrame): Promise<void> => {
  if (message.type === 'settings') await begin();
  if (message.type === 'settings' || message.type === 'page') seen(message.page, message.referrer);
  // Not waited for: it may try for long, and what follows does not depend on it.
  else if (message.type === 'identify') quietly(chat?.identify(message.identity));
};

const shutdown = (): void => {
  const { token } = keep.get<Visit>('visit') ?? {};
  chat?.shutdown();
  keep.clear();
  // The token is of no use any more, to whoever may have got hold of it.
  if (token) quietly(logOut(token));
  bridge.tell({ type: 'forgotten' });
};

// One after the other: what follows the settings finds the session started.
let queue = Promise.resolve();
bridge.listen((message) => {
  if (message.type === 'visible') {
    shown = message.visible;
    return chat?.setVisible(shown);
  }
  // Not behind a session that waits for its gateway.
  if (message.type === 'shutdown') return shutdown();
  if (message.type === 'conversion') return quietly(chat?.convert(message.conversion));
  const configured = message.type === 'settings' ? configure(message.settings) : undefined;
  if ('page' in message) chat?.setPage(message.page);
  queue = queue
    .then(() => configured)
    .then(() => obey(message))
    .catch((error: unknown) => quietly(Promise.reject(error as Error)));
});
// Outside of a frame it is a page of its own: a chat by link.
if (window.parent === window) {
  const configured = configure({});
  chat?.setPage({ url: location.href, title: document.title });
  quietly(configured.then(begin).then(() => chat?.setVisible(true)));
}
