import { routing } from '@parley/contracts';
import type { Decision } from './decision.js';
import { primaryLanguage } from './lanes.js';
import type { SkipContext } from './ports.js';
import { routeBy, type Route } from './routes.js';
import type { Chat, QueueEntry } from './state.js';

const { CAUSE_QUEUE_CLOSED, CAUSE_FAILSAFE } = routing.TargetEntered_Cause;
const Reason = routing.OverflowReached_Reason;
const { OVERFLOW_TAKE_MESSAGE, OVERFLOW_UNSPECIFIED } = routing.Overflow;

/** A message that was taken is promised an answer within so many open minutes when its queue does not say. */
export const PROMISE_MINUTES = 480;

/** Where a chat comes to: a target, or, without one, the overflow. */
export interface Stage {
  readonly target: number;
  readonly queueId: string;
  readonly requirements: routing.Requirements;
  readonly priority: number;
  readonly until: Date | undefined;
  readonly skipped: routing.SkippedTarget[];
  /** Undefined: the target takes it. */
  readonly overflow: routing.Overflow | undefined;
}

/** What is known of a chat that is about to come to a target. */
export type Arriving = Pick<
  routing.ConversationEnqueued,
  'pageUrl' | 'pageTitle' | 'topic' | 'language' | 'channel'
>;

interface Walk {
  readonly from: number;
  readonly enteredAt: number;
  /** Somebody has spoken with the visitor already: a full queue takes them. */
  readonly evenIfFull: boolean;
  /** Its own agent is there for it. */
  readonly evenIfClosed: boolean;
}

/** The first target from `from` on that takes the chat, with those that were passed over. */
export const stageOf = (decision: Decision, route: Route, chat: Arriving, walk: Walk): Stage => {
  const { state } = decision;
  const skipped: routing.SkippedTarget[] = [];
  let queueId = '';
  for (let target = walk.from; target < route.targets.length; target++) {
    const { to, untilSeconds } = route.targets[target]!;
    if (to?.$case === 'overflow') return overflowStage(route, target, queueId, skipped, to.value);
    const queue = to ? state.queues.get(to.value) : undefined;
    queueId ||= queue?.config.queueId ?? '';
    const reason = whySkipped(decision, route.targets[target]!, queue, chat, walk);
    if (!queue || reason) {
      skipped.push({ target, reason });
      continue;
    }
    const until = untilSeconds > 0 ? new Date(walk.enteredAt + untilSeconds * 1000) : undefined;
    return {
      ...relaxed(route, target),
      target,
      queueId: queue.config.queueId,
      until,
      skipped,
      overflow: undefined,
    };
  }
  return overflowStage(route, route.targets.length, queueId, skipped, OVERFLOW_UNSPECIFIED);
};

const overflowStage = (
  route: Route,
  target: number,
  queueId: string,
  skipped: routing.SkippedTarget[],
  to: routing.Overflow,
): Stage => ({
  ...relaxed(route, target),
  target,
  queueId,
  until: undefined,
  skipped,
  overflow: to === OVERFLOW_UNSPECIFIED ? OVERFLOW_TAKE_MESSAGE : to,
});

const whySkipped = (
  decision: Decision,
  { skipIf }: routing.Target,
  queue: QueueEntry | undefined,
  chat: Arriving,
  { evenIfFull, evenIfClosed }: Walk,
): string => {
  // Its queue was removed after the version was published.
  if (!queue) return 'no_agents';
  if (!queue.open && !evenIfClosed) return 'closed';
  const { maxWaiting } = queue.config;
  if (maxWaiting > 0 && queue.line.size >= maxWaiting && !evenIfFull) return 'full';
  if (skipIf !== '' && decision.ports.compileSkip(skipIf)(skipContext(decision, queue, chat)))
    return 'skip_if';
  return '';
};

const skipContext = (decision: Decision, queue: QueueEntry, chat: Arriving): SkipContext => {
  const oldest = queue.ages.first();
  const { pageUrl, pageTitle, topic, language, channel } = chat;
  return {
    page: { url: pageUrl, title: pageTitle },
    topic,
    language: primaryLanguage(language),
    locale: language,
    channel,
    queue: {
      id: queue.config.queueId,
      open: queue.open,
      waiting: queue.line.size,
      longestWaitSeconds: oldest ? Math.max(0, Math.floor((decision.now - oldest.enteredAt) / 1000)) : 0,
      agentsAvailable: queue.available,
      freeCapacity: queue.free,
    },
  };
};

const priorityAt = (route: Route, target: number): number => {
  let { priority } = route;
  for (let i = 0; i <= target; i++) priority = route.targets[i]?.priority ?? priority;
  return priority;
};

const relaxedTo = ({ requirements, targets }: Route, target: number): routing.Requirements => {
  let { language } = requirements;
  const skills = { ...requirements.skills };
  for (const each of targets.slice(0, target + 1))
    for (const { skill, level } of each.relaxations)
      if (skill === 'language') language = level === 0 ? '' : language;
      else if (level === 0) delete skills[skill];
      else if (skill in skills) skills[skill] = level;
  return { skills, language };
};

// By the requirements of a filter, which its chats share: what is left of them at each target.
const relaxations = new WeakMap<routing.Requirements, (routing.Requirements | undefined)[]>();

/** Requirements and priority at a target: what all targets up to it change, whether or not they took the chat. */
const relaxed = (route: Route, target: number): Pick<Stage, 'requirements' | 'priority'> => {
  const { requirements, targets } = route;
  const priority = priorityAt(route, target);
  if (!targets.some(({ relaxations: some }, i) => i <= target && some.length > 0))
    return { priority, requirements };
  let known = relaxations.get(requirements);
  if (!known) relaxations.set(requirements, (known = []));
  return { priority, requirements: (known[target] ??= relaxedTo(route, target)) };
};

/** A waiting chat leaves its target: for the next one that takes it, or for the overflow. */
export const advance = (decision: Decision, chat: Chat, cause: routing.TargetEntered_Cause): void => {
  const route = routeBy(decision.state, chat.workflowVersion, chat.filter, chat.language);
  if (!route) return overflow(decision, chat, undefined, reasonOf(cause, []));
  const stage = stageOf(decision, route, chat, {
    from: chat.target + 1,
    enteredAt: chat.enteredAt,
    evenIfFull: false,
    evenIfClosed: false,
  });
  if (stage.overflow !== undefined)
    return overflow(decision, chat, stage.overflow, reasonOf(cause, stage.skipped));
  // Who waited so long stays in front, whatever the next target says.
  const priority = chat.escalated ? Math.max(chat.priority, stage.priority) : stage.priority;
  enterTarget(decision, chat.id, { ...stage, priority }, cause);
  decision.touchChat(chat.id);
};

/** Tells that a chat has come to a target. */
export const enterTarget = (
  decision: Decision,
  conversationId: string,
  { target, queueId, requirements, priority, until, skipped }: Stage,
  cause: routing.TargetEntered_Cause,
): void =>
  decision.emit({
    $case: 'targetEntered',
    value: { conversationId, target, queueId, requirements, priority, until, skipped, cause },
  });

/** Why a chat got nowhere: what kept the last target from taking it. */
export const reasonOf = (
  cause: routing.TargetEntered_Cause,
  skipped: readonly routing.SkippedTarget[],
): routing.OverflowReached_Reason => {
  if (cause === CAUSE_FAILSAFE) return Reason.REASON_FAILSAFE;
  const last = skipped.at(-1)?.reason;
  if (last === 'closed') return Reason.REASON_CLOSED_HOURS;
  if (last === 'full') return Reason.REASON_QUEUE_FULL;
  return cause === CAUSE_QUEUE_CLOSED ? Reason.REASON_CLOSED_HOURS : Reason.REASON_WORKFLOW;
};

/** What the workflow has for a chat that finds nobody: what its last target says, or taking a message. */
export const overflowOf = (decision: Decision, chat: Chat): routing.Overflow => {
  const route = routeBy(decision.state, chat.workflowVersion, chat.filter, chat.language);
  const last = route?.targets.at(-1)?.to;
  const to = last?.$case === 'overflow' ? last.value : OVERFLOW_UNSPECIFIED;
  return to === OVERFLOW_UNSPECIFIED ? OVERFLOW_TAKE_MESSAGE : to;
};

/** A waiting chat leaves its queue without an agent. */
export const overflow = (
  decision: Decision,
  chat: Chat,
  to: routing.Overflow | undefined,
  reason: routing.OverflowReached_Reason,
): void => {
  const { state, now, ports } = decision;
  const { id: conversationId, queueId, entryVersion: sourceVersion } = chat;
  const queue = state.queues.get(queueId);
  const into = to ?? OVERFLOW_TAKE_MESSAGE;
  const takes = into === OVERFLOW_TAKE_MESSAGE;
  const minutes = queue?.config.replyPromiseMinutes || PROMISE_MINUTES;
  const schedule = state.schedules.get(queue?.config.scheduleId ?? '');
  const replyBy = takes ? ports.openMinutesLater(schedule, now, minutes) : undefined;
  const opensAt = queue && !queue.open && queue.hoursUntil ? new Date(queue.hoursUntil) : undefined;
  decision.emit({
    $case: 'overflowReached',
    value: {
      conversationId,
      queueId,
      to: into,
      reason,
      replyBy: replyBy === undefined ? undefined : new Date(replyBy),
      opensAt,
      sourceVersion,
    },
  });
  decision.emit({
    $case: 'conversationDequeued',
    value: {
      conversationId,
      queueId,
      reason: routing.ConversationDequeued_Reason.REASON_OVERFLOWED,
      sourceVersion,
    },
  });
};
