import { type events, isTransient, newId } from '@parley/client';
import type { Conversion, Identity, Page } from '../protocol.js';
import { Attention } from './attention.js';
import { askAvailability } from './availability.js';
import { Conversions } from './conversions.js';
import { mailTranscript, recordPageView } from './deeds.js';
import { askedPauseMs, pause, Pauses } from './insist.js';
import type { Keep } from './keep.js';
import { type LaterMessage, messageRequest } from './later.js';
import { PlaceInLine, waitingIn } from './place.js';
import { quietly } from './quietly.js';
import { VisitorSession } from './session.js';
import { type ChatState, initialState, type Prechat } from './state.js';
import { Talk } from './talk.js';
import { agentNameOf, awaitsAnswer, evolve, isOpen, isReopenable, withReceipt } from './thread.js';
import { Typing } from './typing.js';
import { unsentStorage } from './unsent.js';
import { Visitor } from './visitor.js';

/** How long it may take to learn whether somebody is there. */
const PATIENCE_MS = 1_500;

/** One visitor's chat in this tab: session, connection, conversation. Tells listeners of every new state. */
export class Chat {
  state = initialState;
  readonly #listeners = new Set<(state: ChatState) => void>();
  readonly #session: VisitorSession;
  readonly #talk: Talk;
  readonly #typing: Typing;
  readonly #attention: Attention;
  readonly #place = new PlaceInLine(
    () => {
      const { connection, conversationId } = this.#talk;
      const waits = connection && conversationId && this.state.thread.status === 'queued';
      return waits ? { connection, conversationId } : undefined;
    },
    (position, wait) => this.#set({ position, wait }),
  );
  readonly #visitor: Visitor;
  readonly #conversions: Conversions;
  #pauses = new Pauses();
  #ended = false;
  /** Called with each message that arrives while the chat is open; not with history. */
  onArrival: (() => void) | undefined;

  constructor(
    tenant: string,
    private readonly keep: Keep,
    /** The language that the visitor is to be served in from now on. */
    public locale: string,
  ) {
    this.#session = new VisitorSession(
      tenant,
      keep,
      () => this.locale,
      (visit) => this.#visitor.renewed(visit),
    );
    this.#conversions = new Conversions(tenant, unsentStorage, this.#session, () => !this.#ended);
    this.#typing = new Typing(
      (typing, preview) => {
        const { connection, conversationId } = this.#talk;
        if (conversationId) connection?.typing({ conversationId, typing, preview });
      },
      (typing) => this.#set({ typing }),
    );
    this.#attention = new Attention({
      thread: () => this.state.thread,
      conversationId: () => this.#talk.conversationId,
      call: (method, request) => this.#talk.call(method, request),
      moved: (pageUrl) => this.#set({ thread: { ...this.state.thread, pageUrl } }),
    });
    this.#talk = new Talk({
      tenant,
      locale: () => this.locale,
      session: this.#session,
      mayConnect: () => !this.#ended && this.state.boot === 'ready',
      prechat: () => this.prechat,
      page: () => this.#attention.page,
      set: (change) => this.#set(change),
      begun: () => this.state.begun,
      received: (all) => this.#receive(all),
      typing: (typing) => this.#typing.heard(typing ? agentNameOf(this.state.thread) : undefined),
      arrivedThere: (version) => this.#set({ thread: withReceipt(this.state.thread, version) }),
      welcomed: () => void this.#place.ask(),
      left: () => this.#attention.forget(),
    });
    this.#visitor = new Visitor({
      tenant,
      keep,
      session: this.#session,
      talk: this.#talk,
      isReady: () => !this.#ended && this.state.boot === 'ready',
      isVisible: () => this.visible,
      inChat: () => isOpen(this.state.thread),
      restart: () => {
        this.#set({ boot: 'starting' });
        void this.start();
      },
    });
  }

  subscribe(listener: (state: ChatState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Starts the session and takes up the last conversation; tries again until the gateway answers. */
  async start(): Promise<void> {
    this.#pauses = new Pauses();
    while (!this.#ended) {
      try {
        const { visit, settings } = await this.#session.start();
        this.#set({ settings });
        if (!visit.conversationId && this.visible) await this.#receiveVisitor();
        // Somebody logged out meanwhile.
        if (this.#ended) return;
        this.#set({ boot: 'ready', begun: !!visit.conversationId });
        quietly(this.#conversions.send());
        return this.#visitor.takeUp(visit);
      } catch (error) {
        const boot = isTransient(error) ? 'unreachable' : 'notAllowed';
        this.#set({ boot });
        if (boot === 'notAllowed') return;
        await this.#pauses.after(error, askedPauseMs(error));
      }
    }
  }

  get visible(): boolean {
    return this.#attention.visible;
  }

  setVisible(visible: boolean): void {
    if (visible && this.state.boot === 'ready') {
      this.#talk.connect();
      if (!this.state.begun) void this.#receiveVisitor();
    }
    // Who opens the chat does not wait for the next try.
    if (visible && !this.visible) this.#pauses.cutShort();
    this.#attention.visible = visible;
  }

  /** Asks before anything is shown that would have to make place for the answer; not for long. */
  async #receiveVisitor(): Promise<void> {
    await Promise.race([this.askAvailability(), pause(PATIENCE_MS)]);
    this.#set({ asked: true });
  }

  /** Asks whether somebody is there; what was known stays when nobody can tell. */
  async askAvailability(topic = this.prechat['topic'] ?? ''): Promise<void> {
    if (!this.#session.visit || this.#ended) return;
    const asked = askAvailability(this.#session, this.#attention.page, topic, this.locale);
    const availability = await asked.catch(() => this.state.availability);
    this.#set({ availability });
  }

  /** False when nothing can be sent yet: the text is to be kept where it was typed. */
  send(text: string): boolean {
    this.#talk.connect();
    const { outbox } = this.#talk;
    if (!outbox) return false;
    outbox.send(text);
    this.#typing.stop();
    this.#set({ begun: true });
    return true;
  }

  retry(messageId: string): void {
    this.#talk.outbox?.retry(messageId);
  }

  discard(messageId: string): void {
    this.#talk.outbox?.discard(messageId);
  }

  /** Tells the agents what is being typed. */
  typed(text: string): void {
    if (this.state.thread.status !== 'closed') this.#typing.typed(text);
  }

  setPrechat(answers: Prechat): void {
    this.keep.set('prechat', answers);
  }

  get prechat(): Prechat {
    return { ...this.#visitor.introduction, ...this.keep.get<Prechat>('prechat') };
  }

  /** Leaves a message that is answered later, with what was written in the chat. Rejects when it was not taken. */
  async leaveMessage(message: LaterMessage): Promise<void> {
    const { name, email } = message;
    this.setPrechat({ ...this.prechat, ...(name ? { name } : {}), ...(email ? { email } : {}) });
    await this.#talk.allSent();
    const open = isOpen(this.state.thread) ? this.#talk.conversationId : undefined;
    const { conversationId, created } = open
      ? { conversationId: open, created: false }
      : await this.#talk.start(message, true);
    // A chat that is open, here or in another tab: the message ends it.
    if (!created) await this.#talk.call('LeaveMessage', messageRequest(conversationId, message));
  }

  async end(): Promise<void> {
    const { conversationId } = this.#talk;
    if (conversationId) await this.#talk.call('CloseConversation', { conversationId, commandId: newId() });
  }

  async reopen(): Promise<void> {
    const { conversationId } = this.#talk;
    if (conversationId) await this.#talk.call('ReopenConversation', { conversationId, commandId: newId() });
  }

  async rate(score: number, comment: string): Promise<void> {
    const { conversationId } = this.#talk;
    if (conversationId)
      await this.#talk.call('RateConversation', { conversationId, commandId: newId(), score, comment });
  }

  /** The same command id mails once. Rejects as fetchJson, or when there is no conversation. */
  async mailTranscript(email: string, commandId: string): Promise<void> {
    const { conversationId } = this.#talk;
    if (!conversationId) throw new Error('Nothing was sent yet that could be mailed.');
    await mailTranscript(this.#session, { commandId, conversationId, email, locale: this.locale });
  }

  /** Leaves the closed conversation; the next message starts another. */
  newChat(): void {
    this.#talk.leave();
    this.#talk.openOutbox();
    if (this.visible) void this.#receiveVisitor();
  }

  /** Rejects as VisitorSession.identify, or as a call. */
  async identify({ jwt, name, email }: Identity): Promise<void> {
    const introduction = { ...(name ? { name } : {}), ...(email ? { email } : {}) };
    this.#visitor.introduction = introduction;
    if (jwt) return this.#visitor.identify(jwt);
    const { conversationId } = this.#talk;
    if (conversationId && this.state.thread.status !== 'closed')
      await this.#talk.call('IntroduceVisitor', { conversationId, commandId: newId(), ...introduction });
  }

  /**
   * Counts towards the visitor's latest conversation; nothing happens when there was none. Kept at once, and sent as
   * soon as there is a session. Rejects as Conversions.send.
   */
  async convert(conversion: Conversion): Promise<void> {
    this.#conversions.add(conversion);
    if (this.state.boot === 'ready') await this.#conversions.send();
  }

  /** A page view; only to be called with the visitor's consent. */
  viewed(page: Page, referrer: string): Promise<void> {
    return recordPageView(this.#session, page, referrer);
  }

  setPage(page: Page): void {
    this.#attention.page = page;
  }

  /** Forgets the visitor, as on logout. */
  shutdown(): void {
    this.#ended = true;
    this.#session.end();
    this.#talk.disconnect();
    this.keep.clear();
  }

  #set(change: Partial<ChatState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener(this.state);
  }

  #receive(all: readonly events.RecordedEvent[]): void {
    const before = this.state.thread;
    const thread = all.reduce(evolve, before);
    const over = thread.status === 'closed' && !isReopenable(thread) && !awaitsAnswer(thread);
    if (before.version === 0 && over) return this.newChat();
    this.#set({ thread, ...waitingIn(before, thread) });
    for (const { event, actor } of all) {
      const sent = event?.messageSent;
      if (!sent) continue;
      if (actor?.kind === 'KIND_VISITOR')
        this.#talk.outbox?.confirm(sent.messageId ?? '', sent.clientSeq ?? 0);
      else {
        this.#typing.heard(undefined);
        if (before.version > 0) this.onArrival?.();
      }
    }
    this.#attention.pay();
    if (before.status !== 'queued') void this.#place.ask();
  }
}
