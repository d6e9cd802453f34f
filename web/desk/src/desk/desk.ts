import {
  connect,
  type Connection,
  type ConnectionState,
  newId,
  type presence,
  routing,
  type routingEvents,
} from '@parley/client';
import { accessToken, sessionEnded } from '../session/session.js';
import { administers, type Login, supervises } from '../session/tokens.js';
import {
  emptyInbox,
  type Inbox,
  listsOf,
  resynced,
  rowChanged,
  rowsChanged,
  scopeOf,
  type Viewer,
} from '../state/inbox.js';
import { type TransferNews, transferNews } from '../state/news.js';
import { type Offer, offerChanged, stillRinging } from '../state/offers.js';
import { type Agents, presenceChanged } from '../state/queues.js';
import { createStore, type Store } from '../state/store.js';
import { second, serverNow, setServerTime } from './clock.js';
import { Conversations } from './conversations.js';
import { Drafts } from './drafts.js';
import { type FollowUpFeed, followFollowUps } from './follow-up-feed.js';
import { navigate } from './navigation.js';
import { createNotices, type Notices } from './notices.js';
import { type OlderRows, olderRows } from './older-rows.js';
import { activeOf, namesOf, readPeople } from './people.js';
import { followQueues, type QueueFeed } from './queue-feed.js';
import { followWrapUps, type WrapUps } from './wrap-ups.js';

/** How a transfer ended, and of which chat. */
export interface TransferNewsOf {
  readonly conversationId: string;
  /** The visitor's name; may be empty. */
  readonly name: string;
  readonly news: TransferNews;
}

/** Everything behind the pages of a person who is signed in. */
export interface Desk {
  readonly login: Login;
  readonly viewer: Viewer;
  readonly connection: Connection;
  readonly state: Store<ConnectionState>;
  readonly inbox: Store<Inbox>;
  /** Loads what a list has beyond the rows that are known. */
  readonly olderRows: OlderRows;
  readonly offers: Store<readonly Offer[]>;
  readonly queues: QueueFeed['queues'];
  readonly freeAgents: QueueFeed['freeAgents'];
  readonly agents: Store<Agents>;
  /** Names of the people of the tenant, by user id. */
  readonly people: Store<ReadonlyMap<string, string>>;
  /** Of these the ones who may log in. */
  readonly activePeople: Store<ReadonlyMap<string, string>>;
  readonly conversations: Conversations;
  readonly drafts: Drafts;
  readonly notices: Notices;
  readonly followUps: FollowUpFeed;
  readonly wrapUps: WrapUps;
  /** Chats that the viewer took themselves: their coming needs no announcement. */
  readonly expected: Set<string>;
  /** How transfers that the viewer asked for end. */
  readonly transferNews: Store<TransferNewsOf | undefined>;
  /** `finishing`: with away, and offline after the last chat. */
  setStatus(status: routingEvents.AgentStatus, options?: { finishing?: boolean }): Promise<void>;
  accept(offer: Offer): Promise<void>;
  decline(offer: Offer, reason: string): Promise<void>;
  close(): void;
}

const { OfferChanged_State: OfferState } = routing;

/** Connects the desk of a login. Call close() when it is no longer shown. */
export const openDesk = (login: Login): Desk => {
  const viewer: Viewer = {
    userId: login.user.userId,
    supervises: supervises(login),
    administers: administers(login),
  };
  const connection = connect({
    url: `${location.origin.replace(/^http/, 'ws')}/ws`,
    token: accessToken,
    locale: () => document.documentElement.lang,
  });
  const prefix = `parley.desk.${login.tenant}.${viewer.userId}.`;
  const state = createStore<ConnectionState>(connection.state);
  const inbox = createStore(emptyInbox);
  const offers = createStore<readonly Offer[]>([]);
  const agents = createStore<Agents>(new Map());
  const people = createStore<ReadonlyMap<string, string>>(new Map());
  const activePeople = createStore<ReadonlyMap<string, string>>(new Map());
  const notices = createNotices();
  const lastNews = createStore<TransferNewsOf | undefined>(undefined);
  const expected = new Set<string>();
  const older = olderRows(connection, (rows) => inbox.update((known) => rowsChanged(known, rows, viewer)));

  const takePresence = (incoming: presence.AgentPresence): void =>
    agents.update((known) => presenceChanged(known, incoming));
  const loadPresence = async (): Promise<void> => {
    const list = await connection.call('parley.presence.v1.PresenceService/ListAgentPresence', {});
    for (const entry of list.agents ?? []) takePresence(entry);
  };
  const loadPeople = async (): Promise<void> => {
    const all = await readPeople(connection);
    people.update(() => namesOf(all));
    activePeople.update(() => namesOf(activeOf(all)));
  };
  // What fails here comes again with the next welcome, or live.
  const ignore = (): void => undefined;

  connection.on('state', (next) => state.update(() => next));
  connection.on('welcome', ({ serverTime }) => {
    setServerTime(serverTime);
    older.forget();
    loadPresence().catch(ignore);
    loadPeople().catch(ignore);
  });
  connection.on('inboxChanged', ({ row }) => inbox.update((known) => rowChanged(known, row, viewer)));
  connection.on('inboxResync', ({ scope, rows = [] }) =>
    inbox.update((known) => resynced(known, scope, rows, viewer)),
  );
  connection.on('offerChanged', (change) => {
    const { conversationId = '', offerId } = change.offer ?? {};
    // It rang here, and was accepted here or on another device of the viewer.
    if (change.state === OfferState.STATE_ACCEPTED && offers.get().some((one) => one.offerId === offerId))
      expected.add(conversationId);
    offers.update((known) => offerChanged(known, change));
  });
  connection.on('agentPresence', takePresence);
  connection.on('signedOut', sessionEnded);
  connection.watchInbox(listsOf(viewer).map(scopeOf));
  const queueFeed = followQueues(connection);
  const { queues, freeAgents } = queueFeed;
  const followUps = followFollowUps(connection);
  const wrapUps = followWrapUps(connection, viewer.userId, queues);
  const stopClock = second.subscribe(() => {
    offers.update((known) => stillRinging(known, serverNow()));
    wrapUps.tick();
  });

  const conversations = new Conversations({
    connection,
    userId: viewer.userId,
    prefix,
    onNews: (conversationId, before, after) => {
      const news = transferNews(before, after, viewer.userId);
      if (news) lastNews.update(() => ({ conversationId, name: after.name, news }));
    },
  });
  const take = (offer: Offer, taken: routing.OfferChanged_State): void =>
    offers.update((known) => offerChanged(known, { offer, state: taken }));

  const setStatus: Desk['setStatus'] = async (status, { finishing = false } = {}) => {
    const method = 'parley.presence.v1.PresenceService/SetStatus';
    const answer = await connection.call(method, finishing ? { status, finishing } : { status });
    if (answer.presence) takePresence(answer.presence);
  };

  return {
    ...{ login, viewer, connection, state, inbox, offers, queues, agents, people, conversations, notices },
    ...{ activePeople, freeAgents },
    olderRows: older,
    ...{ followUps, wrapUps, expected, transferNews: lastNews, setStatus },
    drafts: new Drafts(prefix),
    accept: async (offer) => {
      expected.add(offer.conversationId);
      take(offer, OfferState.STATE_ACCEPTED);
      navigate({ view: 'list', list: 'mine', id: offer.conversationId });
      await connection.call('parley.routing.v1.RoutingService/AcceptOffer', { offerId: offer.offerId });
    },
    decline: async (offer, reason) => {
      take(offer, OfferState.STATE_DECLINED);
      const request = { offerId: offer.offerId, reason };
      await connection.call('parley.routing.v1.RoutingService/DeclineOffer', request);
    },
    close: () => {
      stopClock();
      queueFeed.stop();
      followUps.stop();
      wrapUps.stop();
      conversations.close();
      connection.close();
    },
  };
};

/** Ends a conversation, or opens it again. Rejects with an ApiError. */
export const closeConversation = async (
  { connection }: Desk,
  conversationId: string,
  reason: 'CLOSE_REASON_RESOLVED' | 'CLOSE_REASON_UNRESOLVED' | 'CLOSE_REASON_SPAM',
): Promise<void> => {
  const request = { conversationId, commandId: newId(), reason };
  await connection.call('parley.conversation.v1.ConversationService/CloseConversation', request);
};

export const reopenConversation = async ({ connection }: Desk, conversationId: string): Promise<void> => {
  const request = { conversationId, commandId: newId() };
  await connection.call('parley.conversation.v1.ConversationService/ReopenConversation', request);
};
