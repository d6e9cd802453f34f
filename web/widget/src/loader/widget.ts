import { isColor, textOn } from '../contrast.js';
import type { Envelope, Page, Settings, ToFrame, ToPage } from '../protocol.js';
import { arrow, bubble, css } from './style.js';

type Emit = (name: string, detail: unknown) => void;

/**
 * What outlives the page: whether the chat was open, whether there is one, the tenant's colour, and that the visitor
 * logged out while the frame, which alone can forget them, has not said yet that it has.
 */
interface Kept {
  open?: boolean;
  active?: boolean;
  accent?: string;
  forget?: boolean;
}

const DEFAULT_ACCENT = '#3557d6';

/** An element of a drawing, made by itself: a page's policy may forbid that text becomes elements. */
const draw = (name: string): Element => document.createElementNS('http://www.w3.org/2000/svg', name);

/** Launcher and frame on the customer's page, from boot to shutdown. */
export class Widget {
  readonly #host = document.createElement('div');
  readonly #launcher = document.createElement('button');
  readonly #icon = draw('path');
  readonly #label = document.createElement('span');
  readonly #badge = document.createElement('b');
  readonly #key: string;
  readonly #origin: string;
  #frame: HTMLIFrameElement | undefined;
  #ready = false;
  #over = false;
  readonly #waiting: ToFrame[] = [];
  #kept: Kept = {};
  #page: Page = { url: '', title: '' };
  /** What the launcher is called, in the language of the chat once that is known. */
  #name = 'Chat';
  #referrer = document.referrer;

  constructor(
    public settings: Settings,
    origin: string,
    private readonly emit: Emit,
  ) {
    this.#origin = settings.host ?? origin;
    this.#key = `parley.${settings.tenant}`;
    try {
      this.#kept = this.#stored;
    } catch {
      // Storage is forbidden: the chat starts closed on every page.
    }
    this.#page = this.#currentPage();
    this.#build();
    addEventListener('message', this.#onMessage);
    this.#navigation?.addEventListener('currententrychange', this.#onNavigation);
    if (this.#kept.open) this.show();
    else if (this.#kept.active || this.#kept.forget || this.#consent) this.#load();
  }

  show(): void {
    this.#setOpen(true);
  }

  hide(): void {
    this.#setOpen(false);
  }

  update(settings: Settings): void {
    this.settings = { ...this.settings, ...settings };
    this.#paint();
    if (this.#frame) this.#sendSettings();
    else if (this.#consent) this.#load();
  }

  /** Tells the frame, loading it when needed. */
  post(message: ToFrame): void {
    this.#load();
    if (this.#ready) this.#frame?.contentWindow?.postMessage({ parley: message }, this.#origin);
    else this.#waiting.push(message);
  }

  /** Ends the visitor's session here, as on logout; nothing of it stays on the page once the frame has forgotten it. */
  shutdown(): void {
    this.#over = this.#host.hidden = true;
    this.#keep({ open: false, active: false, forget: true });
    if (this.#ready) this.post({ type: 'shutdown' });
    else this.#load();
  }

  get #consent(): boolean {
    return String(this.settings.consent) === 'true';
  }

  get #navigation(): EventTarget | undefined {
    return (window as { navigation?: EventTarget }).navigation;
  }

  #currentPage(): Page {
    return { url: location.href.slice(0, 2048), title: document.title.slice(0, 512) };
  }

  #build(): void {
    const root = this.#host.attachShadow({ mode: 'open' });
    // A constructed sheet needs no nonce and no unsafe-inline, however strict the page's policy is.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    this.#launcher.className = 'l';
    // Needs no words or hiding: what stands in a button is read as its name only.
    const icon = draw('svg');
    icon.append(this.#icon);
    this.#launcher.append(icon, this.#label, this.#badge);
    this.#launcher.onclick = () => this.#setOpen(!this.#kept.open);
    // Loaded while the pointer is on its way.
    this.#launcher.onpointerenter = this.#launcher.onfocus = () => this.#load();
    root.append(this.#launcher);
    this.#paint();
    document.body.append(this.#host);
  }

  #paint(): void {
    const { accent, position, theme, launcherText = '' } = this.settings;
    const color = [accent, this.#kept.accent].find(isColor) ?? DEFAULT_ACCENT;
    const left = position ? position === 'left' : getComputedStyle(document.body).direction === 'rtl';
    this.#host.style.colorScheme = theme && theme !== 'auto' ? theme : '';
    this.#host.style.setProperty('--a', color);
    this.#host.style.setProperty('--o', textOn(color));
    this.#icon.setAttribute('d', this.#kept.open ? arrow : bubble);
    this.#label.textContent = launcherText;
    // Words on the launcher and the count name it by themselves.
    this.#launcher.ariaLabel = launcherText ? null : this.#name;
    this.#launcher.ariaExpanded = String(!!this.#kept.open);
    for (const part of [this.#launcher, this.#frame]) {
      part?.classList.toggle('open', !!this.#kept.open);
      part?.classList.toggle('left', left);
    }
  }

  #load(): void {
    if (this.#frame) return;
    const query = new URLSearchParams({ tenant: this.settings.tenant ?? '', origin: location.origin });
    const src = `${this.#origin}/widget/?${query}`;
    const looks = { src, title: 'Chat', className: 'p', allow: 'autoplay' };
    this.#frame = Object.assign(document.createElement('iframe'), looks);
    this.#host.shadowRoot?.append(this.#frame);
    this.#paint();
  }

  #setOpen(open: boolean): void {
    const changed = !!this.#kept.open !== open;
    this.#keep({ open });
    this.post({ type: 'visible', visible: open });
    // Reflow between insertion and the class, so that the first opening moves as well.
    void this.#frame?.offsetHeight;
    this.#paint();
    if (open) this.#frame?.focus();
    else if (changed) this.#launcher.focus({ preventScroll: true });
    if (changed) this.emit(open ? 'show' : 'hide', undefined);
  }

  get #stored(): Kept {
    return JSON.parse(localStorage.getItem(this.#key) ?? '{}') as Kept;
  }

  #keep(kept: Kept): void {
    this.#kept = { ...this.#kept, ...kept };
    try {
      // Only what changed here: other tabs keep things as well.
      localStorage.setItem(this.#key, JSON.stringify({ ...this.#stored, ...kept }));
    } catch {
      // As above.
    }
  }

  #sendSettings(): void {
    const locale = this.settings.locale ?? document.documentElement.lang;
    const settings = { ...this.settings, locale, consent: this.#consent };
    this.post({ type: 'settings', settings, page: this.#page, referrer: this.#referrer });
  }

  readonly #onNavigation = (): void => {
    // The title follows the URL by a moment in most routers.
    setTimeout(() => {
      const page = this.#currentPage();
      if (page.url === this.#page.url) return;
      this.#referrer = this.#page.url;
      this.#page = page;
      if (this.#frame) this.post({ type: 'page', page, referrer: this.#referrer });
    }, 50);
  };

  readonly #onMessage = ({ data, origin, source }: MessageEvent<Partial<Envelope<ToPage>> | null>): void => {
    const message = data?.parley;
    if (!message || origin !== this.#origin || source !== this.#frame?.contentWindow) return;
    if (message.type === 'ready') {
      this.#ready = true;
      if (this.#kept.forget) this.post({ type: 'shutdown' });
      if (this.#over) return;
      this.#sendSettings();
      this.#waiting.forEach((each) => this.post(each));
    } else if (message.type === 'forgotten') {
      this.#keep({ forget: false });
      if (!this.#over) return;
      removeEventListener('message', this.#onMessage);
      this.#navigation?.removeEventListener('currententrychange', this.#onNavigation);
      this.#host.remove();
    } else if (this.#over) return;
    else if (message.type === 'hide') this.hide();
    else if (message.type === 'event') this.emit(message.name, message.detail);
    else {
      const { unread, active, accent, label } = message;
      this.#badge.textContent = unread ? String(Math.min(unread, 99)) : '';
      this.#keep({ active, accent });
      this.#name = label;
      this.#paint();
      this.emit('unread', unread);
    }
  };
}
