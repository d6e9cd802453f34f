import { common, conversation, log, routing } from '@parley/contracts';
import type { EventLog } from '@parley/eventlog';

type Talk = NonNullable<conversation.ConversationEvent['event']>;
type Routed = NonNullable<routing.RoutingEvent['event']>;

const { Actor_Kind: Kind } = common;
export const VISITOR: common.Actor = { kind: Kind.KIND_VISITOR, id: 'vera', name: '' };
export const agentActor = (id: string): common.Actor => ({ kind: Kind.KIND_AGENT, id, name: '' });

const talk = (event: object): Talk => conversation.ConversationEvent.fromPartial({ event } as never).event!;
const routed = (event: object): Routed => routing.RoutingEvent.fromPartial({ event } as never).event!;

export const started = talk({ $case: 'started', value: {} });
export const startedBy = (contactId: string, topic: string): Talk =>
  talk({ $case: 'started', value: { contactId, topic } });
export const erased = talk({ $case: 'contentErased', value: { upToVersion: 1 } });
export const entered = (queueId: string): Talk => talk({ $case: 'queueEntered', value: { queueId } });
export const joined = (agentId: string, offerId = `offer-${agentId}`): Talk =>
  talk({ $case: 'agentJoined', value: { agentId, offerId } });
export const left = (agentId: string): Talk => talk({ $case: 'agentLeft', value: { agentId } });
export const said = talk({ $case: 'messageSent', value: { messageId: 'm' } });
export const closed = (reason = conversation.CloseReason.CLOSE_REASON_RESOLVED): Talk =>
  talk({ $case: 'closed', value: { reason } });
export const abandoned = closed(conversation.CloseReason.CLOSE_REASON_ABANDONED);
export const reopened = talk({ $case: 'reopened', value: {} });
export const rated = (score: number): Talk => talk({ $case: 'ratingGiven', value: { score } });
export const converted = talk({ $case: 'conversionRecorded', value: { conversionId: 'c' } });

export const configured = (queueId: string, serviceLevelSeconds: number): Routed =>
  routed({ $case: 'queueConfigured', value: { queue: { queueId, serviceLevelSeconds } } });
export const accepted = (conversationId: string, agentId: string): Routed =>
  routed({ $case: 'offerAccepted', value: { conversationId, agentId, offerId: `offer-${agentId}` } });
export const capacityOf = (agentId: string, capacity: number): Routed =>
  routed({ $case: 'agentConfigured', value: { agent: { agentId, capacity } } });
export const presenceOf = (agentId: string, status: routing.AgentStatus, online = true): Routed =>
  routed({ $case: 'agentPresenceChanged', value: { agentId, status, online } });
export const wrapUp = (conversationId: string, agentId: string, ended = false): Routed =>
  routed({ $case: ended ? 'wrapUpEnded' : 'wrapUpStarted', value: { conversationId, agentId } });

/** One aggregate's log, written commit by commit. */
export class Writer {
  readonly commits: log.Commit[] = [];
  private version = 0;
  private seq = 0;

  constructor(
    private readonly eventLog: EventLog,
    readonly tenant: string,
    readonly id: string,
  ) {}

  /** One commit of these events at this time, ms. */
  async at(time: number, actor: common.Actor, ...events: (Talk | Routed)[]): Promise<this> {
    const codec = this.eventLog.name === 'routing' ? routing.RoutingEvent : conversation.ConversationEvent;
    const commit: log.Commit = log.Commit.fromPartial({
      tenant: this.tenant,
      aggregateId: this.id,
      firstVersion: this.version + 1,
      time: new Date(time),
      commandId: `command-${this.version + 1}`,
      actor,
      events: events.map((event) => Buffer.from(codec.encode({ event } as never).finish())),
    });
    this.seq = await this.eventLog.append(commit, this.seq);
    this.version += events.length;
    this.commits.push(commit);
    return this;
  }

  /** Takes it out of the log, as transcript does with what is long over. */
  purge(): Promise<void> {
    return this.eventLog.purge(this.tenant, this.id, this.seq);
  }
}
