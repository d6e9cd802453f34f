import type { Client, Method, presence, transcript } from '@parley/contracts';
import type { Principal, RequestContext } from '@parley/kernel';

const always = (): boolean => true;

/** People who read a conversation that they are no party of. */
const outsider = (response: unknown, principal: Principal): boolean => {
  const { summary } = response as transcript.GetTranscriptResponse;
  return principal.role !== 'visitor' && !summary?.agentIds.includes(principal.id);
};
/** A status set by somebody else. */
const ofAnother = (response: unknown, principal: Principal): boolean =>
  (response as presence.SetStatusResponse).presence?.agentId !== principal.id;
const stranger = (_response: unknown, principal: Principal): boolean => principal.role !== 'visitor';

const TRANSCRIPT = 'parley.transcript.v1.TranscriptService';
const CONVERSATION = 'parley.conversation.v1.ConversationService';
const ROUTING = 'parley.routing.v1.RoutingService';
const PRESENCE = 'parley.presence.v1.PresenceService';
const NOTIFICATION = 'parley.notification.v1.NotificationService';

/** A chat handed on by who stands above it; what agents do in their own stands in its log. */
const byRank = (_response: unknown, { role }: Principal): boolean =>
  role === 'supervisor' || role === 'admin';

type Concerns = (response: unknown, principal: Principal) => boolean;

/** Privileged acts that other services carry out: which calls go to the audit log, by their answer and caller. */
const AUDITED: ReadonlyMap<string, Concerns> = new Map<string, Concerns>([
  [`${TRANSCRIPT}/GetTranscript`, outsider],
  [`${TRANSCRIPT}/ExportTranscript`, stranger],
  [`${TRANSCRIPT}/SearchTranscripts`, stranger],
  [`${TRANSCRIPT}/SetRetention`, always],
  [`${CONVERSATION}/EraseConversation`, always],
  [`${CONVERSATION}/EraseContact`, always],
  [`${CONVERSATION}/MonitorConversation`, always],
  [`${CONVERSATION}/WhisperToAgent`, always],
  [`${CONVERSATION}/JoinAsSupervisor`, always],
  [`${CONVERSATION}/TakeOverConversation`, always],
  [`${CONVERSATION}/TransferConversation`, byRank],
  [`${PRESENCE}/SetStatus`, ofAnother],
  [`${ROUTING}/PutQueue`, always],
  [`${ROUTING}/RemoveQueue`, always],
  [`${ROUTING}/PutAgent`, always],
  [`${ROUTING}/RemoveAgent`, always],
  [`${ROUTING}/PutTeam`, always],
  [`${ROUTING}/RemoveTeam`, always],
  [`${ROUTING}/PutSkill`, always],
  [`${ROUTING}/RemoveSkill`, always],
  [`${ROUTING}/PutSchedule`, always],
  [`${ROUTING}/RemoveSchedule`, always],
  [`${ROUTING}/PutRoutingSettings`, always],
  [`${ROUTING}/SaveWorkflowDraft`, always],
  [`${ROUTING}/PublishWorkflow`, always],
  [`${ROUTING}/RollBackWorkflow`, always],
  [`${ROUTING}/AssignConversation`, always],
  [`${NOTIFICATION}/PutWebhookEndpoint`, always],
  [`${NOTIFICATION}/DeleteWebhookEndpoint`, always],
  [`${NOTIFICATION}/ReplayDelivery`, always],
]);

/** Things that a tenant has one of. */
const ONLY: Readonly<Record<string, string>> = {
  [`${TRANSCRIPT}/SetRetention`]: 'retention',
  [`${ROUTING}/PutRoutingSettings`]: 'settings',
  [`${ROUTING}/SaveWorkflowDraft`]: 'workflow',
  [`${ROUTING}/PublishWorkflow`]: 'workflow',
  [`${ROUTING}/RollBackWorkflow`]: 'workflow',
};

const TARGETS = [
  'conversationId',
  'contactId',
  'queueId',
  'agentId',
  'endpointId',
  'deliveryId',
  'teamId',
  'skillId',
  'scheduleId',
] as const;

type Fields = Readonly<Record<string, unknown>>;

/** Calls that may go to the audit log; what they are done to is told by auditedTarget. */
export const auditedMethods: ReadonlySet<string> = new Set([...AUDITED.keys(), `${CONVERSATION}/ListEvents`]);

/** What to write to the audit log about an answered call: the id it was done to; undefined when nothing. */
export const auditedTarget = (
  method: Method,
  request: unknown,
  response: unknown,
  principal: Principal,
): string | undefined => {
  if (!AUDITED.get(method.path)?.(response, principal)) return undefined;
  const fields = request as Fields;
  // A schedule stands within its request.
  const all = { ...(fields['schedule'] as Fields | undefined), ...fields };
  const target = TARGETS.map((name) => all[name]).find((value) => typeof value === 'string' && value !== '');
  return typeof target === 'string' ? target : (ONLY[method.path] ?? '');
};

/** Reading a live chat, by this call or by a watch of a socket. */
export const LIST_EVENTS = `${CONVERSATION}/ListEvents`;
/** Whoever looks into a chat again and again within this time reads it once, ms. */
const ONE_READING_MS = 3_600_000;
/** Who is in a chat is asked again after this, ms. */
const PARTY_MS = 60_000;
const MOST_READINGS = 20_000;

/**
 * Tells which readings of conversations go to the audit log: those by people who are not in them, once an hour each. It
 * asks the conversation who is; that fails as the reading itself would.
 */
export class Readings {
  /** Until when there is nothing to put on record, ms, by tenant, principal and conversation. */
  private readonly settled = new Map<string, number>();

  constructor(
    private readonly conversations: Pick<
      Client<'parley.conversation.v1.ConversationService'>,
      'getConversation'
    >,
    private readonly now: () => number,
  ) {}

  /** The conversation that was read, where that is to be put on record; undefined when not. */
  async target(method: Method, request: unknown, context: RequestContext): Promise<string | undefined> {
    const { tenant, principal } = context;
    if (method.path !== LIST_EVENTS || principal.role === 'visitor') return undefined;
    const { conversationId } = request as { readonly conversationId: string };
    if (this.now() < (this.settled.get(`${tenant}/${principal.id}/${conversationId}`) ?? 0)) return undefined;
    const { conversation } = await this.conversations.getConversation({ conversationId }, context);
    // A supervisor who has joined is a party; that they joined is on record.
    const { agentIds = [], supervisorIds = [] } = conversation ?? {};
    if (![...agentIds, ...supervisorIds].includes(principal.id)) return conversationId;
    this.settle(context, conversationId, PARTY_MS);
    return undefined;
  }

  /** It stands in the log. */
  recorded(context: RequestContext, conversationId: string): void {
    this.settle(context, conversationId, ONE_READING_MS);
  }

  private settle({ tenant, principal }: RequestContext, conversationId: string, forMs: number): void {
    const key = `${tenant}/${principal.id}/${conversationId}`;
    this.settled.delete(key);
    this.settled.set(key, this.now() + forMs);
    for (const oldest of this.settled.keys()) {
      if (this.settled.size <= MOST_READINGS) return;
      this.settled.delete(oldest);
    }
  }
}
