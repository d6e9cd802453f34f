import type { presence } from '@parley/contracts';
import { type Handlers, partitionOfTenant, routing } from '@parley/contracts';
import { type Clock, invalidArgument, notFound, permissionDenied, type RequestContext } from '@parley/kernel';
import type { Collection } from '@parley/store';
import { type PresencePartition, toPresence } from './partition.js';

/** A stored visitor, as far as this file needs it. */
interface StoredVisitor {
  readonly id: string;
  readonly version: number;
  readonly contactId: string;
  readonly conversationId: string;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly trail: readonly { readonly url: string; readonly title: string; readonly at: number }[];
}

export interface ApiDeps {
  /** The partition, once it has been taken over; rejects with `unavailable` where it is not owned here. */
  partition(number: number): Promise<PresencePartition>;
  readonly visitors: Pick<Collection<StoredVisitor>, 'find'>;
  readonly clock: Clock;
}

const { AGENT_STATUS_AWAY, AGENT_STATUS_NOT_RESPONDING, AGENT_STATUS_UNSPECIFIED } = routing.AgentStatus;
const DEFAULT_LIMIT = 50;

/** Handlers of PresenceService. */
export const presenceApi = (deps: ApiDeps): Handlers<'parley.presence.v1.PresenceService'> => {
  const owned = (context: RequestContext): Promise<PresencePartition> =>
    deps.partition(partitionOfTenant(context.tenant));

  return {
    async setStatus({ status, agentId, automatic, finishing }, context) {
      const { role, id } = context.principal;
      const target = agentId || id;
      if (status === AGENT_STATUS_UNSPECIFIED)
        throw invalidArgument('status', 'name one, such as AGENT_STATUS_AVAILABLE');
      if (role === 'agent' && target !== id)
        throw permissionDenied('NOT_YOUR_STATUS', 'Agents set their own status only; leave agentId out.');
      if (status === AGENT_STATUS_NOT_RESPONDING && role !== 'system')
        throw invalidArgument('status', 'is set by routing when an offer times out; choose another');
      if (automatic && target !== id)
        throw invalidArgument('automatic', 'is for your own status: leave it out, or agentId');
      if (finishing && status !== AGENT_STATUS_AWAY)
        throw invalidArgument(
          'finishing',
          'goes with AGENT_STATUS_AWAY: no new chats, offline after the last',
        );
      if (finishing && automatic)
        throw invalidArgument('finishing', 'is never automatic: leave one of the two out');
      const partition = await owned(context);
      const roster = partition.roster(context.tenant);
      // Whoever works here has been seen: any other id would become an agent that does not exist.
      if (role !== 'system' && target !== id && !roster.agents.has(target))
        throw notFound('NO_SUCH_AGENT', 'No agent with this id has been seen: see ListAgentPresence.');
      await partition.carryOut(
        context.tenant,
        roster.setStatus(target, status, deps.clock.now(), { automatic, finishing }),
      );
      const agent = roster.agents.get(target);
      return { presence: agent && toPresence(agent) };
    },

    async listAgentPresence(_request, context) {
      const { agents } = (await owned(context)).roster(context.tenant);
      return { agents: [...agents.values()].map(toPresence) };
    },

    async recordPageView({ page }, context) {
      const partition = await owned(context);
      const { url = '', title = '' } = page ?? {};
      if (!/^https?:\/\//.test(url)) throw invalidArgument('page.url', 'must begin with http:// or https://');
      await partition.visitors.viewed(context.tenant, context.principal.id, { url, title }, deps.clock.now());
      return {};
    },

    async listVisitors({ page }, context) {
      const partition = await owned(context);
      await partition.visitors.flush();
      const { items, next } = await deps.visitors.find({
        filter: { tenant: context.tenant },
        sort: { field: 'lastSeenAt', direction: 'desc' },
        limit: page?.limit || DEFAULT_LIMIT,
        ...(page?.cursor ? { cursor: page.cursor } : {}),
      });
      const visitors = items.map((doc) => ({ ...toVisitor(doc, partition, context.tenant), trail: [] }));
      return { visitors, nextCursor: next ?? '' };
    },

    async getVisitor({ contactId }, context) {
      const partition = await owned(context);
      const doc = await partition.visitors.get(context.tenant, contactId);
      if (!doc) throw notFound('NO_SUCH_VISITOR', 'This visitor has not been seen within the last 24 hours.');
      return { visitor: toVisitor(doc, partition, context.tenant) };
    },
  };
};

const toVisitor = (doc: StoredVisitor, partition: PresencePartition, tenant: string): presence.Visitor => {
  const trail = doc.trail.map(({ url, title, at }) => ({ page: { url, title }, at: new Date(at) }));
  const live = partition.roster(tenant).visitors.get(doc.contactId);
  return {
    contactId: doc.contactId,
    currentPage: trail.at(-1)?.page,
    firstSeenAt: new Date(doc.firstSeenAt),
    lastSeenAt: new Date(doc.lastSeenAt),
    online: (live?.sessions.size ?? 0) > 0,
    conversationId: live?.conversationId ?? doc.conversationId,
    trail,
  };
};
