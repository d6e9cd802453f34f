import type { routing } from '@parley/contracts';
import type { RoutingState } from '../domain/state.js';
import { Play, type Played } from './play.js';
import type { Recording } from './recording.js';
import { unsureBy } from './unsure.js';

const MOST_DIFFERENCES = 50;
const SHORT_ABANDON_MS = 5_000;
const SERVICE_LEVEL_SECONDS = 30;

/** How a dry run is paced: it shares its process with the routing of live chats. */
export interface Pacing {
  /** Called after each slice of work; resolves when others had their turn, rejects when there is no time left. */
  readonly pause: () => Promise<void>;
  /** ms of any origin. */
  readonly clock: () => number;
}

const SLICE_MS = 8;
const STEPS_BETWEEN_LOOKS = 64;

/** Plays a recording with both workflows and compares how it went. Rejects as `pause` does. */
export const dryRun = async (
  configured: RoutingState,
  recording: Recording,
  published: routing.Workflow | undefined,
  candidate: routing.Workflow,
  pacing: Pacing,
): Promise<routing.DryRunWorkflowResponse> => {
  // Both are furnished now: the configuration may change while they play.
  const plays = [
    new Play(configured, published, recording),
    new Play(configured, candidate, recording),
  ] as const;
  const levels = new Map(
    [...configured.queues.values()].map(({ config }) => [
      config.queueId,
      (config.serviceLevelSeconds || SERVICE_LEVEL_SECONDS) * 1000,
    ]),
  );
  for (const play of plays) {
    await pacing.pause();
    await toTheEnd(play, pacing);
  }
  const unsure = [unsureBy(published), unsureBy(candidate)];
  const counted = recording.arrivals.filter(({ at }) => at >= recording.from);
  const [before, after] = [plays[0].outcomes(), plays[1].outcomes()];
  return {
    arrivals: after.length,
    published: outcomeOf(before, levels),
    candidate: outcomeOf(after, levels),
    differences: differencesOf(before, after),
    unsure: counted.filter((arrival) => unsure.some((isUnsure) => isUnsure(arrival))).length,
  };
};

const toTheEnd = async (play: Play, { pause, clock }: Pacing): Promise<void> => {
  let since = clock();
  for (let steps = 1; play.step(); steps++) {
    if (steps % STEPS_BETWEEN_LOOKS !== 0 || clock() - since < SLICE_MS) continue;
    await pause();
    since = clock();
  }
};

/** The figures of docs/definitions.md, with an acceptance in place of the first answer. */
const outcomeOf = (chats: readonly Played[], levels: ReadonlyMap<string, number>): routing.DryRunOutcome => {
  const count = (outcome: Played['outcome']): number =>
    chats.filter((chat) => chat.outcome === outcome).length;
  const answered = chats.filter(({ outcome }) => outcome === 'answered');
  const waits = answered.map(({ wait }) => wait / 1000).sort((a, b) => a - b);
  const abandoned = count('abandoned');
  const short = chats.filter(
    ({ outcome, wait }) => outcome === 'abandoned' && wait <= SHORT_ABANDON_MS,
  ).length;
  const inTime = answered.filter(({ queueId, wait }) => wait <= (levels.get(queueId) ?? 0)).length;
  const offered = chats.length - count('bot');
  const share = (part: number, of: number): number | undefined => (of > 0 ? part / of : undefined);
  const byQueue: Record<string, number> = {};
  for (const { queueId, outcome } of chats)
    if (queueId && outcome !== 'bot') byQueue[queueId] = (byQueue[queueId] ?? 0) + 1;
  return {
    answered: answered.length,
    abandoned,
    messageTaken: count('message_taken'),
    waitMean: share(
      waits.reduce((sum, wait) => sum + wait, 0),
      waits.length,
    ),
    waitP90: waits[Math.max(0, Math.ceil(0.9 * waits.length) - 1)],
    serviceLevel: share(inTime, answered.length + abandoned - short),
    abandonRate: share(abandoned, offered),
    byQueue,
  };
};

const differencesOf = (before: readonly Played[], after: readonly Played[]): routing.DryRunDifference[] => {
  const others = new Map(before.map((chat) => [chat.conversationId, chat]));
  const differences: routing.DryRunDifference[] = [];
  for (const { conversationId, queueId, filterName } of after) {
    if (differences.length === MOST_DIFFERENCES) break;
    const other = others.get(conversationId);
    if (!other || other.queueId === queueId) continue;
    differences.push({
      conversationId,
      publishedQueueId: other.queueId,
      candidateQueueId: queueId,
      publishedFilter: other.filterName,
      candidateFilter: filterName,
    });
  }
  return differences;
};
