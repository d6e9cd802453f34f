import { newId } from '@parley/client';
import type { Page } from '../protocol.js';
import type { Command } from './deeds.js';
import { PageTeller } from './page-teller.js';
import { isOpen, unreadVersion } from './thread.js';
import type { Thread } from './thread-types.js';

/** What attention is paid to. */
export interface Attended {
  readonly thread: () => Thread;
  readonly conversationId: () => string | undefined;
  readonly call: (
    method: Extract<Command, 'MarkRead' | 'ChangePage'>,
    request: { conversationId: string; version?: number; commandId?: string; page?: Page },
  ) => Promise<unknown>;
  /** The conversation's page is this one now. */
  readonly moved: (url: string) => void;
}

/** Tells what the visitor has read and which page they are on, while they look. */
export class Attention {
  #visible = false;
  #marked = 0;
  readonly #pages = new PageTeller();

  constructor(private readonly attended: Attended) {
    document.addEventListener('visibilitychange', () => {
      this.#pages.forget();
      this.pay();
    });
  }

  get visible(): boolean {
    return this.#visible;
  }
  set visible(visible: boolean) {
    this.#visible = visible;
    this.#markRead();
  }

  get page(): Page {
    return this.#pages.page;
  }
  set page(page: Page) {
    this.#pages.page = page;
    this.#tellPage();
  }

  /** Something may have changed. */
  pay(): void {
    this.#markRead();
    this.#tellPage();
  }

  /** Another conversation. */
  forget(): void {
    this.#marked = 0;
    this.#pages.forget();
  }

  #markRead(): void {
    const version = unreadVersion(this.attended.thread());
    const conversationId = this.attended.conversationId();
    if (!conversationId || version <= this.#marked || !this.#visible || document.hidden) return;
    this.#marked = version;
    this.attended.call('MarkRead', { conversationId, version }).catch(() => (this.#marked = 0));
  }

  #tellPage(): void {
    const thread = this.attended.thread();
    const conversationId = this.attended.conversationId();
    if (!conversationId || !isOpen(thread) || document.hidden) return;
    const page = this.#pages.due(thread.pageUrl);
    if (!page) return;
    this.attended.moved(page.url);
    this.attended.call('ChangePage', { conversationId, commandId: newId(), page }).catch(() => undefined);
  }
}
