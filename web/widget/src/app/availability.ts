import type { routing } from '@parley/client';
import type { Page } from '../protocol.js';
import type { VisitorSession } from './session.js';

/** From and to, in ms since the epoch. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** A range of waiting times, in seconds. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Whether somebody is there, and what may be promised. Times in ms since the epoch, 0 when not known. */
export interface Availability {
  readonly standing: 'online' | 'busy' | 'closed' | 'message';
  readonly opensAt: number;
  readonly replyBy: number;
  readonly wait: Range | undefined;
  /** Opening times of the next seven days, and names of special days by ISO date; none without a schedule. */
  readonly periods: readonly Period[];
  readonly names: Readonly<Record<string, string>>;
  /** IANA zone of the schedule; empty without one. */
  readonly timeZone: string;
}

/** A day as its visitor lives it. */
export interface OpenDay {
  /** Noon, so that no zone or clock change makes it another day. */
  readonly at: number;
  readonly name: string;
  readonly periods: readonly Period[];
}

const STANDINGS: Readonly<Record<string, Availability['standing']>> = {
  AVAILABILITY_ONLINE: 'online',
  AVAILABILITY_BUSY: 'busy',
  AVAILABILITY_CLOSED: 'closed',
  AVAILABILITY_MESSAGE_ONLY: 'message',
};

const ms = (time: string | undefined): number => (time ? Date.parse(time) : 0);

/** A range worth telling: it goes beyond half a minute. */
export const rangeOf = (estimate: routing.WaitEstimate | undefined): Range | undefined => {
  const { lowSeconds = 0, highSeconds = 0 } = estimate ?? {};
  return highSeconds > 30 ? { low: lowSeconds, high: highSeconds } : undefined;
};

/** What an answer of GetAvailability says; undefined when it says nothing that this release knows. */
export const availabilityOf = (answer: routing.GetAvailabilityResponse): Availability | undefined => {
  const standing = STANDINGS[answer.availability ?? ''];
  if (!standing) return undefined;
  const days = answer.days ?? [];
  return {
    standing,
    opensAt: standing === 'closed' ? ms(answer.hoursChangeAt) : 0,
    replyBy: ms(answer.replyBy),
    wait: rangeOf(answer.estimate),
    periods: days.flatMap(({ periods = [] }) =>
      periods.map(({ from, to }) => ({ from: ms(from), to: ms(to) })),
    ),
    names: Object.fromEntries(days.map(({ date = '', exception = '' }) => [date, exception])),
    timeZone: answer.timeZone ?? '',
  };
};

/** The next seven days in the visitor's own zone, today first. */
export const weekOf = ({ periods, names }: Availability, now: number): OpenDay[] =>
  Array.from({ length: 7 }, (_, i) => {
    const day = new Date(now);
    day.setHours(12, 0, 0, 0);
    day.setDate(day.getDate() + i);
    const own = periods.filter(({ from }) => new Date(from).toDateString() === day.toDateString());
    return { at: day.getTime(), name: names[isoDate(day)] ?? '', periods: own };
  });

const isoDate = (day: Date): string =>
  [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((n) => String(n).padStart(2, '0')).join('-');

/** Asks whether somebody is there for a chat from this page about this topic. Rejects as fetchJson. */
export const askAvailability = async (
  session: Pick<VisitorSession, 'call'>,
  page: Page,
  topic: string,
  locale: string,
): Promise<Availability | undefined> =>
  availabilityOf(
    await session.call('parley.routing.v1.RoutingService/GetAvailability', {
      ...(page.url ? { page } : {}),
      topic: topic.slice(0, 200),
      locale,
    }),
  );
