import { emptyLoad, type Load } from './tally.js';

/** A chat of an agent, ms; an open one ends now. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A time in which an agent was available for this many chats at once. */
export interface StaffSpan extends Span {
  readonly slots: number;
}

/**
 * One agent's load between two times: every chat's share added up, the time during which there was any, and slots that
 * were there and used while the agent was available.
 */
export const loadOf = (
  spans: readonly Span[],
  staffed: readonly StaffSpan[],
  from: number,
  to: number,
): Load => {
  const load = emptyLoad();
  const steps = [
    ...clipped(spans, from, to).flatMap((span) => [
      { at: span.from, chats: 1, slots: 0 },
      { at: span.to, chats: -1, slots: 0 },
    ]),
    ...clipped(staffed, from, to).flatMap((span) => [
      { at: span.from, chats: 0, slots: span.slots },
      { at: span.to, chats: 0, slots: -span.slots },
    ]),
  ].sort((a, b) => a.at - b.at);
  let [chats, slots, at] = [0, 0, from];
  for (const step of steps) {
    const ms = step.at - at;
    load.openMs += chats * ms;
    if (chats > 0) load.busyMs += ms;
    if (slots > 0) {
      load.usedMs += chats * ms;
      load.staffedMs += Math.max(slots, chats) * ms;
    }
    chats += step.chats;
    slots += step.slots;
    at = step.at;
  }
  return load;
};

const clipped = <S extends Span>(spans: readonly S[], from: number, to: number): S[] =>
  spans
    .map((span) => ({ ...span, from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter((span) => span.to > span.from);
