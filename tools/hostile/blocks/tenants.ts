import { messageSchemas, publicMethods, type Method } from '@parley/contracts';
import { ErrorCode } from '@parley/kernel';
import { shortName } from '../methods.js';
import { describe, noFault, refused, succeeded, type Outcome } from '../outcome.js';
import { sampleOf } from '../samples.js';
import { must, type Case } from '../suite.js';
import { freshId, type Tenant } from '../tenant.js';
import type { Caller } from '../transports.js';
import type { World } from '../world.js';

type Json = Record<string, unknown>;

/**
 * Methods for which another tenant's id is only a name: they make a thing of one's own, filter a list of one's own, or
 * take what was never there as gone. That they touch nothing else is checked by `tenantState`.
 */
const NAMES_ONLY = [
  'StartConversation',
  'PutQueue',
  'PutAgent',
  'RemoveQueue',
  'CreateUser',
  'CreateApiKey',
  'PutWebhookEndpoint',
  'DeleteWebhookEndpoint',
  'ListDeliveries',
  'ListInbox',
  'ListTranscripts',
  'SearchTranscripts',
  'ListFacts',
  'GetReport',
  'GetLiveFigures',
  'ExplainRouting',
  'EndWrapUp',
  'WatchQueues',
  'WatchAgents',
  'ListFollowUps',
  'PutTeam',
  'RemoveTeam',
  'PutSkill',
  'RemoveSkill',
  'RemoveSchedule',
];
/** Somebody else's chat looks like one that does not wait. */
const NOT_WAITING = ['GetQueuePosition', 'ExplainWaiting'];
const OFFERS = ['AcceptOffer', 'DeclineOffer'];
/** Visitors get their own contact, whatever they ask for. */
const OWN_FOR_VISITORS = ['GetContact', 'ListTranscripts'];

/** Requests of a method with every id of `tenant` that fits; none when it takes no id of anything. */
const requestsAbout = (method: Method, tenant: Tenant): Json[] => {
  const { ids, conversations } = tenant;
  if (!ids || !conversations) throw new Error('the tenant is not furnished');
  const known: Json = {
    ...ids,
    queueId: `${tenant.name}-quiet`,
    queueIds: [`${tenant.name}-quiet`],
    agentId: `${tenant.name}-anna`,
    userId: `${tenant.name}-anna`,
    keyId: `${tenant.name}-narrow`,
    teamId: `${tenant.name}-team`,
    skillId: `${tenant.name}-skill`,
    scheduleId: `${tenant.name}-hours`,
  };
  const fields = messageSchemas[method.request] ?? [];
  const names = fields.map(({ name }) => name);
  const foreign = names.filter((name) => name in known || name === 'conversationId');
  if (foreign.length === 0) return [];
  const request = {
    ...sampleOf(method.request),
    ...Object.fromEntries(foreign.map((name) => [name, known[name]])),
    ...(names.includes('commandId') ? { commandId: freshId() } : {}),
  };
  // Whom there is not in one's own tenant would be refused before the conversation is looked for.
  for (const { name, rules } of fields) if (rules?.user) delete (request as Json)[name];
  // It takes one of the two.
  if (method.name === 'AssignConversation') delete (request as Json)['queueId'];
  if (!names.includes('conversationId')) return [request];
  return Object.values(conversations).map((conversationId) => ({ ...request, conversationId }));
};

/**
 * Every method with the ids of the other tenant's things, by every role that may call it, over every way in. `mild`:
 * those to which the ids are only names; they come second, as they make things of these names in the caller's tenant.
 */
export const foreignCases = ({ transportsFor }: World, from: Tenant, to: Tenant, mild: boolean): Case[] =>
  from.callers.flatMap((caller) =>
    transportsFor(caller).flatMap((transport) =>
      publicMethods
        .filter(
          (method) => method.roles.some((role) => role === caller.role) && isMild(method, caller) === mild,
        )
        .flatMap((method) =>
          requestsAbout(method, to).map((request) => ({
            name: `${transport.name} ${shortName(method)} of the other tenant's ${typeof request['conversationId'] === 'string' ? request['conversationId'] : 'ids'} as ${caller.name}`,
            run: async () => {
              const outcome = await transport.call(method, request, caller);
              if (mild) noFault(outcome);
              else assertStrange(method, outcome);
            },
          })),
        ),
    ),
  );

const isMild = (method: Method, { role }: Caller): boolean =>
  NAMES_ONLY.includes(method.name) || (role === 'visitor' && OWN_FOR_VISITORS.includes(method.name));

/** Refused like a thing that does not exist. */
const assertStrange = (method: Method, outcome: Outcome): void => {
  // Routing forgets offers that are over: one it does not know gets the same answer.
  if (OFFERS.includes(method.name)) refused(outcome, ErrorCode.failedPrecondition, 'OFFER_NOT_PENDING');
  else if (method.name === 'AssignConversation')
    refused(outcome, ErrorCode.failedPrecondition, 'NOT_WAITING');
  else if (NOT_WAITING.includes(method.name))
    must(JSON.stringify(succeeded(outcome)) === '{}', describe(outcome));
  else refused(outcome, [ErrorCode.notFound, ErrorCode.permissionDenied]);
};

/** Visitors of the same tenant are strangers to each other. */
export const strangerCases = (world: World): Case[] =>
  [world.acme, world.globex].flatMap((tenant) => {
    const stranger = tenant.visitor('stranger');
    return world.transportsFor(stranger).flatMap((transport) =>
      publicMethods
        .filter(({ roles }) => roles.includes('visitor'))
        .flatMap((method) =>
          requestsAbout(method, tenant)
            .filter((request) => 'conversationId' in request)
            .map((request) => ({
              name: `${transport.name} ${shortName(method)} of ${String(request['conversationId'])} as another visitor`,
              run: async () => assertStrange(method, await transport.call(method, request, stranger)),
            })),
        ),
    );
  });

/** All that a tenant has, as its admin reads it; what changes by itself is left out. */
export const tenantState = async (tenant: Tenant): Promise<string> => {
  const boss = tenant.person('boss');
  const read = (method: string, request: object = {}) => tenant.do(boss, method, request);
  const conversations = await Promise.all(
    Object.values(tenant.conversations ?? {}).flatMap((conversationId) => [
      read('ConversationService/GetConversation', { conversationId }),
      read('ConversationService/ListEvents', { conversationId }),
    ]),
  );
  const rest = await Promise.all([
    read('TenantService/GetTenant'),
    read('TenantService/ListUsers', { page: { limit: 200 } }),
    read('TenantService/ListApiKeys'),
    read('NotificationService/ListWebhookEndpoints'),
    read('RoutingService/ListQueues').then(({ queues = [] }) =>
      (queues as { queue: unknown }[]).map((each) => each.queue),
    ),
    read('RoutingService/ListAgents').then(({ agents = [] }) =>
      (agents as { agent: unknown }[]).map((each) => each.agent),
    ),
    read('RoutingService/ListTeams'),
    read('RoutingService/ListSkills'),
    read('RoutingService/ListSchedules'),
    read('RoutingService/GetRoutingSettings'),
    read('RoutingService/GetWorkflow'),
    read('TranscriptService/GetRetention'),
    read('ConversationService/GetContact', { contactId: tenant.ids?.contactId }),
  ]);
  return JSON.stringify([...conversations, ...rest]);
};

/** The tenant is as it was before the other tenant's callers had their turn. */
export const unchanged = (tenant: Tenant, before: string): Case => ({
  name: `${tenant.name} has what it had`,
  run: async () => {
    const after = await tenantState(tenant);
    if (after === before) return;
    const at = [...after].findIndex((character, i) => character !== before[i]);
    must(
      false,
      `it differs: …${before.slice(Math.max(0, at - 100), at + 100)}… became …${after.slice(Math.max(0, at - 100), at + 100)}…`,
    );
  },
});
