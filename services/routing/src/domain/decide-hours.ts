import type { Decision } from './decision.js';
import type { QueueEntry } from './state.js';

/**
 * Takes up whether a queue is open by its schedule, and until when. When it closes, its waiting chats are due: each goes
 * on to its next target, or a message is taken.
 */
export const refreshHours = (decision: Decision, queue: QueueEntry): void => {
  const { queueId, scheduleId } = queue.config;
  const { state, now, ports } = decision;
  const { open, until } = ports.hoursAt(state.schedules.get(scheduleId), now);
  if (open === queue.open && (until ?? 0) === queue.hoursUntil) return;
  decision.emit({
    $case: 'queueHoursChanged',
    value: { queueId, open, until: until === undefined ? undefined : new Date(until) },
  });
};

/** The same when the hours change by themselves. */
export const hoursPassed = (decision: Decision, queueId: string): void => {
  const queue = decision.state.queues.get(queueId);
  if (queue) refreshHours(decision, queue);
};
