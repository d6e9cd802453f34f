import type { routingEvents } from '@parley/client';

/** A rule as a step of a sieve: how many it took out, and how many were left. */
export interface SieveStep {
  readonly rule: string;
  readonly out: number;
  readonly left: number;
}

/** What became of everybody, rule by rule; rules that took nobody out are left out. */
export const sieveOf = (
  considered: number,
  excluded: readonly routingEvents.RuleCount[],
): readonly SieveStep[] => {
  let left = considered;
  return excluded.flatMap(({ rule = '', agents = 0 }) => {
    if (agents === 0) return [];
    left = Math.max(0, left - agents);
    return [{ rule, out: agents, left }];
  });
};

/** A reason's code and its values: `skill:billing:3` is a skill, billing, at level 3. */
export const reasonOf = (code: string): { readonly kind: string; readonly values: readonly string[] } => {
  const [kind = '', ...values] = code.split(':');
  return { kind, values };
};

/** The kinds of steps that a chat's way through routing has, for its icon and tone. */
type Tone = 'plain' | 'good' | 'bad';

/** How a step of routing is to be taken. */
export const toneOf = (event: routingEvents.RoutingEvent): Tone => {
  if (event.offerAccepted || event.assignmentStarted) return 'good';
  if (
    event.offerDeclined ||
    event.offerTimedOut ||
    event.agentNotResponding ||
    event.overflowReached ||
    event.failsafeActed
  )
    return 'bad';
  if (event.transferEnded) return event.transferEnded.outcome === 'OUTCOME_ACCEPTED' ? 'good' : 'bad';
  return 'plain';
};
