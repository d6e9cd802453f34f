import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { Collection } from '@parley/store';
import type { MailDoc } from '../documents.js';
import type { Letter } from './template.js';

export interface Outgoing extends Letter {
  /** The same for every try of the same mail. */
  readonly id: string;
  readonly tenant: string;
  /** Key of the conversation it is about. */
  readonly conversation: string;
  readonly to: string;
}

/** Where mails go. Rejects when the mail was not taken. */
export interface MailTransport {
  send(mail: Outgoing): Promise<void>;
  close(): void;
}

const TIMEOUT_MS = 20_000;

/** Hands mails to the SMTP server of the URL (`smtp://user:password@host:587`, `smtps://…`). */
export const smtpTransport = (url: string, from: string): MailTransport => {
  const transport = createTransport(
    {
      url,
      pool: true,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    send: async ({ id, conversation, to, subject, text, html }) => {
      // A mail that is sent again after a lost answer has the same id, by which programs show it once; what it refers
      // to is the same for all mails of a conversation, by which they show them as one thread.
      const thread = `<${nameOf(conversation)}@${domainOf(from)}>`;
      await transport.sendMail({
        // As an object: an address that looks like a list stays one address.
        to: { name: '', address: to },
        subject,
        text,
        html,
        messageId: `<${nameOf(id)}@${domainOf(from)}>`,
        inReplyTo: thread,
        references: thread,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    },
    close: () => transport.close(),
  };
};

const nameOf = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 32);

const domainOf = (from: string): string => /@([\w.-]+)/.exec(from)?.[1] ?? 'localhost';

/** Keeps mails in a collection, for platforms without an SMTP server: ListMail shows them. */
export const mailboxTransport = (mails: Collection<MailDoc>, now: () => number): MailTransport => ({
  send: async ({ id, tenant, conversation, to, subject, text, html }) => {
    await mails.insert({ id, version: 1, tenant, conversation, to, subject, text, html, sentAt: now() });
  },
  close: () => undefined,
});
