import { common, conversation, log } from '@parley/contracts';
import type { EventLog, StoredCommit } from '@parley/eventlog';

export type Event = NonNullable<conversation.ConversationEvent['event']>;

const { Actor_Kind: Kind } = common;
export const VISITOR: common.Actor = { kind: Kind.KIND_VISITOR, id: 'contact-1', name: 'Vera Visitor' };
export const AGENT: common.Actor = { kind: Kind.KIND_AGENT, id: 'agent-1', name: 'Anna Agent' };
export const SYSTEM: common.Actor = { kind: Kind.KIND_SYSTEM, id: 'routing', name: '' };

/** An event from a part of it; the rest is as protobuf has it when nothing is set. */
export const event = (partial: object): Event => {
  const made = conversation.ConversationEvent.fromPartial({ event: partial } as never);
  if (!made.event) throw new Error('no event');
  return made.event;
};

export const started = (contactId = VISITOR.id): Event =>
  event({
    $case: 'started',
    value: {
      contactId,
      locale: 'en',
      topic: 'delivery',
      page: { url: 'https://shop.example/orders/secret-order-17', title: 'secret-title' },
      prechat: { order: 'secret-order-17' },
    },
  });
export const said = (messageId: string, text: string): Event =>
  event({ $case: 'messageSent', value: { messageId, content: { $case: 'text', value: { text } } } });
export const noted = (text: string): Event => event({ $case: 'noteAdded', value: { noteId: 'note', text } });
export const joined = (agent = AGENT): Event =>
  event({ $case: 'agentJoined', value: { agentId: agent.id, agentName: agent.name, queueId: 'queue-1' } });
export const closed = (): Event =>
  event({ $case: 'closed', value: { reason: conversation.CloseReason.CLOSE_REASON_RESOLVED } });
export const messageTaken = (): Event => event({ $case: 'messageTaken', value: { queueId: 'queue-1' } });
export const followUpAnswered = (): Event =>
  event({ $case: 'followUpAnswered', value: { agentId: AGENT.id, byMail: true } });
export const erased = (upToVersion: number): Event =>
  event({ $case: 'contentErased', value: { upToVersion, reason: 'contact_request' } });

/** Writes the commits of one conversation into a log, one after the other. */
export class Chat {
  readonly stored: StoredCommit[] = [];
  private version = 0;
  private seq = 0;

  constructor(
    private readonly eventLog: EventLog,
    readonly tenant: string,
    readonly id: string,
    private now = Date.UTC(2026, 0, 5, 9),
  ) {}

  /** One commit of these events; a minute after the one before. */
  async commit(actor: common.Actor, ...events: Event[]): Promise<void> {
    this.now += 60_000;
    const commit: log.Commit = log.Commit.fromPartial({
      tenant: this.tenant,
      aggregateId: this.id,
      firstVersion: this.version + 1,
      time: new Date(this.now),
      commandId: `command-${this.version + 1}`,
      actor,
      events: events.map((it) => Buffer.from(conversation.ConversationEvent.encode({ event: it }).finish())),
    });
    const bytes = log.Commit.encode(commit).finish();
    this.seq = await this.eventLog.append(commit, this.seq, bytes);
    this.version += events.length;
    this.stored.push({
      commit,
      bytes,
      seq: this.seq,
      partition: this.eventLog.partitionOf(this.tenant, this.id),
    });
  }

  /** A whole chat: greeting, both sides, a note, closed. */
  async story(words: string): Promise<this> {
    await this.commit(VISITOR, started(), said('m1', `Hello, ${words}`));
    await this.commit(SYSTEM, joined());
    await this.commit(AGENT, said('m2', 'How can I help?'), noted('A private remark'));
    await this.commit(VISITOR, said('m3', 'Where is my <parcel> & "box"?'));
    await this.commit(AGENT, closed());
    return this;
  }
}
