import type { Policy } from '../policy.js';
import type { Agent } from '../types.js';

// Used shares compared by cross-multiplication: exact, where quotients would not be.
const byShare = (a: Agent, b: Agent): number => a.used * b.capacity - b.used * a.capacity;
const byIdle = (a: Agent, b: Agent): number => a.idleSince - b.idleSince;

/** The agent with the largest free share of their capacity; among equals, who has been idle longest. */
export const mostFreeLongestIdle: Policy = {
  name: 'most-free-longest-idle',
  // Equal shares give equal quotients, and different ones of such small numbers different quotients.
  key: ({ used, capacity }) => used / capacity,
  compare: (a, b) => byShare(a, b) || byIdle(a, b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  because: (ahead, behind) =>
    byShare(ahead, behind) !== 0
      ? 'less free capacity'
      : byIdle(ahead, behind) !== 0
        ? 'idle for a shorter time'
        : 'order of ids',
  merit: (ahead, behind) => (byShare(ahead, behind) !== 0 ? 'most_free' : 'longest_idle'),
};
