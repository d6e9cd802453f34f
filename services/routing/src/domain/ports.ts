import type { routing } from '@parley/contracts';

/** What filters may ask about. */
export interface FilterContext {
  readonly page: { readonly url: string; readonly title: string };
  readonly topic: string;
  /** The visitor's primary language, such as de; and all of it, such as de-AT. */
  readonly language: string;
  readonly locale: string;
  readonly channel: string;
  readonly prechat: Readonly<Record<string, string>>;
  readonly contact: Readonly<Record<string, string>>;
  readonly contactVerified: boolean;
  /** Id of the queue that was asked for; empty: none. */
  readonly queue: string;
}

/** The queue of a target, as it is when the target begins. */
export interface QueueFacts {
  readonly id: string;
  readonly open: boolean;
  readonly waiting: number;
  readonly longestWaitSeconds: number;
  readonly agentsAvailable: number;
  readonly freeCapacity: number;
}

/**
 * What `skip_if` may ask about. Pre-chat answers and contact attributes are not among it: they are not kept while a chat
 * waits, and a later target would see other values than the first.
 */
export interface SkipContext extends Omit<
  FilterContext,
  'prechat' | 'contact' | 'contactVerified' | 'queue'
> {
  readonly queue: QueueFacts;
}

/** Whether it is open, and when (ms) that changes; undefined: never. */
export interface Hours {
  readonly open: boolean;
  readonly until: number | undefined;
}

/** What is wrong with a field, and what would be right there. */
export interface ConfigProblem {
  readonly field: string;
  readonly reason: string;
  readonly example: string;
  /** It may be stored all the same. */
  readonly warning?: boolean;
}

/** What a workflow may name. */
export interface Catalogue {
  readonly queueIds: ReadonlySet<string>;
  readonly skillIds: ReadonlySet<string>;
}

/**
 * What the engine needs from outside, when it decides and never when it evolves: the results stand in its events.
 * Everything here is pure, does not throw, and answers the same to the same question.
 */
export interface Ports {
  /** A filter's `when`; the empty text matches. What does not compile, which saving refuses, never matches. */
  compileFilter(text: string): (context: FilterContext) => boolean;
  /** A target's `skip_if`; the empty text is never true, nor is what does not compile. */
  compileSkip(text: string): (context: SkipContext) => boolean;
  /** Without a schedule it is always open. */
  hoursAt(schedule: routing.Schedule | undefined, now: number): Hours;
  /** The time (ms) after so many open minutes; undefined when it does not open for so long. */
  openMinutesLater(schedule: routing.Schedule | undefined, from: number, minutes: number): number | undefined;
  /** None: it may be stored. */
  scheduleProblems(schedule: routing.Schedule): readonly ConfigProblem[];
  /** None but warnings: it may be saved and published. */
  workflowProblems(workflow: routing.Workflow, catalogue: Catalogue): readonly ConfigProblem[];
}
