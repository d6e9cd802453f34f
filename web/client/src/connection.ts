import { type ApiError, unavailable } from '@parley/kernel';
import { Calls } from './calls.js';
import { Emitter } from './emitter.js';
import type { RecordedEvent } from './gen/parley/conversation/v1/events.js';
import type { InboxScope } from './gen/parley/conversation/v1/service.js';
import type { Activity, ServerFrame, Typing, Welcome } from './gen/parley/gateway/v1/frames.js';
import type { Methods } from './gen/methods.js';
import { type ConnectionState, Link, type LinkOptions } from './link.js';
import { Receipts } from './receipts.js';
import { platformRuntime, type Runtime } from './runtime.js';
import { type Watch, Watches } from './watches.js';

type Pushed = Pick<
  ServerFrame,
  | 'typing'
  | 'inboxChanged'
  | 'inboxResync'
  | 'offerChanged'
  | 'agentPresence'
  | 'queueState'
  | 'queueRemoved'
  | 'staffState'
>;

/** What a connection tells its listeners; frames that the gateway pushes under their own names. */
export type ConnectionEvents = { [K in keyof Pushed]-?: NonNullable<Pushed[K]> } & {
  state: ConnectionState;
  welcome: Welcome;
  /** A frame of ours was refused, or the hello was. */
  error: ApiError;
  /** The gateway goes down: the connection moves to another one at the time it was told. */
  goAway: undefined;
  /** The token function had no valid token any more; the connection is closed. */
  signedOut: ApiError;
};

export interface CallOptions {
  /** How long to wait for a reply, offline periods included; 30 s when not given. */
  timeoutMs?: number;
}

/** A connection to a gateway that outlives its sockets. */
export interface Connection {
  readonly state: ConnectionState;
  /** The last welcome; undefined before the first. */
  readonly welcome: Welcome | undefined;
  on<K extends keyof ConnectionEvents>(event: K, listener: (value: ConnectionEvents[K]) => void): () => void;
  /** A public method by its path. Kept and sent again over reconnects; rejects with an ApiError. */
  call<M extends keyof Methods>(
    method: M,
    request: Methods[M][0],
    options?: CallOptions,
  ): Promise<Methods[M][1]>;
  /** Each event after `afterVersion` (0: all), once and in order. Throws when the conversation is watched already. */
  watch(
    conversationId: string,
    options: {
      afterVersion?: number;
      onEvents: (events: readonly RecordedEvent[]) => void;
      /** Whether the other side is told that events have reached this client; asked after onEvents. */
      receipts?: () => boolean;
    },
  ): Watch;
  /** Rows of these inboxes come as `inboxResync` and `inboxChanged`; replaces what was watched before. */
  watchInbox(scopes: readonly InboxScope[]): void;
  /** Live only: lost when offline. */
  typing(typing: Pick<Typing, 'conversationId' | 'typing' | 'preview'>): void;
  /** Live only: somebody touched the desk. Tell again after every welcome. */
  activity(activity: Activity): void;
  /** Tries again now, without waiting for the backoff. */
  retryNow(): void;
  /** Ends the connection for good; open calls reject. */
  close(): void;
}

const PUSHED = [
  'typing',
  'inboxChanged',
  'inboxResync',
  'offerChanged',
  'agentPresence',
  'queueState',
  'queueRemoved',
  'staffState',
] as const;

/** Opens a connection and keeps it open until close(). `runtime` is for tests. */
export const connect = (options: LinkOptions, runtime: Runtime = platformRuntime): Connection => {
  const emitter = new Emitter<ConnectionEvents>();
  let lastWelcome: Welcome | undefined;
  let inboxScopes: readonly InboxScope[] = [];

  const link = new Link(options, runtime, {
    onState: (state) => emitter.emit('state', state),
    onWelcome: (welcome) => {
      lastWelcome = welcome;
      // Watches first: the events that a call causes are then seen in any case.
      watches.resume();
      if (inboxScopes.length > 0) link.send({ watchInbox: { scopes: [...inboxScopes] } });
      calls.resend();
      emitter.emit('welcome', welcome);
    },
    onFrame: (frame) => {
      if (frame.reply) calls.receive(frame.reply);
      else if (frame.events) watches.receive(frame.events);
      else for (const name of PUSHED) emitPushed(name, frame);
    },
    onError: (error) => {
      if (!watches.refused(error)) emitter.emit('error', error);
    },
    onGoAway: () => emitter.emit('goAway', undefined),
    onSignedOut: (error) => {
      calls.failAll(error);
      emitter.emit('signedOut', error);
    },
  });
  const calls = new Calls(runtime, (frame) => link.send(frame));
  const watches = new Watches(runtime, (frame) => link.send(frame));
  const receipts = new Receipts(runtime, (frame) => link.send(frame));
  const emitPushed = <K extends (typeof PUSHED)[number]>(name: K, frame: ServerFrame): void => {
    const value = frame[name];
    if (value) emitter.emit(name, value);
  };

  const stopListening = followNetwork(link);
  link.connectNow();

  return {
    get state() {
      return link.state;
    },
    get welcome() {
      return lastWelcome;
    },
    on: (event, listener) => emitter.on(event, listener),
    call: <M extends keyof Methods>(
      method: M,
      request: Methods[M][0],
      { timeoutMs = 30_000 }: CallOptions = {},
    ) =>
      link.state === 'closed'
        ? Promise.reject(unavailable('CLOSED', 'The connection was closed. Open a new one.'))
        : (calls.call(method, request, timeoutMs) as Promise<Methods[M][1]>),
    watch: (conversationId, { afterVersion = 0, onEvents, receipts: tells }) =>
      watches.watch(conversationId, afterVersion, (events) => {
        onEvents(events);
        if (tells?.()) receipts.arrived(conversationId, events.at(-1)?.version ?? 0);
      }),
    watchInbox: (scopes) => {
      inboxScopes = scopes;
      link.send({ watchInbox: { scopes: [...scopes] } });
    },
    typing: (typing) => void link.send({ typing }),
    activity: (activity) => void link.send({ activity }),
    retryNow: () => link.connectNow(),
    close: () => {
      stopListening();
      watches.stopAll();
      link.close();
      calls.failAll(unavailable('CLOSED', 'The connection was closed.'));
    },
  };
};

type NetworkEvents = Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>>;

/** Lets a browser's own knowledge of the network shorten the wait. Returns a function that stops it. */
const followNetwork = (link: Link): (() => void) => {
  const target = globalThis as unknown as NetworkEvents;
  const onOnline = (): void => link.connectNow();
  const onOffline = (): void => link.drop();
  target.addEventListener?.('online', onOnline);
  target.addEventListener?.('offline', onOffline);
  return () => {
    target.removeEventListener?.('online', onOnline);
    target.removeEventListener?.('offline', onOffline);
  };
};
