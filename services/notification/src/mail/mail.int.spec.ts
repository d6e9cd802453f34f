import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { conversation, recordedEvents, transcript, visibleTo } from '@parley/contracts';
import { ErrorCode, newAggregateId, systemClock, type RequestContext } from '@parley/kernel';
import { openStore, type Store } from '@parley/store';
import { createLogger } from '@parley/telemetry';
import { eventually } from '@parley/testkit';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { notificationHandlers } from '../api.js';
import { assemble } from '../assembly.js';
import { openCollections, type Collections } from '../documents.js';
import { documentSealer } from '../secrets.js';
import { openMailbox } from '../store.js';
import { AGENT, Chat, VISITOR, closed, erased, event, noted, said, started } from '../testing/chats.js';
import { mailboxTransport, smtpTransport, type MailTransport } from './transport.js';

const { CONVERSATION_STATE_ACTIVE: ACTIVE, CONVERSATION_STATE_CLOSED: CLOSED } =
  conversation.ConversationState;

let folder: string;
let store: Store;
let docs: Collections;
let service: ReturnType<typeof assemble>;
let chat: Chat;
let state: conversation.ConversationState;
let askedAs: RequestContext[];
/** How many events transcript has; all when undefined. */
let transcriptHas: number | undefined;
/** How many events one answer of transcript has. */
let partEvents: number;

let smtp: SMTPServer;
let smtpUrl: string;
let refusals: number;
const arrived: { to: string[]; mail: ParsedMail }[] = [];

const begin = (transport: MailTransport, behind = { baseMs: 50, capMs: 100, attempts: 1_000 }) =>
  assemble({
    docs,
    sealer: documentSealer(['a secret of at least sixteen characters']),
    poster: { post: async () => 204 },
    transport,
    transcripts: {
      getTranscript: async ({ afterVersion }, context) => {
        askedAs.push(context);
        const events = chat.commits.flatMap(recordedEvents).slice(0, transcriptHas);
        const part = events.slice(afterVersion, afterVersion + partEvents);
        return transcript.GetTranscriptResponse.fromPartial({
          events: part.map((recorded) => visibleTo('visitor', recorded)),
          nextAfterVersion: afterVersion + part.length < events.length ? part.at(-1)?.version : 0,
        });
      },
    },
    retry: { baseMs: 5, capMs: 20, attempts: 4 },
    behind,
    mailsPerDay: 100,
    concurrency: 1,
    allowPrivate: false,
    clock: systemClock,
    logger: createLogger('notification', { level: 'silent' }),
  });
const admin: RequestContext = {
  tenant: 'acme',
  principal: { role: 'admin', id: 'admin' },
  deadline: Date.now() + 60_000,
};
const api = () =>
  notificationHandlers({
    ...service,
    mailbox: openMailbox(docs),
    conversations: {
      getConversation: async ({ conversationId }) =>
        conversation.GetConversationResponse.fromPartial({
          conversation: { conversationId, state, contactId: 'contact-1' },
        }),
    },
  });
const ask = (commandId: string, email = 'vera@example.com') =>
  api().sendTranscript({ commandId, conversationId: chat.id, email, locale: '' }, admin);
const mailbox = async () => (await api().listMail({ page: undefined }, admin)).mails;

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, callback) => {
      if (refusals-- > 0) {
        stream.resume().on('end', () => callback(new Error('try later')));
        return;
      }
      void simpleParser(stream).then((mail) => {
        arrived.push({ to: session.envelope.rcptTo.map(({ address }) => address), mail });
        callback();
      });
    },
  });
  smtp.listen(0, '127.0.0.1');
  await once(smtp.server, 'listening');
  smtpUrl = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-mail-'));
  store = await openStore({ name: 'notification', durability: 'record', folder });
  docs = await openCollections(store);
  chat = new Chat('acme', newAggregateId(0, Date.now()), Date.now());
  askedAs = [];
  arrived.length = 0;
  refusals = 0;
  transcriptHas = undefined;
  partEvents = 1_000;
  state = ACTIVE;
  service = begin(mailboxTransport(docs.mails, () => Date.now()));
  for (const run of [chat.next(VISITOR, started()), chat.next(VISITOR, said('Wo ist mein Paket?'))])
    await service.projection.apply([run]);
});
afterEach(async () => {
  await service.stop();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a transcript by mail', () => {
  it('has all that transcript gives in parts', async () => {
    partEvents = 2;
    await service.projection.apply([chat.next(AGENT, said('Unterwegs.')), chat.next(AGENT, closed())]);
    state = CLOSED;
    await ask('command-1');
    await eventually(async () => (await mailbox()).length === 1);
    const [mail] = await mailbox();
    expect(mail?.text).toContain('Wo ist mein Paket?');
    expect(mail?.text).toContain('Unterwegs.');
  });

  it('comes once the conversation is closed, once for a command id, in its language', async () => {
    await ask('command-1');
    await ask('command-1');
    expect(await mailbox()).toEqual([]);
    await service.projection.apply([chat.next(AGENT, closed())]);
    await eventually(async () => (await mailbox()).length === 1);
    state = CLOSED;
    await ask('command-1');
    await ask('command-2', 'other@example.com');
    await eventually(async () => (await mailbox()).length === 2);
    const mails = await mailbox();
    expect(mails.map(({ to }) => to).sort()).toEqual(['other@example.com', 'vera@example.com']);
    expect(mails[0]?.text).toContain('Wo ist mein Paket?');
    expect(mails[0]?.subject).toContain('Ihr Gespräch');
    expect(askedAs[0]?.principal).toEqual({ role: 'visitor', id: 'contact-1' });
    expect((await api().listMail({ page: undefined }, { ...admin, tenant: 'other' })).mails).toEqual([]);
  });

  it('waits until transcript has the whole conversation', async () => {
    transcriptHas = 2;
    await ask('command-1');
    await service.projection.apply([chat.next(AGENT, closed())]);
    await eventually(() => askedAs.length > 0);
    expect(await mailbox()).toEqual([]);
    transcriptHas = undefined;
    await eventually(async () => (await mailbox()).length === 1);
    expect((await mailbox())[0]?.text).toContain('Das Gespräch wurde beendet');
  });

  it('is sent although the process that should have noticed the closing did not', async () => {
    await ask('command-1');
    const before = (await docs.requests.get('acme/command-1'))!;
    await service.projection.apply([chat.next(AGENT, closed())]);
    await service.stop();
    await docs.mails.deleteWhere({ tenant: 'acme' });
    await docs.requests.put([{ ...before, version: 100 }]);
    service = begin(mailboxTransport(docs.mails, () => Date.now()));
    await service.start();
    await eventually(async () => (await mailbox()).length === 1);
  });

  it('goes through a real SMTP server, again when that refuses, with one message id', async () => {
    await service.stop();
    service = begin(smtpTransport(smtpUrl, 'Shop <chat@shop.example>'));
    refusals = 2;
    state = CLOSED;
    await service.projection.apply([chat.next(AGENT, closed())]);
    await ask('command-1');
    await eventually(() => arrived.length === 1);
    const [{ to, mail }] = arrived as [(typeof arrived)[0]];
    expect(to).toEqual(['vera@example.com']);
    expect(mail.subject).toContain('Ihr Gespräch vom');
    expect(mail.text).toContain('Wo ist mein Paket?');
    expect(String(mail.html)).toContain('Wo ist mein Paket?');
    expect(mail.messageId).toMatch(/^<[0-9a-f]{32}@shop\.example>$/);
    await eventually(async () => (await docs.requests.get('acme/command-1'))?.state === 'sent');
    expect((await docs.requests.get('acme/command-1'))?.email).toBe('');
  });

  it('is given up, with the reason, when transcript never has the conversation', async () => {
    await service.stop();
    service = begin(
      mailboxTransport(docs.mails, () => Date.now()),
      { baseMs: 2, capMs: 4, attempts: 3 },
    );
    transcriptHas = 2;
    await service.projection.apply([chat.next(AGENT, closed())]);
    state = CLOSED;
    await ask('command-1');
    await eventually(async () => (await docs.requests.get('acme/command-1'))?.state === 'dead');
    expect(await docs.requests.get('acme/command-1')).toMatchObject({
      behind: 3,
      lastError: 'transcript has never had all of it',
    });
    expect(await mailbox()).toEqual([]);
  });

  it('is given up after the last try', async () => {
    await service.stop();
    service = begin(smtpTransport(smtpUrl, 'chat@shop.example'));
    refusals = 100;
    state = CLOSED;
    await service.projection.apply([chat.next(AGENT, closed())]);
    await ask('command-1');
    await eventually(async () => (await docs.requests.get('acme/command-1'))?.state === 'dead');
  });

  it.each(['', 'nobody', 'a@b, c@d.example', 'a@b.example\nBcc: x@y.example', '<a@b.example>'])(
    'is refused for %j',
    async (email) => {
      await expect(ask('command-1', email)).rejects.toMatchObject({ code: ErrorCode.invalidArgument });
    },
  );
});

describe('the answer to a message that was left', () => {
  const address = (email: string) => event({ $case: 'visitorIdentified', value: { name: 'Vera', email } });
  const taken = event({ $case: 'messageTaken', value: { queueId: 'q' } });
  const answered = (byMail = true) =>
    event({ $case: 'followUpAnswered', value: { agentId: 'agent-1', byMail } });
  const apply = async (...steps: readonly Parameters<Chat['next']>[]) => {
    for (const step of steps) await service.projection.apply([chat.next(...step)]);
  };
  const left = (email = 'vera@example.com') =>
    apply([VISITOR, address(email)], [VISITOR, taken], [AGENT, closed()]);
  const requestFor = (version: number) => docs.requests.get(`acme/answer-${chat.id}-v${version}`);

  it('goes to the address of the conversation, with what it answers, in one thread with its other mails', async () => {
    await service.stop();
    service = begin(smtpTransport(smtpUrl, 'Shop <chat@shop.example>'));
    state = CLOSED;
    await left();
    await ask('command-1');
    await eventually(() => arrived.length === 1);
    await apply([AGENT, noted('grumpy')], [AGENT, said('Es ist <unterwegs>.')], [AGENT, answered()]);
    await eventually(() => arrived.length === 2);
    const [transcriptMail, answerMail] = arrived;
    expect(answerMail?.to).toEqual(['vera@example.com']);
    expect(answerMail?.mail.subject).toContain('AW: Ihre Nachricht vom');
    const text = answerMail?.mail.text ?? '';
    expect(text.indexOf('unterwegs')).toBeGreaterThan(0);
    expect(text.indexOf('Wo ist mein Paket?')).toBeGreaterThan(text.indexOf('unterwegs'));
    expect(text).not.toContain('grumpy');
    expect(String(answerMail?.mail.html)).toContain('Es ist &lt;unterwegs&gt;.');
    expect(answerMail?.mail.inReplyTo).toBe(transcriptMail?.mail.inReplyTo);
    expect(answerMail?.mail.messageId).not.toBe(transcriptMail?.mail.messageId);
  });

  it('is mailed once, however often the log is read, and not when it is not to be', async () => {
    await left();
    await apply([AGENT, said('Ja.')], [AGENT, answered(false)]);
    await apply([AGENT, said('Doch.')]);
    const run = chat.next(AGENT, answered());
    await service.projection.apply([run]);
    await service.projection.apply([run]);
    await eventually(async () => (await requestFor(chat.commits.length))?.state === 'sent');
    expect((await mailbox()).map(({ to, text }) => [to, text.includes('Doch.')])).toEqual([
      ['vera@example.com', true],
    ]);
    expect(await docs.requests.count({ conversation: `acme/${chat.id}`, state: 'sent' })).toBe(1);
  });

  it.each(['', 'a@b, c@d.example'])('is not sent to %j', async (email) => {
    await left(email);
    await apply([AGENT, said('Ja.')], [AGENT, answered()]);
    await eventually(async () => (await requestFor(chat.commits.length))?.state === 'sent');
    expect(await mailbox()).toEqual([]);
  });

  it('goes with an erasure', async () => {
    transcriptHas = 2;
    await left();
    await apply([AGENT, said('Ja.')], [AGENT, answered()]);
    const { length } = chat.commits;
    expect(await requestFor(length)).toBeDefined();
    await apply([AGENT, erased(length)]);
    expect(await requestFor(length)).toBeUndefined();
  });
});
