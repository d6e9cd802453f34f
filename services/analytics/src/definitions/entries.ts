import type { ConversationFact, QueueEntry } from './fact.js';

/** The entry in which the chat waits for an answer; undefined when it waits in none. */
export const waitingEntry = ({ entries }: ConversationFact): QueueEntry | undefined => {
  const last = entries.at(-1);
  return last && last.answeredAt === undefined && last.leftAt === undefined ? last : undefined;
};

/**
 * Takes the chat into a queue. Back in the queue in which it waits, or was answered last, it is no new offer: it waits on,
 * or has been answered.
 */
export const enterQueue = (fact: ConversationFact, queueId: string, time: number): void => {
  const last = fact.entries.at(-1);
  if (last && last.leftAt === undefined && last.queueId === queueId) return;
  leaveQueue(fact, time);
  fact.entries.push({ queueId, from: time, closedMs: 0 });
};

/** It flows out of the queue in which it waits, if any. */
export const leaveQueue = (fact: ConversationFact, time: number): void => {
  const waiting = waitingEntry(fact);
  if (waiting) waiting.leftAt = time;
};

/** Moved while it waited: it leaves one queue and waits on in another with its age. */
export const moveQueue = (fact: ConversationFact, queueId: string, time: number): void => {
  const waiting = waitingEntry(fact);
  if (!waiting || !queueId || waiting.queueId === queueId) return;
  waiting.leftAt = time;
  fact.entries.push({ queueId, from: waiting.from, closedMs: waiting.closedMs });
};

/** Placed by the workflow as it entered: it was offered to that queue, never to the one that was asked for. */
export const placeInQueue = (fact: ConversationFact, queueId: string): void => {
  const waiting = waitingEntry(fact);
  if (waiting && queueId) fact.entries[fact.entries.length - 1] = { ...waiting, queueId };
};
