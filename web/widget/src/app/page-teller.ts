import type { Page } from '../protocol.js';

/** When this tab tells the agents its page: once, and again when it is turned to. Tabs side by side never argue. */
export class PageTeller {
  page: Page = { url: '', title: '' };
  #told = '';

  /** The page, when it is to be told now to a conversation that knows the visitor on `knownUrl`. */
  due(knownUrl: string): Page | undefined {
    const { page } = this;
    if (!page.url || page.url === this.#told) return undefined;
    this.#told = page.url;
    return page.url === knownUrl ? undefined : page;
  }

  /** The tab was turned to, or there is another conversation: its page is news again. */
  forget(): void {
    this.#told = '';
  }
}
