import {
  type Connection,
  type events,
  isTransient,
  type Methods,
  newId,
  openOutbox,
  type Outbox,
  type OutboxItem,
  type Watch,
} from '@parley/client';
import type { Conversion, Identity, Page } from '../protocol.js';
import type { Keep, Visit } from './keep.js';
import {
  type Command,
  CONVERSATION,
  mailTranscript,
  openConnection,
  recordConversion,
  recordPageView,
  startRequest,
} from './deeds.js';
import { PageTeller } from './page-teller.js';
import { PlaceInLine } from './place.js';
import { VisitorSession } from './session.js';
import { type ChatState, initialState, type Prechat } from './state.js';
import { emptyThread, evolve, isOpen, isReopenable, unreadVersion } from './thread.js';
import { Typing } from './typing.js';
import { takeUnsentAlong, unsentPrefix, unsentStorage } from './unsent.js';

const RETRY_MS = 4_000;

/** One visitor's chat in this tab: session, connection, conversation. Tells listeners of every new state. */
export class Chat {
  state = initialState;
  readonly #listeners = new Set<(state: ChatState) => void>();
  readonly #session: VisitorSession;
  readonly #typing: Typing;
  readonly #place = new PlaceInLine(
    () => {
      const [connection, conversationId] = [this.#connection, this.#conversationId];
      const waits = connection && conversationId && this.state.thread.status === 'queued';
      return waits ? { connection, conversationId } : undefined;
    },
    (position) => this.#set({ position }),
  );
  readonly #pages = new PageTeller();
  #connection: Connection | undefined;
  #outbox: Outbox | undefined;
  #watch: Watch | undefined;
  #conversationId: string | undefined;
  #contactId: string | undefined;
  #marked = 0;
  #visible = false;
  #ended = false;
  #introduction: Pick<Identity, 'name' | 'email'> = {};
  /** Called with each message that arrives while the chat is open; not with history. */
  onArrival: (() => void) | undefined;

  constructor(
    private readonly tenant: string,
    private readonly keep: Keep,
    private readonly locale: string,
  ) {
    this.#session = new VisitorSession(tenant, keep, locale);
    this.#typing = new Typing(
      (typing, preview) => {
        const conversationId = this.#conversationId;
        if (conversationId) this.#connection?.typing({ conversationId, typing, preview });
      },
      (typing) => this.#set({ typing }),
    );
    keep.onChange((name) => name === 'visit' && this.#followOtherTab());
    document.addEventListener('visibilitychange', () => this.#turnedTo());
  }

  subscribe(listener: (state: ChatState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Starts the session and takes up the last conversation; tries again until the gateway answers. */
  async start(): Promise<void> {
    while (!this.#ended) {
      try {
        const { visit, settings } = await this.#session.start();
        // Somebody logged out meanwhile.
        if (this.#ended) return this.keep.clear();
        this.#set({ boot: 'ready', settings });
        return this.#takeUp(visit);
      } catch (error) {
        const boot = isTransient(error) ? 'unreachable' : 'notAllowed';
        this.#set({ boot });
        if (boot === 'notAllowed') return;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  get visible(): boolean {
    return this.#visible;
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible && this.state.boot === 'ready') this.#connect();
    this.#markRead();
  }

  /** False when nothing can be sent yet: the text is to be kept where it was typed. */
  send(text: string): boolean {
    this.#connect();
    if (!this.#outbox) return false;
    this.#outbox.send(text);
    this.#typing.stop();
    this.#set({ begun: true });
    return true;
  }

  retry(messageId: string): void {
    this.#outbox?.retry(messageId);
  }

  discard(messageId: string): void {
    this.#outbox?.discard(messageId);
  }

  /** Tells the agents what is being typed. */
  typed(text: string): void {
    if (this.state.thread.status !== 'closed') this.#typing.typed(text);
  }

  setPrechat(answers: Prechat): void {
    this.keep.set('prechat', answers);
  }

  get prechat(): Prechat {
    return { ...this.#introduction, ...this.keep.get<Prechat>('prechat') };
  }

  async end(): Promise<void> {
    const conversationId = this.#conversationId;
    if (conversationId) await this.#call('CloseConversation', { conversationId, commandId: newId() });
  }

  async reopen(): Promise<void> {
    const conversationId = this.#conversationId;
    if (conversationId) await this.#call('ReopenConversation', { conversationId, commandId: newId() });
  }

  async rate(score: number, comment: string): Promise<void> {
    const conversationId = this.#conversationId;
    if (conversationId)
      await this.#call('RateConversation', { conversationId, commandId: newId(), score, comment });
  }

  async mailTranscript(email: string): Promise<void> {
    const { conversationId } = this.#session.visit ?? {};
    if (conversationId) await mailTranscript(this.#session, conversationId, email, this.locale);
  }

  /** Leaves the closed conversation; the next message starts another. */
  newChat(): void {
    this.#leave();
    this.#openOutbox();
  }

  async identify({ jwt, name, email }: Identity): Promise<void> {
    this.#introduction = { ...(name ? { name } : {}), ...(email ? { email } : {}) };
    const conversationId = this.#conversationId;
    if (jwt) {
      this.#becomes(await this.#session.identify(jwt));
    } else if (conversationId && this.state.thread.status !== 'closed')
      await this.#call('IntroduceVisitor', { conversationId, commandId: newId(), ...this.#introduction });
  }

  /** Counts towards the visitor's latest conversation; nothing happens when there was none. */
  async convert(conversion: Conversion): Promise<void> {
    const { conversationId } = this.#session.visit ?? {};
    if (conversationId) await recordConversion(this.#session, conversationId, conversion);
  }

  /** A page view; only to be called with the visitor's consent. */
  viewed(page: Page, referrer: string): Promise<void> {
    return recordPageView(this.#session, page, referrer);
  }

  setPage(page: Page): void {
    this.#pages.page = page;
    this.#tellPage();
  }

  #turnedTo(): void {
    this.#pages.forget();
    this.#markRead();
    this.#tellPage();
  }

  /** Forgets the visitor, as on logout. */
  shutdown(): void {
    this.#ended = true;
    this.#disconnect();
    this.keep.clear();
  }

  #set(change: Partial<ChatState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener(this.state);
  }

  #call<M extends Command>(method: M, request: Methods[`${typeof CONVERSATION}/${M}`][0]): Promise<unknown> {
    this.#connect();
    return this.#connection?.call(`${CONVERSATION}/${method}`, request) ?? Promise.resolve();
  }

  /** Goes on as the contact of `visit`, with what was not sent yet. */
  #becomes(visit: Visit): void {
    const before = this.#contactId;
    this.#disconnect();
    takeUnsentAlong(this.tenant, before, visit);
    this.#takeUp(visit);
  }

  #takeUp(visit: Visit): void {
    this.#contactId = visit.contactId;
    if (visit.conversationId) this.#follow(visit.conversationId);
    else this.#openOutbox();
    if (this.#visible || visit.conversationId) this.#connect();
  }

  #connect(): void {
    if (this.#connection || this.#ended || this.state.boot !== 'ready') return;
    const connection = openConnection(this.#session, this.locale);
    this.#connection = connection;
    connection.on('state', (state) => this.#set({ connection: state }));
    connection.on('welcome', () => void this.#place.ask());
    connection.on('typing', ({ conversationId, typing = false, byVisitor }) => {
      if (conversationId === this.#conversationId && !byVisitor)
        this.#typing.heard(typing ? this.state.thread.agentName : undefined);
    });
    this.#set({ connection: connection.state });
    const conversationId = this.#conversationId;
    if (conversationId) this.#follow(conversationId);
    else this.#openOutbox();
  }

  #disconnect(): void {
    this.#leave();
    this.#connection?.close();
    this.#connection = undefined;
  }

  #leave(): void {
    this.#watch?.stop();
    this.#watch = undefined;
    this.#outbox?.close();
    this.#outbox = undefined;
    this.#conversationId = undefined;
    this.#marked = 0;
    this.#pages.forget();
    this.#set({ thread: emptyThread, outbox: [], begun: false, position: 0, typing: undefined });
  }

  #follow(conversationId: string): void {
    if (this.#conversationId !== conversationId) this.#leave();
    this.#conversationId = conversationId;
    this.#session.remember(conversationId);
    this.#set({ begun: true });
    if (!this.#connection) return;
    this.#watch ??= this.#connection.watch(conversationId, { onEvents: (all) => this.#receive(all) });
    if (!this.#outbox) this.#openOutbox();
  }

  #openOutbox(): void {
    const { visit } = this.#session;
    if (!this.#connection || this.#outbox || !visit) return;
    this.#outbox = openOutbox({
      connection: this.#connection,
      storage: unsentStorage,
      prefix: unsentPrefix(this.tenant, visit.contactId),
      ...(this.#conversationId ? { conversationId: this.#conversationId } : {}),
      start: (first) => this.#begin(first),
      onChange: (outbox) => this.#set({ outbox }),
    });
    const outbox = this.#outbox.items();
    this.#set({ outbox, begun: this.state.begun || outbox.length > 0 });
  }

  async #begin(first: OutboxItem): Promise<{ conversationId: string; created: boolean }> {
    const request = startRequest(first, this.prechat, this.#pages.page, this.locale);
    const answer = await this.#connection?.call(`${CONVERSATION}/StartConversation`, request);
    const { conversationId = '', created = false } = answer ?? {};
    this.#follow(conversationId);
    return { conversationId, created };
  }

  #receive(all: readonly events.RecordedEvent[]): void {
    const before = this.state.thread;
    const thread = all.reduce(evolve, before);
    const stale = before.version === 0 && thread.status === 'closed' && !isReopenable(thread);
    if (stale) return this.newChat();
    this.#set({ thread, ...(thread.status === 'queued' ? {} : { position: 0 }) });
    for (const { event, actor } of all) {
      const sent = event?.messageSent;
      if (!sent) continue;
      if (actor?.kind === 'KIND_VISITOR') this.#outbox?.confirm(sent.messageId ?? '', sent.clientSeq ?? 0);
      else {
        this.#typing.heard(undefined);
        if (before.version > 0) this.onArrival?.();
      }
    }
    this.#markRead();
    this.#tellPage();
    if (before.status !== 'queued') void this.#place.ask();
  }

  #markRead(): void {
    const version = unreadVersion(this.state.thread);
    const conversationId = this.#conversationId;
    if (!conversationId || version <= this.#marked || !this.#visible || document.hidden) return;
    this.#marked = version;
    this.#call('MarkRead', { conversationId, version }).catch(() => (this.#marked = 0));
  }

  #tellPage(): void {
    const { thread } = this.state;
    const conversationId = this.#conversationId;
    if (!conversationId || !isOpen(thread) || document.hidden) return;
    const page = this.#pages.due(thread.pageUrl);
    if (!page) return;
    this.#set({ thread: { ...thread, pageUrl: page.url } });
    this.#call('ChangePage', { conversationId, commandId: newId(), page }).catch(() => undefined);
  }

  #followOtherTab(): void {
    const { visit } = this.#session;
    if (this.#ended || this.state.boot !== 'ready') return;
    if (!visit) {
      // Logged out over there: here goes on whoever comes next.
      this.#disconnect();
      this.#contactId = undefined;
      this.#set({ boot: 'starting' });
      return void this.start();
    }
    if (visit.contactId !== this.#contactId) return this.#becomes(visit);
    const { conversationId } = visit;
    if (conversationId && conversationId !== this.#conversationId && !isOpen(this.state.thread))
      this.#takeUp(visit);
  }
}
