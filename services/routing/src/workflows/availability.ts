import { routing } from '@parley/contracts';
import { PROMISE_MINUTES, stageOf, type Stage } from '../domain/decide-targets.js';
import { Decision } from '../domain/decision.js';
import { staffingOf, type Staffing } from '../domain/eligible.js';
import { needsOf, weightOf } from '../domain/lanes.js';
import { routeOf } from '../domain/routes.js';
import { NO_REQUIREMENTS, type QueueEntry, type RoutingState } from '../domain/state.js';
import { openMinutesLater, previewSchedule } from '../hours/hours.js';
import { enginePorts } from './engine-ports.js';

const { AVAILABILITY_ONLINE, AVAILABILITY_BUSY, AVAILABILITY_CLOSED, AVAILABILITY_MESSAGE_ONLY } =
  routing.Availability;
const SHOWN_DAYS = 7;
/** Whoever asks beforehand would write in a widget. */
const CHANNEL = 'WEB_CHAT';

/** A chat that somebody may begin. */
export interface Prospect {
  /** Only this queue; empty: wherever the workflow sends it. */
  readonly queueId: string;
  readonly page: { readonly url: string; readonly title: string } | undefined;
  readonly topic: string;
  readonly locale: string;
}

/** What a visitor can expect at `now` (ms): by the same decisions that their chat would go through. Changes nothing. */
export const availabilityOf = (
  state: RoutingState,
  prospect: Prospect,
  now: number,
): Omit<routing.GetAvailabilityResponse, 'estimate'> => {
  const stages = prospect.queueId ? [] : stagesOf(state, prospect, now);
  const queue = state.queues.get(prospect.queueId || (stages[0]?.queueId ?? ''));
  const schedule = state.schedules.get(queue?.config.scheduleId ?? '');
  const replyBy = openMinutesLater(schedule, now, queue?.config.replyPromiseMinutes || PROMISE_MINUTES);
  return {
    availability: prospect.queueId ? ofQueue(state, queue) : ofStages(state, stages),
    queueId: queue?.config.queueId ?? '',
    hoursChangeAt: queue?.hoursUntil ? new Date(queue.hoursUntil) : undefined,
    waiting: queue?.line.size ?? 0,
    replyBy: replyBy === undefined ? undefined : new Date(replyBy),
    timeZone: schedule?.timeZone ?? '',
    days: schedule ? previewSchedule(schedule, now, SHOWN_DAYS) : [],
  };
};

/** The targets that such a chat would come to one after the other; the last one may be the overflow. */
const stagesOf = (state: RoutingState, { page, topic, locale }: Prospect, now: number): Stage[] => {
  const decision = new Decision(state, Math.max(now, state.time), enginePorts);
  const entry = routing.ConversationEnqueued.fromPartial({
    pageUrl: page?.url ?? '',
    pageTitle: page?.title ?? '',
    topic,
    language: locale,
    channel: CHANNEL,
  });
  const route = routeOf(state, enginePorts, entry, undefined, undefined);
  const stages: Stage[] = [];
  for (let from = route.from; ;) {
    const walk = { from, enteredAt: now, evenIfFull: false, evenIfClosed: false };
    const stage = stageOf(decision, route, entry, walk);
    stages.push(stage);
    if (stage.overflow !== undefined || !stage.until) return stages;
    from = stage.target + 1;
  }
};

const ofQueue = (state: RoutingState, queue: QueueEntry | undefined): routing.Availability => {
  if (!queue) return AVAILABILITY_MESSAGE_ONLY;
  if (!queue.open) return AVAILABILITY_CLOSED;
  const { queueId, maxWaiting } = queue.config;
  if (maxWaiting > 0 && queue.line.size >= maxWaiting) return AVAILABILITY_MESSAGE_ONLY;
  return AVAILABILITIES[staffingAt(state, { queueId, requirements: NO_REQUIREMENTS })];
};

const AVAILABILITIES: Record<Staffing, routing.Availability> = {
  free: AVAILABILITY_ONLINE,
  later: AVAILABILITY_BUSY,
  nobody: AVAILABILITY_MESSAGE_ONLY,
};

const staffingAt = (state: RoutingState, at: Pick<Stage, 'queueId' | 'requirements'>): Staffing => {
  return staffingOf(state, needsOf({ ...at, weight: weightOf(state, CHANNEL) }));
};

const ofStages = (state: RoutingState, stages: readonly Stage[]): routing.Availability => {
  const [first] = stages;
  if (first?.overflow === routing.Overflow.OVERFLOW_BOT) return AVAILABILITY_ONLINE;
  if (!first || first.overflow !== undefined)
    return first?.skipped.some(({ reason }) => reason === 'closed')
      ? AVAILABILITY_CLOSED
      : AVAILABILITY_MESSAGE_ONLY;
  // Whoever is not there at the first target may be at a later one, after some waiting.
  const staffing = staffingAt(state, first);
  if (staffing !== 'nobody') return AVAILABILITIES[staffing];
  const later = stages.slice(1).some((stage) => {
    if (stage.overflow === routing.Overflow.OVERFLOW_BOT) return true;
    return stage.overflow === undefined && staffingAt(state, stage) !== 'nobody';
  });
  return later ? AVAILABILITY_BUSY : AVAILABILITY_MESSAGE_ONLY;
};
