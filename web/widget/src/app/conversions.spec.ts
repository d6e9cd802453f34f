import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ApiError, fetchJson, memoryStorage, type OutboxStorage } from '@parley/client';
import { Conversions } from './conversions.js';
import type { Visit } from './keep.js';

interface Asked {
  readonly conversationId: string;
  readonly conversionId: string;
}

/** What the gateway counts, at the other end of a network that can lose its answers. */
class Gateway {
  readonly counted = new Map<string, string>();
  readonly asked: (Asked & { readonly keepalive: boolean })[] = [];
  /** How many answers to come are lost on their way. */
  loses = 0;
  refuses: object | undefined;

  readonly fetch = async (_path: string, { body, keepalive = false }: RequestInit): Promise<Response> => {
    const request = JSON.parse(body as string) as Asked;
    this.asked.push({ ...request, keepalive });
    if (this.refuses) return Response.json(this.refuses, { status: 400 });
    this.counted.set(request.conversionId, request.conversationId);
    if (this.loses-- > 0) throw new TypeError('network error');
    return Response.json({ version: 7 });
  };
}

const real = globalThis.fetch;
let gateway: Gateway;
let storage: OutboxStorage;
let visit: Visit | undefined;
let over: boolean;

/** A page of the site; all pages share storage and visit. */
const newPage = (): Conversions =>
  new Conversions(
    'acme',
    storage,
    {
      call: (method, request, options) => fetchJson('', method, request, { ...options, token: 'token' }),
      get visit() {
        return visit;
      },
    },
    () => !over,
  );
const kept = (): number => storage.list('parley.acme.').length;

beforeEach(() => {
  gateway = new Gateway();
  storage = memoryStorage();
  visit = { token: 'token', contactId: 'noor', conversationId: 'chat' };
  over = false;
  globalThis.fetch = gateway.fetch as typeof fetch;
  jest.useFakeTimers();
});
afterEach(() => {
  globalThis.fetch = real;
  jest.useRealTimers();
});

describe('a conversion', () => {
  it('is sent again with the same id until it is acknowledged, and counts once', async () => {
    const page = newPage();
    gateway.loses = 3;
    page.add({ name: 'purchase' });
    const sent = page.send();
    await jest.advanceTimersByTimeAsync(60_000);
    await sent;
    expect(gateway.asked).toHaveLength(4);
    expect(gateway.counted.size).toBe(1);
    expect(kept()).toBe(0);
  });

  it('outlives the page that told of it', async () => {
    const left = newPage();
    gateway.loses = Infinity;
    left.add({ id: 'order-17' });
    void left.send();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(gateway.asked.every(({ keepalive }) => keepalive)).toBe(true);
    expect(kept()).toBe(1);
    gateway.loses = 0;
    await newPage().send();
    expect([...gateway.counted]).toEqual([['order-17', 'chat']]);
    expect(kept()).toBe(0);
  });

  it('is not sent twice while another one is told of', async () => {
    const page = newPage();
    page.add({ id: 'order-17' });
    const first = page.send();
    page.add({ id: 'order-18' });
    await Promise.all([first, page.send()]);
    expect(gateway.asked.map(({ conversionId }) => conversionId)).toEqual(['order-17', 'order-18']);
  });

  it('counts towards the conversation of its time, else towards the one that the session brings', async () => {
    const page = newPage();
    page.add({ id: 'order-17' });
    visit = undefined;
    page.add({ id: 'order-18' });
    visit = { token: 'token', contactId: 'noor', conversationId: 'later' };
    await page.send();
    expect([...gateway.counted]).toEqual([
      ['order-17', 'chat'],
      ['order-18', 'later'],
    ]);
  });

  it('counts by what the page calls it, also where an id of ours may not be like that', async () => {
    const page = newPage();
    const long = 'long-'.repeat(20);
    const ids = ['a-1', 'a/1', 'a.1', 'Bestellung 7 für Zoë', `${long}1`, `${long}2`, ''];
    for (const id of [...ids, ...ids.slice(0, -1)]) page.add({ id });
    await page.send();
    const sent = gateway.asked.map(({ conversionId }) => conversionId);
    expect(sent.every((id) => /^[A-Za-z0-9_-]{1,64}$/.test(id))).toBe(true);
    expect(new Set(sent).size).toBe(ids.length);
    expect(sent).toContain('a-1');
    for (const id of ids.slice(0, -1)) page.add({ id });
    await page.send();
    expect(gateway.counted.size).toBe(ids.length);
  });

  it('that an earlier release has kept, and perhaps sent, keeps the id that it had there', async () => {
    const conversion = { id: 'order/18', name: 'purchase' };
    storage.set('parley.acme.conversion.order/18', JSON.stringify({ conversion, conversationId: 'chat' }));
    await newPage().send();
    expect([...gateway.counted]).toEqual([['order-18', 'chat']]);
    expect(kept()).toBe(0);
  });

  it('is nothing without a conversation', async () => {
    visit = { token: 'token', contactId: 'noor' };
    const page = newPage();
    page.add({});
    await page.send();
    expect([gateway.asked.length, kept()]).toEqual([0, 0]);
  });

  it.each([
    { code: 9, reason: 'CONVERSION_WINDOW_OVER' },
    { code: 8, reason: 'TOO_MANY_CONVERSIONS' },
  ])('that is refused for good is not tried again: $reason', async (refusal) => {
    gateway.refuses = refusal;
    const page = newPage();
    page.add({ id: 'order-17' });
    const refused = page.send().catch((error: unknown) => error as ApiError);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await refused).toMatchObject({ details: { reason: refusal.reason } });
    expect([gateway.asked.length, kept()]).toEqual([1, 0]);
  });

  it('is not tried any more for who has logged out', async () => {
    gateway.loses = Infinity;
    const page = newPage();
    page.add({ id: 'order-17' });
    const sent = page.send().catch((error: unknown) => error);
    over = true;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await sent).toBeInstanceOf(Error);
    expect(gateway.asked).toHaveLength(1);
  });
});
