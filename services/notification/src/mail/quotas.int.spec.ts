import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ErrorCode } from '@parley/kernel';
import { openStore, type Store } from '@parley/store';
import { openCollections, type Collections } from '../documents.js';
import { Allowance } from './allowance.js';
import { MailRequests } from './requests.js';

const MAILS_PER_DAY = 20;
const DAY_MS = 86_400_000;
const NOON = Date.UTC(2026, 2, 1, 12);

let folder: string;
let store: Store;
let docs: Collections;
let allowance: Allowance;
let requests: MailRequests;
/** How far the clock is put forward, ms. */
let later: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-mail-'));
  store = await openStore({ name: 'notification', durability: 'record', folder });
  docs = await openCollections(store);
  allowance = new Allowance(docs.counts);
  const clock = { now: () => NOON + later };
  requests = new MailRequests(docs, allowance, MAILS_PER_DAY, clock, () => undefined);
  later = 0;
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** Conversations are named after whose they are. */
const ask = (
  commandId: string,
  email: string,
  conversationId: string,
  visitorId = conversationId.split('_')[1] ?? 'contact-1',
) => requests.add('acme', { commandId, conversationId, visitorId, email, locale: '', closed: true });

describe('transcripts by mail cannot be used to flood somebody', () => {
  let asked = 0;
  /** How many of so many wishes at the same time are granted. */
  const granted = async (
    wishes: number,
    of: (i: number) => { email?: string; conversation?: string },
  ): Promise<number> => {
    const answers = await Promise.allSettled(
      Array.from({ length: wishes }, (_, i) => {
        const {
          email = `nobody-${asked}-${i}@example.com`,
          conversation = `0-${asked}-${i}_c-${asked}-${i}`,
        } = of(i);
        return ask(`flood-${asked++}`, email, conversation);
      }),
    );
    for (const answer of answers)
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({
          code: ErrorCode.resourceExhausted,
          details: { reason: 'TOO_MANY_MAILS' },
        });
    return answers.filter(({ status }) => status === 'fulfilled').length;
  };

  it('by one conversation', async () => {
    expect(await granted(8, () => ({ conversation: '0-one' }))).toBe(5);
    later += DAY_MS;
    expect(await granted(1, () => ({ conversation: '0-one' }))).toBe(0);
  });

  it('by chat after chat, each of somebody else, however the address is written', async () => {
    const addresses = ['victim@example.com', 'Victim@Example.com', 'victim+more@example.com'];
    expect(await granted(15, (i) => ({ email: addresses[i % 3]! }))).toBe(10);
    expect(await granted(1, () => ({ email: 'victim@example.com' }))).toBe(0);
    later += DAY_MS;
    expect(await granted(1, () => ({ email: 'victim@example.com' }))).toBe(1);
  });

  it('by chat after chat of one contact', async () => {
    expect(await granted(15, (i) => ({ conversation: `0-${i}_contact-9` }))).toBe(10);
  });

  it('by all chats of a tenant together, and what was refused is not counted', async () => {
    expect(await granted(15, (i) => ({ conversation: `0-${i}_contact-9` }))).toBe(10);
    expect(await granted(15, () => ({}))).toBe(MAILS_PER_DAY - 10);
  });

  it('and staff may have every transcript sent to one mailbox', async () => {
    for (let i = 0; i < 30; i++) await ask(`staff-${i}`, 'archive@shop.example', `0-staff-${i}`, '');
    await expect(
      Promise.all(
        Array.from({ length: 6 }, (_, i) => ask(`again-${i}`, 'archive@shop.example', '0-again', '')),
      ),
    ).rejects.toMatchObject({ details: { reason: 'TOO_MANY_MAILS' } });
  });

  it('and a wish that comes twice at once counts once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => ask('same', 'vera@example.com', '0-twice')));
    expect(await granted(8, () => ({ conversation: '0-twice' }))).toBe(4);
  });

  it('and what was counted yesterday is forgotten', async () => {
    await granted(1, () => ({ conversation: '0-kept_contact-9' }));
    later += DAY_MS;
    await allowance.forget(NOON + later);
    expect(await docs.counts.count({})).toBe(1);
    expect(await docs.counts.get('acme/conversation/0-kept_contact-9')).toMatchObject({ count: 1 });
  });
});
