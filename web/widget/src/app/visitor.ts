import type { Identity } from '../protocol.js';
import type { Keep, Visit } from './keep.js';
import { LAST, type VisitorSession } from './session.js';
import type { Talk } from './talk.js';
import { takeUnsentAlong } from './unsent.js';

/** What it needs of the chat around it. */
export interface Around {
  readonly tenant: string;
  readonly keep: Keep;
  readonly session: VisitorSession;
  readonly talk: Talk;
  /** Whether a session has been started here and is not over. */
  readonly isReady: () => boolean;
  readonly isVisible: () => boolean;
  /** Whether a conversation goes on here. */
  readonly inChat: () => boolean;
  /** Begins from the start, for whoever comes next. */
  readonly restart: () => void;
}

/** Whom the chat of this tab is with: somebody who may log in or out while it goes on, here or in another tab. */
export class Visitor {
  /** What the page says about them, without proof. */
  introduction: Pick<Identity, 'name' | 'email'> = {};
  #contactId: string | undefined;

  constructor(private readonly around: Around) {
    around.keep.onChange((name) => {
      if ((name === 'visit' || name.startsWith(LAST)) && around.isReady()) this.#followOtherTab();
    });
  }

  /** Goes on with their last conversation, if there is one. */
  takeUp(visit: Visit): void {
    const { talk, isVisible } = this.around;
    this.#contactId = visit.contactId;
    if (visit.conversationId) talk.follow(visit.conversationId);
    else talk.openOutbox();
    if (isVisible() || visit.conversationId) talk.connect();
  }

  /** Becomes the person whom the customer's server vouches for. Rejects as VisitorSession.identify. */
  async identify(jwt: string): Promise<void> {
    const visit = await this.around.session.identify(jwt);
    if (this.around.isReady()) this.#becomes(visit);
  }

  /** A session was renewed; when it had ended, another visitor's has followed it. */
  renewed(visit: Visit): void {
    if (this.around.isReady() && visit.contactId !== this.#contactId) this.#becomes(visit);
  }

  /** Goes on as the contact of `visit`, with what was not sent yet. */
  #becomes(visit: Visit): void {
    const before = this.#contactId;
    this.around.talk.disconnect(!!visit.conversationId);
    takeUnsentAlong(this.around.tenant, before, visit);
    this.takeUp(visit);
  }

  #followOtherTab(): void {
    const { session, talk, inChat, restart } = this.around;
    const { visit } = session;
    if (!visit) {
      // Logged out over there: here goes on whoever comes next.
      talk.disconnect();
      this.#contactId = undefined;
      this.introduction = {};
      return restart();
    }
    if (visit.contactId !== this.#contactId) return this.#becomes(visit);
    const { conversationId } = visit;
    if (conversationId && conversationId !== talk.conversationId && !inChat()) this.takeUp(visit);
  }
}
