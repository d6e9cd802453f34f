import type { Agent } from './types.js';

/** Which of several eligible agents gets the chat. One file a policy, in policies/. */
export interface Policy {
  readonly name: string;
  /** What `compare` sorts by first, as a number: the smaller, the better. */
  readonly key: (agent: Agent) => number;
  /** Negative when `a` is to be preferred. A total order, of what stands in the agents' state alone. */
  readonly compare: (a: Agent, b: Agent) => number;
  /** Why `behind` comes after `ahead`, as an explanation shows it. */
  readonly because: (ahead: Agent, behind: Agent) => string;
  /** The same as a code of what speaks for the first. */
  readonly merit: (ahead: Agent, behind: Agent) => string;
}
