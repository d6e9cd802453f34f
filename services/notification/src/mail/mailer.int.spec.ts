import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unavailable, systemClock } from '@parley/kernel';
import { openStore, type Store } from '@parley/store';
import { createLogger } from '@parley/telemetry';
import { eventually } from '@parley/testkit';
import { openCollections, type Collections, type MailRequestDoc } from '../documents.js';
import { Allowance } from './allowance.js';
import { Mailer } from './mailer.js';

let folder: string;
let store: Store;
let docs: Collections;
let mailer: Mailer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-mailer-'));
  store = await openStore({ name: 'notification', durability: 'record', folder });
  docs = await openCollections(store);
  mailer = new Mailer({
    docs,
    transcripts: {
      getTranscript: async () => {
        throw unavailable('NO_TRANSCRIPT', 'transcript is not there');
      },
    },
    allowance: new Allowance(docs.counts),
    transport: { send: async () => undefined },
    retry: { baseMs: 5, capMs: 20, attempts: 4 },
    clock: systemClock,
    logger: createLogger('notification', { level: 'silent' }),
  });
});
afterEach(async () => {
  await mailer.stop();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const waiting = (name: string, conversation: string): MailRequestDoc => ({
  id: `acme/${name}`,
  version: 1,
  tenant: 'acme',
  conversation,
  conversationId: conversation,
  email: 'vera@example.com',
  locale: 'de',
  state: 'waiting',
  attempts: 0,
  nextAttemptAt: 0,
  lastError: '',
});

describe('a request that was left waiting when its conversation closed', () => {
  it('is found behind thousands whose conversations go on', async () => {
    const chat = { version: 1, contactId: 'contact-1', locale: 'de' };
    await docs.conversations.put([
      { ...chat, id: 'open', closed: false },
      { ...chat, id: 'over', closed: true },
    ]);
    const going = Array.from({ length: 2_500 }, (_, i) => waiting(`m-${String(i).padStart(4, '0')}`, 'open'));
    await docs.requests.put([waiting('a', 'over'), ...going, waiting('z', 'over')]);
    mailer.wake();
    await eventually(async () => {
      const left = await docs.requests.getMany(['acme/a', 'acme/z']);
      expect([...left.values()].map(({ state }) => state)).toEqual(['pending', 'pending']);
    });
    expect(await docs.requests.count({ state: 'waiting' })).toBe(going.length);
  });
});
