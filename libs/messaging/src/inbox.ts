import { createInbox, type NatsConnection } from '@nats-io/transport-node';

const prefixes = new WeakMap<NatsConnection, string>();

/**
 * The start of every subject that this user is answered on: a server that knows users by name lets each hear only what
 * is meant for itself. Undefined, nats.js's own, without a user.
 */
export const inboxPrefixOf = (user: string | undefined): string | undefined =>
  // A name may have what a subject's token must not have.
  user ? `_INBOX.${user.replace(/[^A-Za-z0-9_-]/g, '_')}` : undefined;

/** Notes with which prefix the connection was opened. */
export const setInboxPrefix = (connection: NatsConnection, prefix: string | undefined): void => {
  if (prefix !== undefined) prefixes.set(connection, prefix);
};

/** A new subject to be answered on, one that the connection's user may hear. */
export const newInbox = (connection: NatsConnection): string => createInbox(prefixes.get(connection));
