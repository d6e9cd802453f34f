import type { Locator, Page } from 'playwright-core';
import type { SeededUser } from '../deploy/local/seed.mjs';
import { TENANT } from './world.js';

/** Somebody's desk. */
export class Desk {
  constructor(
    readonly page: Page,
    readonly origin: string,
  ) {}

  async open(): Promise<void> {
    await this.page.goto(`${this.origin}/desk/`);
    await this.page.getByLabel('Workspace').waitFor();
  }

  async signIn({ email, password }: SeededUser): Promise<void> {
    await this.page.getByLabel('Workspace').fill(TENANT);
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.status.waitFor();
  }

  get status(): Locator {
    return this.page.getByRole('button', { name: 'Your status' });
  }

  async setStatus(word: 'Available' | 'Away' | 'Offline'): Promise<void> {
    await this.status.click();
    await this.page.getByRole('menuitemradio', { name: new RegExp(`^${word}`) }).click();
    await this.page.getByRole('button', { name: `Your status: ${word}` }).waitFor();
  }

  /** Goes home: nobody is offered chats for the seconds in which a lost connection may come back. */
  async leave(): Promise<void> {
    await this.setStatus('Offline');
    await this.page.context().close();
  }

  get offer(): Locator {
    return this.page.getByRole('article', { name: /New chat from/ });
  }

  /** Takes the chat that rings; resolves once the agent is in it, which the composer shows: nothing can be done before. */
  async accept(text: string): Promise<void> {
    await this.offer.waitFor();
    await this.page.keyboard.press('Alt+A');
    await this.message(text).waitFor();
    await this.composer.waitFor();
  }

  /** Writes notes from now on. */
  async note(): Promise<void> {
    await this.page.keyboard.press('Alt+P');
    await this.page.getByRole('textbox', { name: 'Write a note for your team…' }).waitFor();
  }

  /** Writes replies from now on. */
  async reply(): Promise<void> {
    await this.page.keyboard.press('Alt+L');
    await this.page.getByRole('textbox', { name: 'Write a reply…' }).waitFor();
  }

  /** Ends the open chat; resolves once it is closed. */
  async resolve(): Promise<void> {
    await this.page.locator('.conversation-head').getByRole('button', { name: 'Close' }).waitFor();
    await this.page.keyboard.press('Alt+E');
    await this.page.getByRole('button', { name: /^Resolved/ }).click();
    await this.page.getByText('Chat closed: Resolved.').waitFor();
  }

  get thread(): Locator {
    return this.page.getByRole('region', { name: 'Messages' });
  }

  get composer(): Locator {
    return this.page.locator('.composer textarea');
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  message(text: string): Locator {
    return this.thread.locator('.message', { hasText: text });
  }

  /** Texts of the messages, notes left out. */
  async texts(): Promise<string[]> {
    return this.thread.locator('.message[data-kind="message"] .bubble').allTextContents();
  }

  async go(
    name:
      | 'My chats'
      | 'Queue'
      | 'Closed'
      | 'All live'
      | 'Search'
      | 'Wall'
      | 'Reports'
      | 'Administration'
      | 'Settings',
  ): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link', { name }).click();
  }
}
