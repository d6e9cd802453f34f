/**
 * Every subject of the platform, made in one place. Tenants and ids have been checked against ID_PATTERN before they
 * get here: a wildcard in one of them would reach other people's data.
 */
import { hash32, isId } from '@parley/kernel';

const token = (value: string): string => {
  if (!isId(value)) throw new Error(`not a subject token: ${JSON.stringify(String(value).slice(0, 80))}`);
  return value;
};

/** The logs: name of the family, in subjects and, in upper case, in stream names. */
export type LogName = 'conversation' | 'routing' | 'tenant';

export const streamName = (log: LogName, partition: number): string => `${log.toUpperCase()}_${partition}`;
export const streamSubjects = (log: LogName, partition: number): string => `${log}.${partition}.>`;
export const logSubject = (log: LogName, partition: number, tenant: string, id: string): string =>
  `${log}.${partition}.${token(tenant)}.${token(id)}`;

/** How far the partitions of a log are, told by whoever appended: JSON, `[[partition, lastSequence], …]`. */
export const appendedSubject = (log: LogName): string => `${log}.appended`;

/** Commands go to the owner of a partition, which subscribes as a queue group of this same name. */
export const commandSubject = (service: string, partition: number): string =>
  `${token(service)}.command.${partition}`;

/** Commits right after they are durable: encoded parley.log.v1.Commit. */
export const conversationLiveSubject = (tenant: string, id: string): string =>
  `conversation.live.${token(tenant)}.${token(id)}`;
/** Typing in a conversation: encoded parley.gateway.v1.Typing. Never logged. */
export const typingLiveSubject = (tenant: string, id: string): string =>
  `conversation.typing.${token(tenant)}.${token(id)}`;
/**
 * Inbox rows: encoded parley.conversation.v1.InboxRow. `scope` is `agent-<id>` for each agent in the chat,
 * `queue-<id>` while it waits (and once more when it stops waiting), `all` for supervisors.
 */
export const inboxLiveSubject = (
  tenant: string,
  scope: `agent-${string}` | `queue-${string}` | 'all',
): string => `inbox.live.${token(tenant)}.${scopeToken(scope)}`;
/** Every queue's rows of a tenant: what an agent's inbox of waiting chats subscribes to. */
export const inboxLiveQueues = (tenant: string): string => `inbox.live.${token(tenant)}.*`;
// A prefix and an id: longer than an id alone may be.
const scopeToken = (scope: string): string => {
  const dash = scope.indexOf('-');
  if (dash > 0) token(scope.slice(dash + 1));
  else token(scope);
  return scope;
};

/** Offers of one agent: encoded parley.routing.v1.OfferChanged. */
export const offerLiveSubject = (tenant: string, agentId: string): string =>
  `routing.live.${token(tenant)}.offer.${token(agentId)}`;
/** Queue figures: encoded parley.routing.v1.QueueState; no bytes at all when the queue was removed. */
export const queueLiveSubject = (tenant: string, queueId: string): string =>
  `routing.live.${token(tenant)}.queue.${token(queueId)}`;
export const queueLiveAll = (tenant: string): string => `routing.live.${token(tenant)}.queue.*`;
/** Who serves the queues, as one: encoded parley.routing.v1.StaffState. */
export const staffLiveSubject = (tenant: string): string => `routing.live.${token(tenant)}.staff`;
/** An agent as routing sees them: encoded parley.routing.v1.AgentState; no bytes at all when they were removed. */
export const agentLiveSubject = (tenant: string, agentId: string): string =>
  `routing.live.${token(tenant)}.agent.${token(agentId)}`;
export const agentLiveAll = (tenant: string): string => `routing.live.${token(tenant)}.agent.*`;
/** Agent status: encoded parley.presence.v1.AgentPresence. */
export const presenceLiveSubject = (tenant: string, agentId: string): string =>
  `presence.live.${token(tenant)}.${token(agentId)}`;
export const presenceLiveAll = (tenant: string): string => `presence.live.${token(tenant)}.*`;

/** Session deltas of gateways to the owner of a tenant's partition of presence: parley.presence.v1.SessionDelta. */
export const sessionDeltaSubject = (partition: number): string => `presence.sessions.${partition}`;
/**
 * The KV bucket of gateways' leases: key = gateway id, value = encoded parley.presence.v1.GatewayLease, renewed every
 * third of its time to live. Presence counts a gateway as gone when its lease is.
 */
export const GATEWAY_LEASES = { bucket: 'GATEWAYS', ttlMs: 5_000 } as const;

/** The id of a login, visitor session or API key that has just ended: every gateway closes what it has open of it. */
export const sessionEndedSubject = 'gateway.ended';

/** One gateway's sessions on request: SessionSnapshotRequest, answered by SessionSnapshot chunks. */
export const sessionSnapshotSubject = (gatewayId: string): string => `gateway.snapshot.${token(gatewayId)}`;

/**
 * Partitions of what is owned by tenant (routing, presence, the tenant log). Fixed for good: a tenant's name carries no
 * partition, so another number would look for its log elsewhere. The conversation log's number may grow.
 */
export const TENANT_PARTITIONS = 4;
/** The partition in which everything of a tenant is owned. */
export const partitionOfTenant = (tenant: string): number => hash32(tenant) % TENANT_PARTITIONS;
/** The partition in which a contact's new conversations are opened, so that two tabs meet at one owner. */
export const partitionOfContact = (tenant: string, contactId: string, partitions: number): number =>
  hash32(`${tenant}/${contactId}`) % partitions;
