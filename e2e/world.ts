import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError, ErrorCode, fetchJson, type Methods } from '@parley/client';
import { eventually } from '@parley/testkit';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { freePorts } from '../deploy/local/ports.mjs';
import { startPlatform } from '../deploy/local/platform.mjs';
import { type SeededUser, seedDemo } from '../deploy/local/seed.mjs';
import { ensureChromium } from '../scripts/chromium.mjs';
import { CuttingProxy } from '../tools/faults/cutting-proxy.js';

export const TENANT = 'demo';
const CHROMIUM_FLAGS = [
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A platform of its own with the demo tenant, and a browser. */
export interface World {
  readonly browser: Browser;
  readonly httpUrl: string;
  /** Stand between the gateway and the visitors' browsers, or the desks'. */
  readonly shopNetwork: Network;
  readonly deskNetwork: Network;
  /** What went wrong unseen: errors of pages, restarts of services. */
  readonly mishaps: string[];
  open(options: BrowserContextOptions): Promise<Page>;
  /** Notes what goes wrong on a page that was opened otherwise. */
  observe(page: Page): Page;
  login(userId: string): SeededUser;
  /** Calls a public method as the admin. */
  call<M extends keyof Methods>(method: M, request: Methods[M][0]): Promise<Methods[M][1]>;
  pages(): readonly Page[];
  close(): Promise<void>;
}

/** A way to the gateway that can be cut. */
export interface Network {
  readonly origin: string;
  readonly proxy: CuttingProxy;
}

/** Starts everything. Close it in any case. */
export const openWorld = async (): Promise<World> => {
  const executablePath = await ensureChromium();
  const dataFolder = mkdtempSync(join(tmpdir(), 'parley-e2e-'));
  const [httpPort, grpcPort] = await freePorts(2);
  const seedFile = join(process.cwd(), 'deploy/local/seed.json');
  const mishaps: string[] = [];
  const undo: (() => Promise<unknown> | void)[] = [
    () => rmSync(dataFolder, { recursive: true, force: true }),
  ];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const platform = await startPlatform({
      dataFolder,
      httpPort,
      grpcPort,
      seedFile,
      // Everybody logs in from one address.
      env: { PARLEY_LOG_LEVEL: 'warn', PARLEY_LOGIN_RATE: '1000' },
      onEvent: (name, kind, text) => mishaps.push(`${name} ${kind}: ${text}`),
    });
    undo.push(() => platform.stop());
    const users = await seedDemo(platform.httpUrl, seedFile);
    const network = async (): Promise<Network> => {
      const proxy = new CuttingProxy(httpPort);
      undo.push(() => proxy.close());
      return { origin: await proxy.listen(), proxy };
    };
    const login = (userId: string): SeededUser => {
      const user = users.find((one) => one.userId === userId);
      if (!user) throw new Error(`the seed has no ${userId}`);
      return user;
    };
    const { email, password } = login('admin');
    const logIn = async (): Promise<string> => {
      const request = { tenant: TENANT, email, password };
      const { tokens } = await fetchJson(platform.httpUrl, 'parley.gateway.v1.AuthService/Login', request);
      return tokens?.accessToken ?? '';
    };
    let token = await logIn();
    const call: World['call'] = async (method, request) => {
      const attempt = () => fetchJson(platform.httpUrl, method, request, { token });
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof ApiError && error.code === ErrorCode.unauthenticated)) throw error;
        // On a slow machine the story lasts longer than a token.
        token = await logIn();
        return attempt();
      }
    };
    const browser = await chromium.launch({
      executablePath,
      args: [...CHROMIUM_FLAGS, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    });
    undo.push(() => browser.close());
    const observe = (page: Page): Page => {
      page.setDefaultTimeout(30_000);
      page.on('pageerror', (error) => mishaps.push(`${page.url()} threw ${error.stack ?? error.message}`));
      page.on('console', (message) => {
        const text = message.text();
        if (message.type() === 'error' && !text.includes('ERR_') && !text.includes('WebSocket connection'))
          mishaps.push(`${page.url()} complained: ${text}`);
      });
      return page;
    };
    return {
      browser,
      httpUrl: platform.httpUrl,
      shopNetwork: await network(),
      deskNetwork: await network(),
      mishaps,
      open: async (options) => {
        const context = await browser.newContext({
          locale: 'en-GB',
          timezoneId: 'Europe/Berlin',
          reducedMotion: 'reduce',
          ...options,
        });
        return observe(await context.newPage());
      },
      observe,
      login,
      call,
      pages: () => browser.contexts().flatMap((context) => context.pages()),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

/** Resolves once the browser has complained of an answer with this status, as Chromium does; it is no mishap then. */
export const complainedOf = (world: World, status: number): Promise<void> =>
  eventually(
    () => {
      const told = world.mishaps.findIndex((mishap) => mishap.includes(`status of ${status}`));
      assert.ok(told >= 0, 'nothing was refused');
      world.mishaps.splice(told, 1);
    },
    { timeoutMs: 30_000 },
  );
