import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';

/** A visitor's tab on the demo shop, with the chat in it. */
export class Shop {
  /** Everything that the browser got from the platform for this tab. */
  readonly received: string[] = [];
  readonly chat: FrameLocator;
  readonly messages: Locator;

  constructor(
    readonly page: Page,
    readonly origin: string,
  ) {
    this.chat = page.frameLocator('iframe[title="Chat"]');
    this.messages = this.chat.locator('.message .bubble');
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => this.received.push(String(payload))),
    );
  }

  async visit(name = ''): Promise<void> {
    await this.page.goto(`${this.origin}/demo/${name}`);
    await this.launcher.waitFor();
  }

  get launcher(): Locator {
    return this.page.locator('button.l');
  }

  get composer(): Locator {
    return this.chat.locator('.composer textarea');
  }

  /** Opens the chat to write in it, also when nobody is there yet and a message is asked for instead. */
  async openChat(): Promise<void> {
    await this.launcher.click();
    await this.openComposer();
  }

  /** The same for a chat that is open. */
  async openComposer(): Promise<void> {
    await this.composer.or(this.form).first().waitFor();
    if (await this.form.isVisible()) await this.form.locator('.is-quiet').click();
    await this.composer.waitFor();
  }

  /** Resolves once the page has heard of it, and so remembers it: a page that is left before opens the chat again. */
  async minimise(): Promise<void> {
    await this.chat.getByRole('button', { name: 'Minimise chat' }).click();
    await this.page.locator('iframe[title="Chat"]').waitFor({ state: 'hidden' });
  }

  /** Takes a message for later. */
  get form(): Locator {
    return this.chat.locator('.message-form');
  }

  /** Also when the form has come in place of the composer since, as an answer may take longer than the chat waits for it. */
  async say(text: string): Promise<void> {
    await this.openComposer();
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** The words of one own message's mark, such as "Read". */
  markOf(text: string): Locator {
    return this.chat.locator('.message', { hasText: text }).locator('.delivery');
  }

  async texts(): Promise<string[]> {
    return this.messages.allTextContents();
  }

  frame(): Frame {
    const frame = this.page.frames().find((one) => one.url().includes('/widget/'));
    if (!frame) throw new Error('the chat has no frame yet');
    return frame;
  }
}

interface Host {
  readonly Parley: (...command: readonly unknown[]) => unknown;
}

/** Gives the widget a command, as the page does. */
export const parley = ({ page }: Pick<Shop, 'page'>, ...command: unknown[]): Promise<void> =>
  page.evaluate((it) => void (globalThis as unknown as Host).Parley(...it), command);
