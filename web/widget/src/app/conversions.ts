import { ApiError, newId, type OutboxStorage } from '@parley/client';
import type { Conversion } from '../protocol.js';
import { recordConversion } from './deeds.js';
import { insist } from './insist.js';
import type { VisitorSession } from './session.js';

/** What is stored of a conversion until the gateway has it. */
interface Pending {
  readonly conversion: Conversion & { readonly id: string };
  /** The id of every try. Missing in what earlier releases have stored, and perhaps sent already. */
  readonly conversionId?: string;
  /** Undefined while none is known here; the session may bring one along. */
  readonly conversationId: string | undefined;
}

/**
 * Conversions that the gateway has not acknowledged. They survive the page, as a sale is often the last thing that
 * happens on one. Tabs do not take turns: what two of them send counts once.
 */
export class Conversions {
  /** Within what `keep` clears. Not one contact's: who logs in takes the conversation along. */
  readonly #prefix: string;
  readonly #underWay = new Set<string>();

  constructor(
    tenant: string,
    private readonly storage: OutboxStorage,
    private readonly session: Pick<VisitorSession, 'call' | 'visit'>,
    private readonly wanted: () => boolean,
  ) {
    this.#prefix = `parley.${tenant}.conversion.`;
  }

  /** Keeps a conversion until it was sent. Without an id of its own it gets one here, so that every try has the same. */
  add(conversion: Conversion): void {
    const id = String(conversion.id ?? '') || newId();
    const { conversationId } = this.session.visit ?? {};
    const conversionId = conversionIdOf(id);
    const pending: Pending = { conversion: { ...conversion, id }, conversionId, conversationId };
    this.storage.set(this.#prefix + id, JSON.stringify(pending));
  }

  /**
   * Sends all that is kept, again until it is acknowledged; to nobody when there was no conversation. Rejects as
   * fetchJson when one is refused for good.
   */
  async send(): Promise<void> {
    const kept = this.storage.list(this.#prefix).map((text) => JSON.parse(text) as Pending);
    const idle = kept.filter(({ conversion }) => !this.#underWay.has(conversion.id));
    await Promise.all(idle.map((each) => this.#deliver(each)));
  }

  async #deliver({ conversion, conversionId, conversationId: known }: Pending): Promise<void> {
    const { id } = conversion;
    const sentAs = conversionId ?? readable(id).slice(0, MOST);
    const conversationId = known ?? this.session.visit?.conversationId;
    let full = false;
    this.#underWay.add(id);
    try {
      if (conversationId)
        await insist(
          () =>
            recordConversion(this.session, conversationId, sentAs, conversion).catch((error: unknown) => {
              full = isFull(error);
              throw error;
            }),
          () => this.wanted() && !full,
        );
    } finally {
      this.#underWay.delete(id);
      this.storage.remove(this.#prefix + id);
    }
  }
}

/** How long an id of ours may be. */
const MOST = 64;
/** A digest of 64 bits is no longer than this. */
const DIGEST = 13;

const readable = (id: string): string => id.replace(/[^A-Za-z0-9_-]/g, '-');

/**
 * An order number may hold what an id of ours may not, and be longer. It can be recognised then, and a digest of the
 * whole tells it from others that look the same.
 */
const conversionIdOf = (id: string): string => {
  const same = readable(id);
  return same === id && id.length <= MOST ? id : `${same.slice(0, MOST - DIGEST - 1)}-${digest(id)}`;
};

/** FNV-1a, as browsers have no digest of their own on pages without TLS, and none that does not make one wait. */
const digest = (text: string): string => {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(36);
};

/** Its code says that it may pass, as that of a rate limit; a full conversation stays full. */
const isFull = (error: unknown): boolean =>
  error instanceof ApiError && error.details.reason === 'TOO_MANY_CONVERSIONS';
