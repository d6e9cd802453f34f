/** What page and frame tell each other by postMessage. Both check origin and source of every message. */

/** What a page sets by data attributes, `boot` and `update`. */
export interface Settings {
  tenant?: string;
  position?: 'left' | 'right';
  /** BCP 47; the language of the page, then of the browser, when not given. */
  locale?: string;
  theme?: 'auto' | 'light' | 'dark';
  /** #rrggbb; the tenant's own when not given. */
  accent?: string;
  launcherText?: string;
  /** Whether page views may be recorded. "true" in the data attribute. */
  consent?: boolean | string;
  /** Origin of the gateway; the one that the loader came from when not given. */
  host?: string;
}

/** Who the visitor is: signed by the customer's server (`jwt`), or as said by the page. */
export interface Identity {
  jwt?: string;
  name?: string;
  email?: string;
}

export interface Page {
  url: string;
  title: string;
}

/** A sale or another goal. */
export interface Conversion {
  name?: string;
  /** In minor units of the currency (cents). */
  value?: number;
  /** ISO 4217. */
  currency?: string;
  /**
   * The page's own id of it, such as an order number; the same id counts once. Webhooks tell it as it is when it is of
   * 1 to 64 letters, digits, `_` and `-`, otherwise with `-` for other characters, cut, and a digest of the whole after it.
   */
  id?: string;
}

/** From the page to the frame. */
export type ToFrame =
  | { type: 'settings'; settings: Settings; page: Page; referrer: string }
  | { type: 'page'; page: Page; referrer: string }
  | { type: 'visible'; visible: boolean }
  | { type: 'identify'; identity: Identity }
  | { type: 'conversion'; conversion: Conversion }
  | { type: 'shutdown' };

/** From the frame to the page. */
export type ToPage =
  | { type: 'ready' }
  | { type: 'hide' }
  | { type: 'forgotten' }
  | { type: 'status'; unread: number; active: boolean; accent: string; label: string }
  | { type: 'event'; name: string; detail: unknown };

/** Marks our messages among others that a page may post. */
export interface Envelope<T> {
  parley: T;
}
