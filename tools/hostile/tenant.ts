import { markOf, noteMarkOf, type TenantName } from './leaks.js';
import { methodOf } from './methods.js';
import { succeeded } from './outcome.js';
import { emailOf, keyOf, PASSWORD, type UserId } from './seed.js';
import { Socket } from './socket.js';
import { eventually } from './suite.js';
import { ANYONE, type Caller, type Transport } from './transports.js';

type Json = Readonly<Record<string, unknown>>;

let serial = 0;
/** An id that nobody has used. */
export const freshId = (): string => `hostile-${++serial}`;

/** A tenant with chats in every state, and all who belong to it. */
export class Tenant {
  readonly people = new Map<UserId, Caller>();
  readonly keys: Readonly<Record<'all' | 'narrow', Caller>>;
  /** Anna's socket: she is online and takes what the default queue holds. */
  agentSocket: Socket | undefined;
  visitors: Readonly<Record<'chatting' | 'done' | 'waiting' | 'stranger', Caller>> | undefined;
  conversations: Readonly<Record<'open' | 'closed' | 'waiting', string>> | undefined;
  ids: Readonly<Record<'offerId' | 'endpointId' | 'deliveryId' | 'contactId', string>> | undefined;

  constructor(
    readonly name: TenantName,
    readonly httpUrl: string,
    private readonly http: Transport,
    private readonly hookUrl: string,
  ) {
    const key = (kind: 'all' | 'narrow', scopes: string[]): Caller => ({
      name: `${name}'s key for ${scopes.join()}`,
      role: 'integration',
      tenant: name,
      token: keyOf(name, kind),
      scopes,
    });
    this.keys = { all: key('all', ['*']), narrow: key('narrow', ['analytics']) };
  }

  person(userId: UserId): Caller {
    const caller = this.people.get(userId);
    if (!caller) throw new Error(`${userId} has not logged in`);
    return caller;
  }

  /** One of this tenant's callers for each role. */
  get callers(): readonly Caller[] {
    return [
      this.visitor('stranger'),
      this.person('ben'),
      this.person('sam'),
      this.person('boss'),
      this.keys.all,
    ];
  }

  visitor(which: 'chatting' | 'done' | 'waiting' | 'stranger'): Caller {
    if (!this.visitors) throw new Error('the tenant is not furnished');
    return this.visitors[which];
  }

  /** Carries out a method that must succeed. */
  async do(caller: Caller, method: string, request: object): Promise<Json> {
    return succeeded(await this.http.call(methodOf(method), request, caller));
  }

  async logIn(userId: UserId): Promise<Caller> {
    const request = { tenant: this.name, email: emailOf(this.name, userId), password: PASSWORD };
    const { tokens, user } = await this.do({ ...ANYONE, tenant: this.name }, 'AuthService/Login', request);
    const { accessToken } = tokens as { accessToken: string };
    return {
      name: `${this.name}'s ${userId}`,
      role: (user as { role: string }).role,
      tenant: this.name,
      token: accessToken,
    };
  }

  async newVisitor(name: string): Promise<Caller & { contactId: string }> {
    const answer = await this.do({ ...ANYONE, tenant: this.name }, 'AuthService/StartVisitorSession', {
      tenant: this.name,
    });
    const { token, contactId } = answer as { token: string; contactId: string };
    return {
      name: `${this.name}'s visitor ${name}`,
      role: 'visitor',
      visitor: true,
      tenant: this.name,
      token,
      contactId,
    };
  }

  /** A conversation whose first message is there. */
  async start(visitor: Caller, queueId: string): Promise<string> {
    const mark = markOf(this.name);
    const { conversationId } = await this.do(visitor, 'ConversationService/StartConversation', {
      commandId: freshId(),
      channel: 'CHANNEL_WEB_CHAT',
      queueId,
      name: `Vera ${mark}`,
      email: `vera@${mark}.example`,
      topic: `topic ${mark}`,
      page: { url: `https://${mark}.example/`, title: mark },
      prechat: { order: mark },
      messageId: freshId(),
      text: `hello ${mark}`,
    });
    return conversationId as string;
  }

  /** Anna accepts the offer of a conversation; resolves with the offer's id. */
  async accept(conversationId: string): Promise<string> {
    const anna = this.person('anna');
    await this.do(anna, 'PresenceService/SetStatus', { status: 'AGENT_STATUS_AVAILABLE' });
    const offerId = await eventually(`an offer of ${conversationId}`, async () => {
      const { offers = [] } = await this.do(anna, 'RoutingService/ListOffers', {});
      const all = offers as { offerId: string; conversationId: string }[];
      return all.find((offer) => offer.conversationId === conversationId)?.offerId;
    });
    await this.do(anna, 'RoutingService/AcceptOffer', { offerId });
    return offerId;
  }

  /** A chat between a visitor and Anna with a note in it. */
  async chat(visitor: Caller): Promise<{ conversationId: string; offerId: string }> {
    const conversationId = await this.start(visitor, 'default');
    const offerId = await this.accept(conversationId);
    const anna = this.person('anna');
    const text = `answer ${markOf(this.name)}`;
    await this.do(anna, 'ConversationService/SendMessage', { conversationId, messageId: freshId(), text });
    const note = `secret ${noteMarkOf(this.name)}`;
    await this.do(anna, 'ConversationService/AddNote', { conversationId, noteId: freshId(), text: note });
    return { conversationId, offerId };
  }

  async close(conversationId: string): Promise<void> {
    const request = { conversationId, commandId: freshId(), reason: 'CLOSE_REASON_RESOLVED' };
    await this.do(this.person('anna'), 'ConversationService/CloseConversation', request);
  }

  /** Logs everybody in and makes chats, a transcript, a mail, a webhook and its delivery. */
  async furnish(): Promise<void> {
    for (const userId of ['boss', 'sam', 'anna', 'ben', 'dora'] as const)
      this.people.set(userId, await this.logIn(userId));
    const anna = this.person('anna');
    const boss = this.person('boss');
    this.agentSocket = await Socket.greet(this.httpUrl, anna.token, anna);
    const endpointId = `${this.name}-hook`;
    const url = `${this.hookUrl}/${markOf(this.name)}`;
    await this.do(boss, 'NotificationService/PutWebhookEndpoint', { endpointId, url, enabled: true });
    await this.rules(boss);
    const [chatting, done, waiting, stranger] = await Promise.all(
      ['chatting', 'done', 'waiting', 'stranger'].map((name) => this.newVisitor(name)),
    );
    if (!chatting || !done || !waiting || !stranger) throw new Error('four visitors were asked for');
    this.visitors = { chatting, done, waiting, stranger };
    const { conversationId: open, offerId } = await this.chat(chatting);
    const { conversationId: closed } = await this.chat(done);
    await this.close(closed);
    const rating = { conversationId: closed, commandId: freshId(), score: 5, comment: markOf(this.name) };
    await this.do(done, 'ConversationService/RateConversation', rating);
    const mail = { commandId: freshId(), conversationId: closed, email: `vera@${markOf(this.name)}.example` };
    await this.do(done, 'NotificationService/SendTranscript', mail);
    this.conversations = { open, closed, waiting: await this.start(waiting, `${this.name}-quiet`) };
    // The strangers have a conversation of their own, so that they are contacts.
    await this.start(stranger, `${this.name}-quiet`);
    const deliveryId = await eventually('a delivery to the webhook', async () => {
      const { deliveries = [] } = await this.do(boss, 'NotificationService/ListDeliveries', { endpointId });
      return (deliveries as { deliveryId: string }[])[0]?.deliveryId;
    });
    await eventually('the transcript is mailed', async () => {
      const { mails = [] } = await this.do(boss, 'NotificationService/ListMail', {});
      return (mails as unknown[])[0];
    });
    this.ids = { offerId, endpointId, deliveryId, contactId: done.contactId };
  }

  /** A team, a skill and hours that nobody uses. */
  private async rules(boss: Caller): Promise<void> {
    const name = markOf(this.name);
    const put = (method: string, request: object) =>
      this.do(boss, `RoutingService/${method}`, { commandId: freshId(), ...request });
    await put('PutTeam', { teamId: `${this.name}-team`, name });
    await put('PutSkill', { skillId: `${this.name}-skill`, name });
    const weekly = [{ day: 1, fromMinute: 540, toMinute: 1020 }];
    const schedule = { scheduleId: `${this.name}-hours`, name, timeZone: 'Europe/Berlin', weekly };
    await put('PutSchedule', { schedule });
  }

  shut(): void {
    this.agentSocket?.close();
  }
}
