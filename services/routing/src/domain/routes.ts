import { conversation, type routing } from '@parley/contracts';
import { defaultQueue } from './chats.js';
import { primaryLanguage } from './lanes.js';
import type { FilterContext, Ports } from './ports.js';
import { NO_REQUIREMENTS, type Chat, type RoutingState } from './state.js';

const Reason = conversation.QueueEntered_Reason;
/** A language requirement that means the visitor's own. */
const VISITORS = 'visitor';

/** What a chat goes through: a filter of the workflow, or nothing but the queue that was asked for. */
export interface Route {
  readonly workflowVersion: number;
  /** From 1; 0: no filter. */
  readonly filter: number;
  readonly filterName: string;
  readonly requirements: routing.Requirements;
  readonly priority: number;
  readonly lastAgentSeconds: number;
  readonly targets: readonly routing.Target[];
  /** Index of the target at which it begins. */
  readonly from: number;
}

/** Goes on as it was, and is let in although the queue is full: somebody has spoken with the visitor already. */
export const isReturning = (reason: conversation.QueueEntered_Reason): boolean =>
  reason === Reason.REASON_AGENT_LEFT ||
  reason === Reason.REASON_NO_REPLY ||
  reason === Reason.REASON_TRANSFERRED;

/**
 * The route of an entry: the first filter that matches; the same version and filter as before for a chat that comes
 * back; none for one that somebody has sent to a queue.
 */
export const routeOf = (
  state: RoutingState,
  ports: Ports,
  entry: routing.ConversationEnqueued,
  attributes: routing.EntryAttributes | undefined,
  known: Chat | undefined,
): Route => {
  if (entry.reason === Reason.REASON_TRANSFERRED) return transferRoute(state, entry, known);
  if (known && (isReturning(entry.reason) || entry.reason === Reason.REASON_UNPARKED))
    return routeAgain(state, entry, known);
  const workflow = state.workflows.get(state.published);
  if (!workflow) return plainRoute(state, entry);
  const context = contextOf(entry, attributes);
  const index = conditionsOf(workflow, ports).findIndex((matches) => matches(context));
  if (index < 0) return plainRoute(state, entry);
  const route = filterRoute(workflow, index + 1, entry.language);
  return entry.reason === Reason.REASON_BOT_HANDOVER ? routeToPeople(state, entry, route) : route;
};

/** The route of a chat that a bot hands over: the people of its filter, from the queue on that the bot names. */
const routeToPeople = (state: RoutingState, entry: routing.ConversationEnqueued, route: Route): Route => {
  const queues = route.targets.map(({ to }) => (to?.$case === 'queueId' ? to.value : undefined));
  if (queues.every((queueId) => queueId === undefined)) return plainRoute(state, entry);
  return { ...route, from: Math.max(0, queues.indexOf(entry.queueId)) };
};

type Condition = ReturnType<Ports['compileFilter']>;
const conditions = new WeakMap<routing.Workflow, readonly Condition[]>();

/** The conditions of a version, compiled once. */
const conditionsOf = (workflow: routing.Workflow, ports: Ports): readonly Condition[] => {
  const known = conditions.get(workflow);
  if (known) return known;
  const compiled = workflow.filters.map(({ when }) => ports.compileFilter(when));
  conditions.set(workflow, compiled);
  return compiled;
};

const routeAgain = (
  state: RoutingState,
  entry: routing.ConversationEnqueued,
  { workflowVersion, filter }: Chat,
): Route => {
  const route = routeBy(state, workflowVersion, filter, entry.language);
  const from = route?.targets.findIndex(({ to }) => to?.$case === 'queueId' && to.value === entry.queueId);
  // Meanwhile it has come to a queue that its filter does not name.
  if (!route || from === undefined || from < 0) return plainRoute(state, entry);
  return { ...route, from };
};

/** The route of a waiting chat by the version it entered with; undefined for one without a filter. */
export const routeBy = (
  state: RoutingState,
  version: number,
  filter: number,
  language: string,
): Route | undefined => {
  const workflow = filter > 0 ? state.workflows.get(version) : undefined;
  return workflow?.filters[filter - 1] ? filterRoute(workflow, filter, language) : undefined;
};

const filterRoute = (workflow: routing.Workflow, filter: number, language: string): Route => {
  const { name, requirements, priority, lastAgentSeconds, targets } = workflow.filters[filter - 1]!;
  return {
    workflowVersion: workflow.version,
    filter,
    filterName: name,
    requirements: requirements ? ownLanguage(requirements, language) : NO_REQUIREMENTS,
    priority,
    lastAgentSeconds,
    targets,
    from: 0,
  };
};

/** Out of its workflow, as urgent as it was and with its language. The skills were the other queue's. */
const transferRoute = (
  state: RoutingState,
  entry: routing.ConversationEnqueued,
  known: Chat | undefined,
): Route => {
  const route = plainRoute(state, entry);
  if (!known) return route;
  const { priority, requirements } = known;
  return { ...route, priority, requirements: withoutSkills(requirements) };
};

/** What of a chat's requirements goes with it to a queue that its workflow does not name. */
export const withoutSkills = ({ language }: routing.Requirements): routing.Requirements =>
  language === '' ? NO_REQUIREMENTS : { skills: {}, language };

const plainRoute = (state: RoutingState, entry: routing.ConversationEnqueued): Route => ({
  workflowVersion: 0,
  filter: 0,
  filterName: '',
  requirements: entry.requirements ?? NO_REQUIREMENTS,
  priority: entry.priority,
  lastAgentSeconds: 0,
  targets: [
    {
      to: {
        $case: 'queueId',
        value: state.queues.has(entry.queueId)
          ? entry.queueId
          : (defaultQueue(state)?.config.queueId ?? entry.queueId),
      },
      untilSeconds: 0,
      skipIf: '',
      relaxations: [],
    },
  ],
  from: 0,
});

/** Languages of visitors for which a filter's requirements are kept; more are made anew. */
const LANGUAGES_KEPT = 100;
const spoken = new WeakMap<routing.Requirements, Map<string, routing.Requirements>>();

/** A filter's requirements for a visitor who speaks this; the same object for all of them. */
const ownLanguage = (requirements: routing.Requirements, visitors: string): routing.Requirements => {
  const language = primaryLanguage(requirements.language === VISITORS ? visitors : requirements.language);
  let known = spoken.get(requirements);
  if (!known) spoken.set(requirements, (known = new Map<string, routing.Requirements>()));
  const same = known.get(language);
  if (same) return same;
  const own = { ...requirements, language };
  if (known.size < LANGUAGES_KEPT) known.set(language, own);
  return own;
};

/** What filters are asked about an entry. */
export const contextOf = (
  { pageUrl, pageTitle, topic, language, channel, queueId }: routing.ConversationEnqueued,
  attributes: routing.EntryAttributes | undefined,
): FilterContext => ({
  page: { url: pageUrl, title: pageTitle },
  topic,
  language: primaryLanguage(language),
  locale: language,
  channel,
  prechat: attributes?.prechat ?? {},
  contact: attributes?.contact ?? {},
  contactVerified: attributes?.contactVerified ?? false,
  queue: queueId,
});
