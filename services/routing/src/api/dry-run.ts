import { longestMs, methods, type routing } from '@parley/contracts';
import {
  ApiError,
  ErrorCode,
  failedPrecondition,
  invalidArgument,
  resourceExhausted,
  type RequestContext,
} from '@parley/kernel';
import { refusedFor } from '../domain/problems.js';
import type { RoutingState } from '../domain/state.js';
import { dryRun, type Pacing } from '../workflows/dry-run.js';
import { Recorder } from '../workflows/recording.js';
import { workflowProblems } from '../workflows/validate.js';
import { readFor, type ApiDeps, type RoutingHandlers } from './deps.js';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 7;
const MOST_DAYS = 31;
/** A dry run takes no longer, whoever asks for it, and leaves its caller time for the answer. */
const LONGEST_MS = longestMs(methods.get('parley.routing.v1.RoutingService/DryRunWorkflow'));
const FOR_THE_ANSWER_MS = 250;

export interface DryRunDeps extends Pick<ApiDeps, 'writer' | 'now'> {
  /**
   * Shows the events of a tenant's routing log with their times (ms), oldest first, from `since` (ms) on, until `visit`
   * answers false; calls `pause` now and then.
   */
  readonly replay: (
    tenant: string,
    since: number,
    visit: (event: routing.RoutingEvent, at: number) => boolean,
    pause: () => Promise<void>,
  ) => Promise<void>;
}

/** The handler of dry runs. A tenant has one at a time. */
export const dryRunHandlers = (deps: DryRunDeps): Pick<RoutingHandlers, 'dryRunWorkflow'> => {
  const read = readFor(deps);
  const underWay = new Set<string>();

  const run = async (
    { workflow, from, to }: routing.DryRunWorkflowRequest,
    context: RequestContext,
  ): Promise<routing.DryRunWorkflowResponse> => {
    const until = to?.getTime() ?? deps.now();
    const since = from?.getTime() ?? until - DEFAULT_DAYS * DAY_MS;
    if (!(since < until)) throw invalidArgument('from', 'must be before to');
    if (until - since > MOST_DAYS * DAY_MS)
      throw invalidArgument('from', `must be ${MOST_DAYS} days before to at most`);
    const candidate = workflow ?? (await read(context, ({ draft }) => draft));
    if (!candidate)
      throw failedPrecondition(
        'NO_DRAFT',
        'There is no draft to try; save one, or send the workflow itself.',
      );

    const pacing = pacingUntil(
      Math.min(context.deadline, deps.now() + LONGEST_MS) - FOR_THE_ANSWER_MS,
      deps.now,
    );
    const recorder = new Recorder(since, until);
    const begin = recorder.begin;
    await deps.replay(context.tenant, begin, (event, at) => recorder.add(event, at), pacing.pause);
    const state = await read(context, (now) => now);
    const recording = recorder.finish(unchangedSince(state, begin));
    const catalogue = { queueIds: new Set(state.queues.keys()), skillIds: new Set(state.skills.keys()) };
    const refusal = refusedFor('workflow', workflowProblems(candidate, catalogue));
    if (refusal) throw refusal;
    return dryRun(state, recording, state.workflows.get(state.published), candidate, pacing);
  };

  return {
    async dryRunWorkflow(request, context) {
      const { tenant } = context;
      if (underWay.has(tenant))
        throw resourceExhausted(
          'DRY_RUN_UNDER_WAY',
          'Another dry run is under way; try again when it is done.',
          {
            retryAfterMs: 5_000,
          },
        );
      underWay.add(tenant);
      try {
        return await run(request, context);
      } finally {
        underWay.delete(tenant);
      }
    },
  };
};

/** Those who are there, with the status that they had at this time already (ms). */
const unchangedSince = ({ agents }: RoutingState, time: number): routing.AgentPresenceChanged[] =>
  [...agents.values()]
    .filter(({ online, statusSince }) => online && statusSince < time)
    .map(({ id, reported, online, revision }) => ({ agentId: id, status: reported, online, revision }));

const pacingUntil = (deadline: number, clock: () => number): Pacing => ({
  clock,
  pause: async () => {
    if (clock() > deadline)
      throw new ApiError(
        ErrorCode.deadlineExceeded,
        'This range holds more than can be played in the time there is; choose a shorter one.',
        { reason: 'RANGE_TOO_LONG' },
      );
    await new Promise((resolve) => setImmediate(resolve));
  },
});
