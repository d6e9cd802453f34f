import { ApiError, ErrorCode, fetchJson, type gateway } from '@parley/client';
import type { Keep, Visit } from './keep.js';

/** What a started session tells. */
export interface Started {
  readonly visit: Visit;
  readonly settings: gateway.WidgetSettings;
}

/** How long a visit that another tab has stored may take to get here. */
const ON_ITS_WAY_MS = 3_000;

/** The visitor's token and who it stands for. Tabs share it. */
export class VisitorSession {
  #over = false;

  constructor(
    private readonly tenant: string,
    private readonly keep: Keep,
    private readonly locale: string,
    /** Told of every visit that was started or renewed here. */
    private readonly renewed: (visit: Visit) => void,
  ) {}

  /** The visitor logged out: an answer that is still under way brings nobody back. */
  end(): void {
    this.#over = true;
  }

  get visit(): Visit | undefined {
    return this.keep.get<Visit>('visit');
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
   * Becomes the person whom the customer's server vouches for. The session's token changes; until the new one is here
   * no socket whose old one has ended may start another session, or it would be somebody else's.
   */
  identify(jwt: string): Promise<Visit> {
    return this.keep.exclusively('visit', async () => {
      const {
        token = '',
        contactId = '',
        openConversationId,
      } = await this.#attempt('parley.gateway.v1.AuthService/IdentifyVisitor', { jwt }, {}, async () => {
        const { visit } = await this.#begin();
        return visit.token;
      });
      const same = this.visit?.contactId === contactId ? this.visit.conversationId : undefined;
      return this.#save({ token, contactId, conversationId: openConversationId || same });
    });
  }

  remember(conversationId: string): void {
    const { visit } = this;
    if (visit && visit.conversationId !== conversationId) this.#save({ ...visit, conversationId });
  }

  /** Calls a method over HTTP as the visitor; once more with a new token when the old one ended. */
  readonly call: Caller = (method, request, options = {}) =>
    this.#attempt(method, request, options, async () => (await this.start()).visit.token);

  async #attempt<M extends Method>(
    method: M,
    request: Parameters<typeof fetchJson<M>>[2],
    options: Parameters<typeof fetchJson>[3],
    renew: () => Promise<string>,
  ): ReturnType<typeof fetchJson<M>> {
    const attempt = async (token: string) => fetchJson('', method, request, { ...options, token });
    try {
      return await attempt(this.visit?.token ?? (await renew()));
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== ErrorCode.unauthenticated) throw error;
      return attempt(await renew());
    }
  }

  async #begin(): Promise<Started> {
    for (;;) {
      const before = this.visit;
      const {
        token = '',
        contactId = '',
        settings = {},
        openConversationId,
      } = await fetchJson('', 'parley.gateway.v1.AuthService/StartVisitorSession', {
        tenant: this.tenant,
        locale: this.locale,
        ...(before ? { token: before.token } : {}),
      });
      const same = before?.contactId === contactId;
      // The session had ended. Whoever ended it has stored another visit, or none; to save ours before we see theirs
      // would make a stranger of a person who has just logged in.
      if (before && !same) await this.#replaced(before);
      if (!this.#over && this.#isOther(before)) continue;
      const conversationId = openConversationId || (same ? before.conversationId : undefined);
      return { visit: this.#save({ token, contactId, conversationId }), settings };
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

  #save(visit: Visit): Visit {
    if (!this.#over) this.keep.set('visit', visit);
    return visit;
  }
}

type Method = Parameters<typeof fetchJson>[1];
type Caller = <M extends Method>(
  method: M,
  request: Parameters<typeof fetchJson<M>>[2],
  options?: { keepalive?: boolean },
) => ReturnType<typeof fetchJson<M>>;
