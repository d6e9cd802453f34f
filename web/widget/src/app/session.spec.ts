import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ApiError } from '@parley/client';
import type { Keep } from './keep.js';
import { VisitorSession } from './session.js';

const SAID_BY_SHOP = 'a-word-of-the-shop';

/** What the gateway knows of sessions, at the other end of a network that can lose its answers. */
class Gateway {
  readonly alive = new Map<string, string>();
  readonly asked: string[] = [];
  readonly spoken: string[] = [];
  /** How many answers to come are lost on their way. */
  loses = 0;
  down = false;
  /** Whether it fails for a reason of its own to identify anybody. */
  broken = false;
  refused = 0;
  #made = 0;

  /** A token for a session of this contact. */
  begin(contactId: string): string {
    const token = `token-${++this.#made}`;
    this.alive.set(token, contactId);
    return token;
  }

  readonly fetch = async (path: string, init: RequestInit): Promise<Response> => {
    const method = path.split('/').at(-1) ?? '';
    this.asked.push(method);
    if (this.down) throw new TypeError('network error');
    const bearer = new Headers(init.headers).get('authorization')?.slice('Bearer '.length) ?? '';
    const request = JSON.parse(init.body as string) as { token?: string; jwt?: string; locale?: string };
    if (request.locale) this.spoken.push(request.locale);
    const answer = method === 'IdentifyVisitor' ? this.#identify(bearer, request) : this.#start(request);
    if (this.loses > 0 && method === 'IdentifyVisitor') {
      this.loses--;
      throw new TypeError('network error');
    }
    if ('code' in answer) this.refused++;
    return Response.json(answer, { status: 'code' in answer ? 401 : 200 });
  };

  #identify(bearer: string, { jwt }: { jwt?: string }): object {
    if (!this.alive.has(bearer)) return { code: 16, reason: 'SESSION_ENDED' };
    if (this.broken) return { code: 13 };
    if (jwt !== SAID_BY_SHOP) return { code: 16, reason: 'IDENTITY_NOT_PROVEN' };
    const token = this.begin('vera');
    this.alive.delete(bearer);
    return { token, contactId: 'vera', openConversationId: 'chat' };
  }

  #start({ token = '' }: { token?: string }): object {
    const contactId = this.alive.get(token) ?? `stranger-${this.#made}`;
    return { token: this.begin(contactId), contactId };
  }
}

/** What a browser's tabs share. `late`: a tab to which what the others store has not come yet. */
class Shelf {
  readonly values = new Map<string, unknown>();
  readonly stored: unknown[] = [];

  tab(late?: ReadonlyMap<string, unknown>): Keep {
    return {
      get: <T>(name: string) => (late ?? this.values).get(name) as T | undefined,
      set: (name, value) => {
        this.values.set(name, value);
        this.stored.push(value);
      },
      clear: () => this.values.clear(),
      onChange: () => () => undefined,
      exclusively: (_name, work) => work(),
    };
  }
}

const real = globalThis.fetch;
let gateway: Gateway;
let shelf: Shelf;
let language: string;
const sessionOn = (keep: Keep): VisitorSession =>
  new VisitorSession(
    'acme',
    keep,
    () => language,
    () => undefined,
  );

beforeEach(() => {
  gateway = new Gateway();
  shelf = new Shelf();
  language = 'en';
  globalThis.fetch = gateway.fetch as typeof fetch;
  jest.useFakeTimers();
});
afterEach(() => {
  globalThis.fetch = real;
  jest.useRealTimers();
});

describe('a visitor’s session', () => {
  it('is not brought back by a tab that hears late and remembers a conversation', async () => {
    const one = sessionOn(shelf.tab());
    const { visit: before } = await one.start();
    const other = sessionOn(shelf.tab(new Map(shelf.values)));
    const after = await one.identify(SAID_BY_SHOP);
    other.remember('its own');
    expect(other.visit?.token).toBe(before.token);
    expect(one.visit).toEqual({ token: after.token, contactId: 'vera', conversationId: 'chat' });
  });

  it('remembers the conversation of its contact only', async () => {
    const session = sessionOn(shelf.tab());
    await session.start();
    session.remember('of the stranger');
    expect(session.visit?.conversationId).toBe('of the stranger');
    await session.identify(SAID_BY_SHOP);
    expect(session.visit?.conversationId).toBe('chat');
    session.remember('of vera');
    const { visit } = await session.start();
    expect([visit.conversationId, session.visit?.conversationId]).toEqual(['of vera', 'of vera']);
  });

  it('is renewed in the language that is spoken by then', async () => {
    const session = sessionOn(shelf.tab());
    await session.start();
    language = 'de';
    await session.start();
    expect(gateway.spoken).toEqual(['en', 'de']);
  });

  it('goes on with what an earlier release has stored', async () => {
    shelf.values.set('visit', { token: gateway.begin('noor'), contactId: 'noor', conversationId: 'old' });
    const session = sessionOn(shelf.tab());
    expect(session.visit?.conversationId).toBe('old');
    await session.start();
    expect(session.visit).toMatchObject({ contactId: 'noor', conversationId: 'old' });
  });

  it('goes on with the conversation that a later one of them has stored beside it, for its contact', async () => {
    const { visit } = await sessionOn(shelf.tab()).start();
    shelf.values.set('conversation', { contactId: visit.contactId, conversationId: 'old' });
    const session = sessionOn(shelf.tab());
    expect(session.visit?.conversationId).toBe('old');
    session.remember('new');
    expect(session.visit?.conversationId).toBe('new');
    await session.identify(SAID_BY_SHOP);
    expect(session.visit?.conversationId).toBe('chat');
  });

  it('is identified again when answers are lost, and nobody sees the stranger in between', async () => {
    const session = sessionOn(shelf.tab());
    await session.start();
    shelf.stored.length = 0;
    gateway.loses = 3;
    const identified = session.identify(SAID_BY_SHOP);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await identified).toMatchObject({ contactId: 'vera', conversationId: 'chat' });
    expect(JSON.stringify(shelf.stored)).not.toContain('stranger');
    expect(gateway.alive.get(session.visit?.token ?? '')).toBe('vera');
    // An ended token is not tried, which every console of the page's visitors would complain about.
    expect(gateway.refused).toBe(0);
  });

  it('is identified once the gateway is back after long, and then not asked again', async () => {
    const session = sessionOn(shelf.tab());
    await session.start();
    gateway.loses = 20;
    const identified = session.identify(SAID_BY_SHOP);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(await identified).toMatchObject({ contactId: 'vera' });
    const { length } = gateway.asked;
    await jest.advanceTimersByTimeAsync(600_000);
    expect(gateway.asked.length).toBe(length);
  });

  it('is identified once a fault of the gateway is mended, which was asked ever less often', async () => {
    let held = 0;
    const keep = shelf.tab();
    const session = sessionOn({
      ...keep,
      exclusively: async (_name, work) => {
        const { length } = gateway.asked;
        return work().finally(() => (held = gateway.asked.length - length));
      },
    });
    await session.start();
    gateway.broken = true;
    gateway.asked.length = 0;
    const identified = session.identify(SAID_BY_SHOP);
    await jest.advanceTimersByTimeAsync(3_600_000);
    const identifications = gateway.asked.filter((method) => method === 'IdentifyVisitor');
    // At most 24 at the longest pauses, and some six before those.
    expect(identifications.length).toBeLessThan(35);
    expect(held).toBeLessThanOrEqual(2);
    gateway.broken = false;
    await jest.advanceTimersByTimeAsync(300_000);
    expect(await identified).toMatchObject({ contactId: 'vera' });
  });

  it('stays whose it is when the identity is refused, at once', async () => {
    const session = sessionOn(shelf.tab());
    const { visit } = await session.start();
    gateway.asked.length = 0;
    const refused = await session.identify('forged').catch((error: unknown) => error);
    expect((refused as ApiError).details.reason).toBe('IDENTITY_NOT_PROVEN');
    expect(gateway.asked).toEqual(['IdentifyVisitor']);
    expect(session.visit?.token).toBe(visit.token);
  });

  it('is not identified any more by who was vouched for before, or after logging out', async () => {
    const session = sessionOn(shelf.tab());
    await session.start();
    for (const stop of [() => void session.identify('forged').catch(() => undefined), () => session.end()]) {
      gateway.down = true;
      const identified = session.identify(SAID_BY_SHOP).catch((error: Error) => error);
      await jest.advanceTimersByTimeAsync(1_000);
      gateway.down = false;
      stop();
      await jest.advanceTimersByTimeAsync(60_000);
      expect(await identified).toBeInstanceOf(Error);
      expect(session.visit?.contactId).not.toBe('vera');
    }
  });
});
