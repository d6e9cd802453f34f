import { ApiError, ErrorCode, fetchJson, type gateway } from '@parley/client';
import { insist, isInternal } from './insist.js';
import type { Keep, Visit } from './keep.js';

/** What a started session tells. */
export interface Started {
  readonly visit: Visit;
  readonly settings: gateway.WidgetSettings;
}

/** How long a visit that another tab has stored may take to get here. */
const ON_ITS_WAY_MS = 3_000;
/** How long an answer may take while other tabs wait for it; it is taken for lost then. */
const ANSWER_MS = 15_000;
/** How often the others are made to wait for one that was lost: some ten seconds of a gateway that refuses. */
const TRIES_IN_A_ROW = 6;

/**
 * Where a contact's last conversation is kept: not with the visit, as it changes while another tab renews the token, and
 * not with other contacts', as a tab that has not heard yet who the visitor is now remembers one of who they were.
 */
const lastOf = (contactId: string): string => `${LAST}.${contactId}`;
/** Begins every such name. By itself it is that of the only one that earlier releases have kept, with its contact. */
export const LAST = 'conversation';

/** What earlier releases have kept. */
interface Earlier {
  readonly contactId: string;
  readonly conversationId: string;
}

/** The visitor's token and who it stands for. Tabs share it. */
export class VisitorSession {
  #over = false;
  /** The word for who the visitor is that was given last. */
  #claim = '';

  constructor(
    private readonly tenant: string,
    private readonly keep: Keep,
    private readonly locale: () => string,
    /** Told of every visit that was started or renewed here. */
    private readonly renewed: (visit: Visit) => void,
  ) {}

  /** The visitor logged out: an answer that is still under way brings nobody back. */
  end(): void {
    this.#over = true;
  }

  get visit(): Visit | undefined {
    const visit = this.keep.get<Visit>('visit');
    const conversationId = visit && this.#last(visit.contactId);
    return conversationId ? { ...visit, conversationId } : visit;
  }

  /** Starts or renews the session. One tab at a time, so that a new visitor in two tabs is one. Rejects as fetchJson. */
  async start(): Promise<Started> {
    const started = await this.keep.exclusively('visit', () => this.#begin());
    this.renewed(started.visit);
    return started;
  }

  /** A token for the socket; a renewed one when the last was rejected. */
  readonly token = async ({ rejected }: { rejected: boolean }): Promise<string> => {
    const { visit } = this;
    return visit && !rejected ? visit.token : (await this.start()).visit.token;
  };

  /**
   * Becomes the person whom the customer's server vouches for; tries again until the gateway answers or somebody else
   * is vouched for. The session's token changes; until the new one is here no socket whose old one has ended may start
   * another session, or it would be somebody else's. A gateway that answers `internal` is asked ever less often, as
   * `insist` says, and other tabs do not wait for that. Rejects as fetchJson, as soon as the identity is refused.
   */
  identify(jwt: string): Promise<Visit> {
    this.#claim = jwt;
    const wanted = (): boolean => !this.#over && this.#claim === jwt;
    const inARow = (lost: number): Promise<Visit> =>
      insist(
        (more) => this.#become(jwt, lost + more > 0),
        wanted,
        (failures, error) => failures < TRIES_IN_A_ROW && !isInternal(error),
      );
    return insist((lost) => this.keep.exclusively('visit', () => inARow(lost)), wanted);
  }

  remember(conversationId: string): void {
    const { contactId } = this.visit ?? {};
    if (contactId && !this.#over) this.#keepLast(contactId, conversationId);
  }

  /** Calls a method over HTTP as the visitor; once more with a new token when the old one ended. */
  readonly call: Caller = (method, request, options = {}) =>
    this.#attempt(method, request, options, async () => (await this.start()).visit.token);

  async #attempt<M extends Method>(
    method: M,
    request: Parameters<typeof fetchJson<M>>[2],
    options: Parameters<typeof fetchJson>[3],
    renew: () => Promise<string>,
    first = this.visit?.token,
  ): ReturnType<typeof fetchJson<M>> {
    const attempt = async (token: string) => fetchJson('', method, request, { ...options, token });
    try {
      return await attempt(first ?? (await renew()));
    } catch (error) {
      if (!isEnded(error)) throw error;
      return attempt(await renew());
    }
  }

  /**
   * `again`: after a try whose answer was lost. It may have ended the session; the same word then identifies a new one,
   * which nobody else gets to see before.
   */
  async #become(jwt: string, again: boolean): Promise<Visit> {
    const renew = async (): Promise<string> => (await this.#ask()).visit.token;
    const before = again ? await renew() : undefined;
    const {
      token = '',
      contactId = '',
      openConversationId,
    } = await this.#attempt(
      'parley.gateway.v1.AuthService/IdentifyVisitor',
      { jwt },
      { signal: AbortSignal.timeout(ANSWER_MS) },
      renew,
      before,
    );
    const { visit } = this;
    const last = visit?.contactId === contactId ? visit.conversationId : this.#last(contactId);
    return this.#save({ token, contactId, conversationId: openConversationId || last });
  }

  async #begin(): Promise<Started> {
    const { visit, settings } = await this.#ask();
    return { visit: this.#save(visit), settings };
  }

  /** A session for what is stored, or a new one; not stored yet. */
  async #ask(): Promise<Started> {
    for (;;) {
      const before = this.visit;
      const {
        token = '',
        contactId = '',
        settings = {},
        openConversationId,
      } = await fetchJson(
        '',
        'parley.gateway.v1.AuthService/StartVisitorSession',
        { tenant: this.tenant, locale: this.locale(), ...(before ? { token: before.token } : {}) },
        { signal: AbortSignal.timeout(ANSWER_MS) },
      );
      const same = before?.contactId === contactId;
      // The session had ended. Whoever ended it has stored another visit, or none; to save ours before we see theirs
      // would make a stranger of a person who has just logged in.
      if (before && !same) await this.#replaced(before);
      if (!this.#over && this.#isOther(before)) continue;
      const conversationId = openConversationId || (same ? before.conversationId : undefined);
      return { visit: { token, contactId, conversationId }, settings };
    }
  }

  #isOther(before: Visit | undefined): boolean {
    return this.visit?.token !== before?.token;
  }

  /**
   * Resolves once what is stored is not this visit any more, or has been it for long enough: a lock does not make the
   * tab that gets it see what the one before it has stored, as each process of a browser has a copy of the storage.
   */
  #replaced(before: Visit): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.#isOther(before)) done();
      };
      const stop = this.keep.onChange(look);
      const timer = setTimeout(() => done(), ON_ITS_WAY_MS);
      const done = (): void => {
        clearTimeout(timer);
        stop();
        resolve();
      };
      look();
    });
  }

  /** Only for who has the lock. The conversation first, so that other tabs know it once they hear of the visit. */
  #save(visit: Visit): Visit {
    if (this.#over) return visit;
    const { token, contactId, conversationId } = visit;
    if (conversationId) this.#keepLast(contactId, conversationId);
    this.keep.set('visit', { token, contactId });
    return visit;
  }

  #last(contactId: string): string | undefined {
    const earlier = this.keep.get<Earlier>(LAST);
    const known = earlier?.contactId === contactId ? earlier.conversationId : undefined;
    return this.keep.get<string>(lastOf(contactId)) ?? known;
  }

  #keepLast(contactId: string, conversationId: string): void {
    if (this.#last(contactId) !== conversationId) this.keep.set(lastOf(contactId), conversationId);
  }
}

/** Whether a call was refused because of its session, and not for what the identity token says. */
const isEnded = (error: unknown): boolean =>
  error instanceof ApiError &&
  error.code === ErrorCode.unauthenticated &&
  error.details.reason !== 'IDENTITY_NOT_PROVEN';

type Method = Parameters<typeof fetchJson>[1];
type Caller = <M extends Method>(
  method: M,
  request: Parameters<typeof fetchJson<M>>[2],
  options?: { keepalive?: boolean },
) => ReturnType<typeof fetchJson<M>>;
