import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { ensureChromium } from '../../../scripts/chromium.mjs';
import { startTemporaryPlatform } from '../../lib/platform.js';
import { whole } from '../whole.js';
import { type Chats, keepWriting, openChats, type Place, prepare, type Visitor } from './chats.js';
import { type EachFrame, type FrameFigures, measureFrames } from './frames.js';

export const DESK_USAGE = `  desk [--chats N] [--rate N] [--seconds N] [--profile FILE]
    A supervisor's desk in Chromium with N open chats (500), on a platform of its own, while N messages a second
    arrive (20): frame times at rest, while the list is scrolled, and while a reply is typed; N seconds a phase (10).
    --profile writes a CPU profile of the page in the last three phases (for Chromium's DevTools).`;

const NO_LIMIT = '1000000';
const KEY_EVERY_MS = 80;
const WORDS = 'of course, I am looking into it right now, one moment please ';

/** Measures how smoothly the desk is drawn; see docs/benchmarks.md for what the figures mean. */
export const benchDesk = async (args: string[]): Promise<void> => {
  const { values } = parseArgs({
    args,
    options: {
      chats: { type: 'string', default: '500' },
      rate: { type: 'string', default: '20' },
      seconds: { type: 'string', default: '10' },
      profile: { type: 'string' },
    },
  });
  const chats = whole(values.chats, '--chats');
  const rate = whole(values.rate, '--rate');
  const ms = whole(values.seconds, '--seconds') * 1000;
  const executablePath = await ensureChromium();
  const own = await startTemporaryPlatform({
    name: 'bench-desk',
    env: { PARLEY_SOCKET_RATE: NO_LIMIT, PARLEY_TENANT_RATE: NO_LIMIT, PARLEY_ANONYMOUS_RATE: NO_LIMIT },
    onEvent: (name, kind, text) => console.error(`${name}: ${kind}: ${text}`),
  });
  try {
    const place = await prepare(own);
    const browser = await chromium.launch({
      executablePath,
      args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    });
    try {
      const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1440, height: 900 } });
      await signIn(page, place);
      say(`opening ${chats} chats`);
      const seeded = await openChats(place, chats);
      const { profile } = values;
      const figures = await measure(page, seeded, await openOne(page, seeded), { rate, ms, profile });
      console.log(JSON.stringify({ chats, messagesPerSecond: rate, ...figures }));
      seeded.close();
    } finally {
      await browser.close();
    }
  } finally {
    await own.close();
  }
};

const signIn = async (page: Page, { httpUrl, tenant, supervisor }: Place): Promise<void> => {
  await page.goto(`${httpUrl}/desk/all`);
  await page.getByLabel('Workspace').fill(tenant);
  await page.getByLabel('E-mail').fill(supervisor.email);
  await page.getByLabel('Password').fill(supervisor.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.list').waitFor();
};

/** Waits until the list has every chat, and opens one of the own ones. */
const openOne = async (page: Page, { held, all }: Chats): Promise<Visitor> => {
  await page.getByLabel(`${all.length} chats`, { exact: true }).waitFor({ state: 'attached' });
  const [opened] = held;
  if (!opened) throw new Error('no chat was accepted');
  // Not by a reload, after which the list would be filled anew.
  await page.evaluate(`history.pushState(null, '', '/desk/all/${opened.conversationId}');
    dispatchEvent(new PopStateEvent('popstate'));`);
  await page.locator('.composer textarea').waitFor();
  return opened;
};

const measure = async (
  page: Page,
  chats: Chats,
  opened: Visitor,
  { rate, ms, profile }: { rate: number; ms: number; profile: string | undefined },
): Promise<Record<'still' | 'rest' | 'scroll' | 'type', FrameFigures>> => {
  const phase = async (name: string, each: EachFrame, meanwhile?: () => Promise<number>) => {
    const figures = await measureFrames(page, ms, each, meanwhile);
    say(`${name}: ${JSON.stringify(figures)}`);
    return figures;
  };
  const type = async (): Promise<number> => {
    await page.locator('.composer textarea').focus();
    const until = Date.now() + ms - 500;
    let keys = 0;
    for (; Date.now() < until; keys++) {
      await page.keyboard.press(WORDS[keys % WORDS.length] ?? ' ');
      await pause(KEY_EVERY_MS);
    }
    return keys;
  };
  const still = await phase('nothing arrives', 'nothing');
  const profiled = profile === undefined ? undefined : await startProfile(page, profile);
  const stop = keepWriting(chats, opened, rate);
  const rest = await phase('messages arrive', 'nothing');
  const scroll = await phase('messages arrive, the list is scrolled', 'scroll');
  const typed = await phase('messages arrive, a reply is typed', 'nothing', type);
  say(`${await stop()} messages were sent`);
  await profiled?.();
  return { still, rest, scroll, type: typed };
};

/** Returns what ends the profile and writes it. */
const startProfile = async (page: Page, file: string): Promise<() => Promise<void>> => {
  const session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Profiler.start');
  return async () => {
    const { profile } = await session.send('Profiler.stop');
    writeFileSync(file, JSON.stringify(profile));
  };
};

const say = (text: string): void => console.log(`bench: ${text}`);
