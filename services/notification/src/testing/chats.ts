import { common, conversation, log } from '@parley/contracts';
import type { Run } from '@parley/eventlog';

type Event = NonNullable<conversation.ConversationEvent['event']>;

const { Actor_Kind: Kind } = common;
export const VISITOR: common.Actor = { kind: Kind.KIND_VISITOR, id: 'contact-1', name: 'Vera' };
export const AGENT: common.Actor = { kind: Kind.KIND_AGENT, id: 'agent-1', name: 'Anna' };

/** An event from a part of it; the rest is as protobuf has it when nothing is set. */
export const event = (partial: object): Event => {
  const made = conversation.ConversationEvent.fromPartial({ event: partial } as never);
  if (!made.event) throw new Error('no event');
  return made.event;
};
export const started = (): Event =>
  event({ $case: 'started', value: { contactId: 'contact-1', locale: 'de-AT' } });
export const said = (text: string): Event =>
  event({ $case: 'messageSent', value: { messageId: 'm', content: { $case: 'text', value: { text } } } });
export const noted = (text: string): Event => event({ $case: 'noteAdded', value: { noteId: 'n', text } });
export const joined = (): Event =>
  event({ $case: 'agentJoined', value: { agentId: 'agent-1', agentName: 'Anna', queueId: 'q' } });
export const closed = (): Event =>
  event({ $case: 'closed', value: { reason: conversation.CloseReason.CLOSE_REASON_RESOLVED } });
export const erased = (upToVersion: number): Event =>
  event({ $case: 'contentErased', value: { upToVersion, reason: 'contact_request' } });

/** The commits of one conversation, one event each. */
export class Chat {
  readonly commits: log.Commit[] = [];
  private seq = 0;

  constructor(
    readonly tenant: string,
    readonly id: string,
    private now: number,
  ) {}

  /** The run of one further commit. */
  next(actor: common.Actor, it: Event): Run {
    this.now += 1_000;
    const commit = log.Commit.fromPartial({
      tenant: this.tenant,
      aggregateId: this.id,
      firstVersion: this.commits.length + 1,
      time: new Date(this.now),
      actor,
      events: [Buffer.from(conversation.ConversationEvent.encode({ event: it }).finish())],
    });
    this.commits.push(commit);
    return { tenant: this.tenant, id: this.id, commits: [{ commit, seq: ++this.seq, partition: 0 }] };
  }
}
