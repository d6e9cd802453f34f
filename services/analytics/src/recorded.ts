import type { routing } from '@parley/contracts';

/** What an event of routing's log says, by its case. */
export type Event = NonNullable<routing.RoutingEvent['event']>;

/** An event of that log with its place and time. */
export interface Recorded {
  readonly version: number;
  /** ms */
  readonly time: number;
  readonly event: Event | undefined;
}
