import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the page notes of the widget's events. */
const EVENTS = ['show', 'hide', 'unread', 'chat:queued', 'chat:active', 'chat:closed'];

const STUB = `
  window.Parley = window.Parley || function () { (Parley.q = Parley.q || []).push(arguments); };
  window.heard = [];`;

/** Asks for the chat before it listens, as both are said before the loader is there. */
const LISTENS = `
  Parley('show');
  for (const name of ${JSON.stringify(EVENTS)}) Parley('on', name, (detail) => heard.push([name, detail ?? null]));`;

/**
 * A customer's site: of other origins than the gateway, and under a policy that allows scripts by nonce, the gateway's
 * frame and nothing else, and forbids to make elements or scripts of text.
 */
export class CustomerSite {
  /** Another origin of the gateway's own site, as www.example.com is beside chat.example.com. */
  beside = '';
  /** Another site: to the browser the chat is a third party, which Chromium forbids to store anything here. */
  elsewhere = '';
  readonly #server = createServer(({ url = '/' }, response) => void this.#answer(url, response));

  constructor(private readonly gateway: string) {}

  /** Listens on a free port of loopback. */
  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    this.beside = `http://127.0.0.1:${port}`;
    this.elsewhere = `http://localhost:${port}`;
    return this;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(path: string, response: ServerResponse): Promise<void> {
    if (path === '/widget.js') {
      const loader = await fetch(`${this.gateway}/widget.js`);
      response.setHeader('content-type', 'text/javascript').end(await loader.text());
    } else if (path === '/')
      this.#page(response, STUB + LISTENS, {
        src: `${this.gateway}/widget.js`,
        'data-tenant': 'demo',
        'data-accent': '#2e5a44',
        'data-position': 'left',
        'data-theme': 'dark',
        'data-launcher-text': 'Ask us',
      });
    // The loader is the site's own copy, and the page itself decides when to boot.
    else if (path === '/own') this.#page(response, STUB, { src: '/widget.js', 'data-host': this.gateway });
    else response.writeHead(404).end();
  }

  #page(response: ServerResponse, script: string, loader: Readonly<Record<string, string>>): void {
    const nonce = randomBytes(16).toString('base64url');
    const attributes = Object.entries(loader).map(([name, value]) => `${name}="${value}"`);
    const policy = `default-src 'none'; script-src 'nonce-${nonce}'; frame-src ${this.gateway}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
      .end(
        `<!doctype html><html lang="en"><title>A customer</title><body><h1>A customer</h1>
        <script nonce="${nonce}">${script}</script>
        <script nonce="${nonce}" async ${attributes.join(' ')}></script></body></html>`,
      );
  }
}
