import type { conversation } from '@parley/contracts';
import {
  conversationLiveSubject,
  gateway,
  log,
  recordedEvents,
  typingLiveSubject,
  visibleTo,
  type Client,
} from '@parley/contracts';
import type { Clock, RequestContext } from '@parley/kernel';
import { commitAttributes } from '@parley/eventlog';
import type { Bus } from '@parley/messaging';
import { metrics, openSpan, type OpenSpan } from '@parley/telemetry';
import { aboutConversation, errorFrame, eventsFrame, typingFrame } from './frames.js';
import { persist } from './persist.js';
import type { ToApiError } from '../edge/call.js';
import type { SocketPort } from './port.js';
import type { Topics } from './topics.js';

const READ_MS = 10_000;
const PAGE = 500;
/** Live commits kept while a socket catches up; more are read from the log again. */
const MOST_BUFFERED = 64;

interface Live {
  readonly first: number;
  readonly last: number;
  readonly frame: (visitor: boolean) => string;
}

interface Watcher {
  readonly socket: SocketPort;
  readonly visitor: boolean;
  /** The log was read with the socket's own principal: it may see this conversation. */
  admitted: boolean;
  /** Version of the last event sent. */
  last: number;
  /** Commits that came while the log is read for this watcher; undefined when it is not. */
  buffer: Live[] | undefined;
}

interface Feed {
  readonly tenant: string;
  readonly id: string;
  readonly watchers: Map<string, Watcher>;
  /** Resolves once the subscription is in force. */
  readonly ready: Promise<void>;
  readonly leave: () => void;
}

export interface FeedsOptions {
  readonly bus: Pick<Bus, 'flush'>;
  readonly topics: Topics;
  readonly conversations: Pick<Client<'parley.conversation.v1.ConversationService'>, 'listEvents'>;
  readonly clock: Clock;
  readonly toApiError: ToApiError;
}

/** A conversation that sockets of this gateway watch, and what they have got of it. */
export interface Watched {
  readonly tenant: string;
  readonly id: string;
}

/** Conversations as their watchers see them: first what they miss, then live, every version once and in order. */
export class Feeds {
  private readonly feeds = new Map<string, Feed>();
  constructor(private readonly options: FeedsOptions) {}

  /**
   * Sends the socket the events after a version and all that follow. Subscribes before it reads, so nothing falls in
   * between; reading with the socket's own principal is the permission check. A refusal goes out as an error frame.
   * Resolves with true once the socket is up to date, false when it was refused or left before that.
   */
  watch(socket: SocketPort, id: string, afterVersion: number): Promise<boolean> {
    const feed = this.feedOf(socket.session.tenant, id);
    const visitor = socket.session.principal.role === 'visitor';
    const watcher: Watcher = { socket, visitor, admitted: false, last: afterVersion, buffer: undefined };
    feed.watchers.set(socket.id, watcher);
    return this.catchUp(feed, watcher);
  }

  unwatch(socket: SocketPort, id: string): void {
    const feed = this.feeds.get(`${socket.session.tenant}/${id}`);
    if (feed?.watchers.delete(socket.id)) this.drop(feed);
  }

  /** True while the socket watches the conversation or waits to be let in. */
  attached(socket: SocketPort, id: string): boolean {
    return this.feeds.get(`${socket.session.tenant}/${id}`)?.watchers.has(socket.id) ?? false;
  }

  /** True while the socket watches the conversation and was let in. */
  watches(socket: SocketPort, id: string): boolean {
    return this.feeds.get(`${socket.session.tenant}/${id}`)?.watchers.get(socket.id)?.admitted ?? false;
  }

  /** Every conversation that is watched. */
  all(): readonly Watched[] {
    return [...this.feeds.values()];
  }

  /** The conversation is at this version: who has less gets the rest from the log. */
  repair(tenant: string, id: string, head: number): void {
    const feed = this.feeds.get(`${tenant}/${id}`);
    for (const watcher of feed?.watchers.values() ?? [])
      if (feed && watcher.last < head && !watcher.buffer) this.repairGap(feed, watcher, 'heads');
  }

  private feedOf(tenant: string, id: string): Feed {
    const key = `${tenant}/${id}`;
    const existing = this.feeds.get(key);
    if (existing) return existing;
    const watchers = new Map<string, Watcher>();
    const { topics, bus } = this.options;
    const leaveLive = topics.join(conversationLiveSubject(tenant, id), (data) => this.onCommit(feed, data));
    const leaveTyping = topics.join(typingLiveSubject(tenant, id), (data) => onTyping(watchers, data));
    const feed: Feed = {
      tenant,
      id,
      watchers,
      // Without a connection the subscription comes into force with the next one, and the head checks mend the rest.
      ready: bus.flush().catch(() => undefined),
      leave: () => {
        leaveLive();
        leaveTyping();
      },
    };
    this.feeds.set(key, feed);
    return feed;
  }

  private drop(feed: Feed): void {
    const key = `${feed.tenant}/${feed.id}`;
    if (feed.watchers.size > 0 || this.feeds.get(key) !== feed) return;
    feed.leave();
    this.feeds.delete(key);
  }

  private onCommit(feed: Feed, data: Uint8Array): void {
    const commit = log.Commit.decode(data);
    const first = commit.firstVersion;
    const last = first + commit.events.length - 1;
    // Decoded once, and made into text once for each audience that is there.
    let events: conversation.RecordedEvent[] | undefined;
    let forVisitor: string | undefined;
    let forPeople: string | undefined;
    const frame = (visitor: boolean): string => {
      events ??= recordedEvents(commit);
      if (!visitor || events.every((event) => visibleTo('visitor', event) === event))
        return (forPeople ??= eventsFrame(feed.id, events, 'agent'));
      return (forVisitor ??= eventsFrame(feed.id, events, 'visitor'));
    };
    const live = { first, last, frame };
    const span = openDelivery(commit, feed.watchers.size);
    for (const watcher of feed.watchers.values()) {
      if (!watcher.buffer) this.deliver(feed, watcher, live);
      else if (watcher.buffer.length < MOST_BUFFERED) watcher.buffer.push(live);
    }
    span?.end();
  }

  private deliver(feed: Feed, watcher: Watcher, { first, last, frame }: Live): void {
    if (last <= watcher.last) return;
    if (first !== watcher.last + 1) return this.repairGap(feed, watcher, 'live');
    watcher.last = last;
    watcher.socket.send(frame(watcher.visitor));
  }

  private repairGap(feed: Feed, watcher: Watcher, by: 'live' | 'heads'): void {
    metrics.counter('gatewayGapsRepaired').inc({ by });
    void this.catchUp(feed, watcher);
  }

  private async catchUp(feed: Feed, watcher: Watcher): Promise<boolean> {
    const buffer: Live[] = (watcher.buffer = []);
    try {
      await feed.ready;
      const sent = await this.readOn(feed, watcher);
      if (!this.isCurrent(feed, watcher)) return false;
      // Also when there was nothing: so the client knows that it is up to date from here.
      if (!watcher.admitted && !sent) watcher.socket.send(eventsFrame(feed.id, [], 'visitor'));
      watcher.admitted = true;
    } catch (error) {
      if (!this.isCurrent(feed, watcher)) return false;
      feed.watchers.delete(watcher.socket.id);
      this.drop(feed);
      watcher.socket.send(errorFrame(aboutConversation(this.options.toApiError(error), feed.id)));
      return false;
    }
    watcher.buffer = undefined;
    for (const live of buffer) {
      if (watcher.buffer) break;
      this.deliver(feed, watcher, live);
    }
    return true;
  }

  /** Reads and sends what follows the watcher's version, until there is nothing more. False when there was nothing. */
  private async readOn(feed: Feed, watcher: Watcher): Promise<boolean> {
    let sent = false;
    const current = () => this.isCurrent(feed, watcher);
    while (current()) {
      const { events, headVersion } = await persist(
        () =>
          this.options.conversations.listEvents(
            { conversationId: feed.id, afterVersion: watcher.last, limit: PAGE },
            this.contextFor(watcher.socket),
          ),
        { while: current, toApiError: this.options.toApiError },
      );
      if (!current()) return sent;
      const last = events.at(-1)?.version;
      if (last !== undefined && last > watcher.last) {
        await watcher.socket.sendPage(() => {
          if (!current()) return undefined;
          watcher.last = last;
          return eventsFrame(feed.id, events, watcher.visitor ? 'visitor' : 'agent');
        });
        sent = true;
      }
      if (!current()) return sent;
      if (last === undefined || watcher.last >= headVersion) return sent;
    }
    return sent;
  }

  private isCurrent(feed: Feed, watcher: Watcher): boolean {
    return watcher.socket.open && feed.watchers.get(watcher.socket.id) === watcher;
  }

  private contextFor({ session }: SocketPort): RequestContext {
    const { tenant, principal } = session;
    return { tenant, principal, deadline: this.options.clock.now() + READ_MS };
  }
}

/** The last part of a commit's trace: it is sent to the sockets that watch. */
const openDelivery = (commit: log.Commit, sockets: number): OpenSpan | undefined =>
  commit.traceparent
    ? openSpan('deliver conversation', {
        kind: 'consumer',
        traceparent: commit.traceparent,
        attributes: {
          ...commitAttributes('conversation', commit),
          'messaging.operation.name': 'deliver',
          'messaging.operation.type': 'process',
          'parley.sockets': sockets,
        },
      })
    : undefined;

const onTyping = (watchers: ReadonlyMap<string, Watcher>, data: Uint8Array): void => {
  const typing = gateway.Typing.decode(data);
  let forVisitor: string | undefined;
  let forPeople: string | undefined;
  for (const { socket, visitor, admitted } of watchers.values()) {
    if (!admitted) continue;
    // Nobody is told of their own typing; visitors get no preview.
    if (socket.session.principal.id === typing.authorId && visitor === typing.byVisitor) continue;
    socket.send(
      visitor
        ? (forVisitor ??= typingFrame({ ...typing, preview: '' }))
        : (forPeople ??= typingFrame(typing)),
    );
  }
};
