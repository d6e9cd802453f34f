import { conversation, longestMs, type Client, type Method } from '@parley/contracts';
import type { ApiError } from '@parley/kernel';
import { failedPrecondition, permissionDenied, resourceExhausted, type Clock } from '@parley/kernel';
import type { Bus } from '@parley/messaging';
import type { AgentQueues } from '@parley/service';
import { metrics } from '@parley/telemetry';
import type { Session, ToApiError } from '../edge/call.js';
import type { Invoker } from '../edge/invoke.js';
import { Bucket, tooFast, type Rate } from '../edge/limits.js';
import { Calls } from './calls.js';
import type { Feeds } from './feeds.js';
import {
  aboutConversation,
  errorFrame,
  goAwayFrame,
  PONG,
  readFrame,
  replyErrorFrame,
  welcomeFrame,
  type ClientFrame,
} from './frames.js';
import { InboxFeed } from './inbox.js';
import { Pages } from './pages.js';
import { PeopleFeed } from './people.js';
import { persist } from './persist.js';
import { MOST_WAITING, type Peer, type SessionListener, type SocketPort, type Wire } from './port.js';
import type { Topics } from './topics.js';
import { TypingOut } from './typing.js';

/** The highest version of the frames that this gateway speaks. */
const PROTOCOL = 1;
export const PING_MS = 20_000;
const MOST_WATCHED = 200;
/** Close code of a socket that is ended with an error. */
const REFUSED = 1008;
/** Frames refused in a row before the socket is closed. */
const MOST_REFUSED = 200;

export interface ConnectionOptions {
  readonly authenticate: (token: string) => Promise<Session>;
  /** Whether pages of the socket's origin may act for this session's tenant. */
  readonly originAllowed: (
    session: Session,
    origin: string | undefined,
    host: string | undefined,
  ) => Promise<boolean>;
  readonly invoker: Invoker;
  readonly feeds: Feeds;
  readonly topics: Topics;
  readonly bus: Pick<Bus, 'publish'>;
  readonly conversations: Pick<Client<'parley.conversation.v1.ConversationService'>, 'listInbox'>;
  readonly routing: Pick<Client<'parley.routing.v1.RoutingService'>, 'listOffers'>;
  readonly agentQueues: AgentQueues;
  readonly presence: SessionListener;
  readonly clock: Clock;
  readonly rate: Rate;
  readonly toApiError: ToApiError;
}

/** What exists once a socket has said hello. */
interface Greeted {
  readonly calls: Calls;
  readonly typing: TypingOut;
  readonly inbox: InboxFeed;
  readonly people: PeopleFeed | undefined;
  readonly watched: Set<string>;
}

/** One client's socket: its frames in, its frames out. */
export class Connection implements SocketPort {
  private identity: Session | undefined;
  private greeted: Greeted | undefined;
  private greeting = false;
  private closed = false;
  private hasWatched = false;
  private refused = 0;
  private readonly pages: Pages;
  private readonly bucket: Bucket;
  readonly openedAt: number;
  /** When the client was last heard of, ms. */
  heardAt: number;

  constructor(
    readonly id: string,
    private readonly wire: Wire,
    private readonly peer: Peer,
    private readonly options: ConnectionOptions,
  ) {
    this.pages = new Pages(wire);
    this.bucket = new Bucket(options.rate, options.clock);
    this.openedAt = this.heardAt = options.clock.now();
  }

  get session(): Session {
    if (!this.identity) throw new Error('a socket was used before its hello');
    return this.identity;
  }
  get sessionOrNone(): Session | undefined {
    return this.greeted && this.identity;
  }
  get open(): boolean {
    return !this.closed && this.wire.open;
  }
  get pendingCalls(): number {
    return this.greeted?.calls.pending ?? 0;
  }

  send(frame: string): void {
    if (!this.open) return;
    if (this.wire.waitingBytes > MOST_WAITING) return this.sendAway();
    this.wire.send(frame);
  }

  sendPage(frame: () => string | undefined): Promise<void> {
    return this.pages.send(frame);
  }

  /** One text frame came in. Never throws. */
  receive(text: string): void {
    this.heardAt = this.options.clock.now();
    let frame: ClientFrame | undefined;
    try {
      const waitMs = this.bucket.take();
      frame = readFrame(text);
      // An unwatch is no load but the end of one; refused it would never come again.
      if (waitMs > 0 && frame?.kind !== 'unwatch') throw tooFast('this socket', waitMs);
      this.refused = 0;
      if (frame) this.handle(frame);
    } catch (error) {
      this.refuse(this.options.toApiError(error), frame);
    }
  }

  /** A frame that could not be read at all. */
  reject(error: ApiError): void {
    this.heardAt = this.options.clock.now();
    this.refuse(error, undefined);
  }

  /** Sends an error frame and closes the socket with it. */
  fail(error: ApiError): void {
    if (this.open) this.wire.send(errorFrame(error, true));
    this.end(REFUSED, error.details.reason ?? 'error');
  }

  /** Asks the client to open another socket after so many ms; this one is served until it does. */
  askToLeave(afterMs: number): void {
    if (this.open) this.wire.send(goAwayFrame(afterMs, 'draining'));
  }

  private sendAway(): void {
    this.wire.send(goAwayFrame(0, 'slow'));
    this.end(1013, 'slow');
  }

  /** Closes, and lets go of everything. */
  end(code = 1000, reason = ''): void {
    if (this.closed) return;
    this.closed = true;
    metrics.counter('gatewaySocketsClosed').inc({ cause: causeOf(code, reason) });
    this.wire.close(code, reason);
    if (!this.greeted) return;
    const { calls, typing, inbox, people, watched } = this.greeted;
    typing.close();
    inbox.close();
    people?.close();
    for (const id of watched) this.options.feeds.unwatch(this, id);
    // A conversation that is just being started is left as well: presence is to hear of it first.
    calls.whenIdle(() => this.options.presence.closed(this));
  }

  /** Lists are read again: they have no versions by which a gap would show. */
  resync(): void {
    void this.greeted?.inbox.resync();
    void this.greeted?.people?.resync();
  }

  private refuse(error: ApiError, frame: ClientFrame | undefined): void {
    if (++this.refused > MOST_REFUSED) return this.fail(error);
    if (frame?.kind === 'call') this.send(replyErrorFrame(frame.value.id, error));
    else if (frame?.kind === 'watch')
      this.send(errorFrame(aboutConversation(error, frame.value.conversationId)));
    else this.send(errorFrame(error));
  }

  private handle(frame: ClientFrame): void {
    if (frame.kind === 'hello') return this.hello(frame.value.token);
    if (frame.kind === 'ping') return this.send(PONG);
    if (!this.greeted)
      throw failedPrecondition('HELLO_FIRST', 'the first frame of a socket is a hello; wait for the welcome');
    const { calls, typing, inbox, watched } = this.greeted;
    switch (frame.kind) {
      case 'call':
        return calls.run(frame.value.id, frame.value.method, frame.value.request ?? {});
      case 'watch':
        return this.watch(frame.value.conversationId, frame.value.afterVersion ?? 0, watched);
      case 'unwatch':
        watched.delete(frame.value.conversationId);
        this.options.feeds.unwatch(this, frame.value.conversationId);
        this.reportVisitor(watched);
        return;
      case 'typing': {
        const { conversationId, typing: on = false, preview = '', receivedVersion = 0 } = frame.value;
        if (!this.options.feeds.watches(this, conversationId))
          throw failedPrecondition('NOT_WATCHED', 'watch the conversation before typing in it');
        if (receivedVersion > 0) return typing.received(conversationId, receivedVersion);
        return typing.set(conversationId, on, preview);
      }
      case 'activity': {
        const { idleMs = 0, awayAfterSeconds = 0 } = frame.value;
        if (this.session.principal.role === 'visitor')
          throw permissionDenied('ROLE_NOT_ALLOWED', 'activity frames are for people at a desk');
        return this.options.presence.active(this, this.options.clock.now() - idleMs, awayAfterSeconds);
      }
      case 'watchInbox':
        return inbox.watch((frame.value.scopes ?? []).map((scope) => conversation.inboxScopeFromJSON(scope)));
    }
  }

  private hello(token: string): void {
    if (this.greeting)
      throw failedPrecondition('HELLO_TWICE', 'this socket has said hello: open another for another token');
    this.greeting = true;
    this.greet(token).catch((error: unknown) => this.fail(this.options.toApiError(error)));
  }

  private async greet(token: string): Promise<void> {
    const { options, peer } = this;
    const session = await options.authenticate(token);
    if (session.principal.role === 'integration')
      throw permissionDenied('ROLE_NOT_ALLOWED', 'API keys open no sockets: call methods over gRPC or HTTP');
    if (!(await options.originAllowed(session, peer.origin, peer.host)))
      throw permissionDenied(
        'ORIGIN_NOT_ALLOWED',
        `pages of ${peer.origin ?? ''} may not use this tenant: add the origin to its allowedOrigins`,
      );
    if (!this.open) return;
    this.identity = session;
    const { principal } = session;
    const { clock } = options;
    this.wire.send(
      welcomeFrame({
        protocolVersion: PROTOCOL,
        sessionId: this.id,
        pingIntervalMs: PING_MS,
        serverTime: new Date(clock.now()),
        principalId: principal.id,
        role: principal.role,
      }),
    );
    this.greeted = {
      calls: new Calls(
        options.invoker,
        this,
        (method) => this.caller(method),
        options.toApiError,
        (id) => this.started(id),
      ),
      typing: new TypingOut(options.bus, this),
      inbox: new InboxFeed(options, this),
      people: principal.role === 'visitor' ? undefined : new PeopleFeed(options, this),
      watched: new Set(),
    };
    metrics
      .counter('gatewaySocketsOpened')
      .inc({ kind: principal.role === 'visitor' ? 'visitor' : 'person' });
    options.presence.opened(this, '');
  }

  private watch(conversationId: string, afterVersion: number, watched: Set<string>): void {
    if (!watched.has(conversationId) && watched.size >= MOST_WATCHED)
      throw resourceExhausted(
        'TOO_MANY_WATCHED',
        `a socket watches ${MOST_WATCHED} conversations at most: unwatch some`,
      );
    if (!this.hasWatched && afterVersion > 0) metrics.counter('gatewaySocketsResumed').inc();
    this.hasWatched = true;
    watched.add(conversationId);
    void this.options.feeds.watch(this, conversationId, afterVersion).then((admitted) => {
      // Another watch of the same conversation may have replaced this one.
      if (!admitted && !this.options.feeds.attached(this, conversationId)) watched.delete(conversationId);
      if (admitted) this.putOnRecord(conversationId, watched);
      this.reportVisitor(watched);
    });
  }

  /**
   * People who follow a chat that they are not in are on the audit log, or do not follow it. While the log does not
   * answer it is tried again, also when they have left meanwhile: what they have seen is put on record.
   */
  private putOnRecord(conversationId: string, watched: Set<string>): void {
    const { invoker, feeds, toApiError } = this.options;
    if (this.session.principal.role === 'visitor') return;
    persist(() => invoker.watched(conversationId, this.caller()), { toApiError }).catch((error: unknown) => {
      watched.delete(conversationId);
      feeds.unwatch(this, conversationId);
      this.send(errorFrame(aboutConversation(toApiError(error), conversationId)));
    });
  }

  /** Who calls from here, with the time that a call of the method may take from now on. */
  private caller(method?: Method) {
    const { session, peer, options } = this;
    const deadline = options.clock.now() + longestMs(method);
    return { session, ...peer, transport: 'socket', deadline } as const;
  }

  private started(conversationId: string): void {
    if (this.session.principal.role === 'visitor') this.options.presence.opened(this, conversationId);
  }

  private reportVisitor(watched: ReadonlySet<string>): void {
    if (!this.open || this.session.principal.role !== 'visitor') return;
    const current = [...watched].findLast((id) => this.options.feeds.watches(this, id)) ?? '';
    this.options.presence.opened(this, current);
  }
}

const causeOf = (code: number, reason: string): string => {
  if (code === REFUSED) return 'refused';
  return reason === '' ? 'left' : reason;
};
