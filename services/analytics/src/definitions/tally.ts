import { analytics } from '@parley/contracts';
import type { ConversationFact } from './fact.js';
import {
  handleSeconds,
  isAnsweredInTime,
  isConverted,
  isDropped,
  isHandled,
  isResolvedAtOnce,
  outcomeOf,
  outcomeOfEntry,
  SHORT_ABANDON_SECONDS,
  waitSeconds,
  waitSecondsOf,
} from './outcome.js';
import { addTo, emptySketch, mergeInto, quantileOf, type Sketch } from './sketch.js';

const COUNTS = [
  'offered',
  'answered',
  'abandoned',
  'shortAbandoned',
  'messageTaken',
  'flowedOut',
  'waiting',
  'withinServiceLevel',
  'handled',
  'ratings',
  'goodRatings',
  'closed',
  'converted',
  'dropped',
  'messagesByVisitors',
  'messagesByAgents',
  'transfers',
  'transfersRefused',
  'takenOver',
  'messagesAnswered',
  'messagesAnsweredInTime',
  'firstContactResolved',
] as const;
const SKETCHES = [
  'waitOfAnswered',
  'waitOfAbandoned',
  'responseFromEntry',
  'responseFromAcceptance',
  'responseInChat',
  'handleTime',
  'holdTime',
  'queueTime',
] as const;

type Counts = Record<(typeof COUNTS)[number], number>;
type Sketches = Record<(typeof SKETCHES)[number], Sketch>;

/** Sums and sketches over facts; two of them merge by adding, so a report is a merge of rollups. Plain JSON. */
export type Tally = Counts & Sketches;

export const emptyTally = (): Tally => {
  const counts = Object.fromEntries(COUNTS.map((name) => [name, 0])) as Counts;
  const sketches = Object.fromEntries(SKETCHES.map((name) => [name, emptySketch()])) as Sketches;
  return { ...counts, ...sketches };
};

export const mergeTally = (into: Tally, other: Tally): void => {
  for (const name of COUNTS) into[name] += other[name];
  for (const name of SKETCHES) mergeInto(into[name], other[name]);
};

export interface Measured {
  readonly fact: ConversationFact;
  /** After-chat work, ms, from routing's log. */
  readonly wrapUpMs: number;
  /** When routing's log says that the answering agent accepted, ms; the time of joining stands in for it. */
  readonly acceptedAt?: number | undefined;
  /** The queue's threshold of the service level. */
  readonly serviceLevelSeconds: number;
  /** Likewise of the queue of each entry; by default the same. */
  readonly entryServiceLevelSeconds?: readonly number[];
  /** The contact came back with the same topic within the time of `FCR_WINDOW_MS`. */
  readonly cameBack?: boolean;
}

/** Counts one conversation, by the definitions of docs/definitions.md. */
export const tallyFact = (tally: Tally, measured: Measured): void => {
  const { fact, serviceLevelSeconds } = measured;
  tallyOutcome(tally, outcomeOf(fact), waitSeconds(fact) ?? 0, serviceLevelSeconds);
  tallyRest(tally, measured);
};

/**
 * Counts it for its queues: what became of it in each (to `of(queue, agent)`, the agent being who answered there), all
 * else for the last one.
 */
export const tallyQueues = (of: (queueId: string, agentId: string) => Tally, measured: Measured): void => {
  const { fact, serviceLevelSeconds, entryServiceLevelSeconds } = measured;
  fact.entries.forEach((entry, i) => {
    const within = entryServiceLevelSeconds?.[i] ?? serviceLevelSeconds;
    const wait = waitSecondsOf(fact, entry) ?? 0;
    tallyOutcome(of(entry.queueId, entry.agentId ?? ''), outcomeOfEntry(fact, entry), wait, within);
  });
  tallyRest(of(fact.queueId, fact.agentId), measured);
};

const tallyRest = (tally: Tally, { fact, wrapUpMs, acceptedAt, cameBack = false }: Measured): void => {
  tally.messagesByVisitors += fact.visitorMessages;
  tally.messagesByAgents += fact.agentMessages;
  if (fact.rating > 0) tally.ratings++;
  if (fact.rating >= 4) tally.goodRatings++;
  if (fact.closedAt !== undefined) tally.closed++;
  if (isConverted(fact)) tally.converted++;
  if (isDropped(fact)) tally.dropped++;
  mergeInto(tally.responseInChat, fact.responses);
  if (isHandled(fact)) {
    tally.handled++;
    addTo(tally.handleTime, handleSeconds(fact, wrapUpMs));
    addTo(tally.holdTime, fact.holdMs / 1000);
    if (isResolvedAtOnce(fact) && !cameBack) tally.firstContactResolved++;
  }
  tally.transfers += fact.transfers;
  tally.transfersRefused += fact.transfersRefused;
  tally.takenOver += fact.takenOver;
  if (fact.messageAnsweredAt !== undefined) tally.messagesAnswered++;
  if (isAnsweredInTime(fact)) tally.messagesAnsweredInTime++;
  if (fact.enteredAt !== undefined && fact.queuedSince === undefined)
    addTo(tally.queueTime, fact.queuedMs / 1000);
  const accepted = acceptedAt ?? fact.joinedAt;
  if (fact.answeredAt !== undefined && accepted !== undefined)
    addTo(tally.responseFromAcceptance, (fact.answeredAt - accepted) / 1000);
};

const tallyOutcome = (
  tally: Tally,
  outcome: analytics.Fact_Outcome,
  wait: number,
  serviceLevelSeconds: number,
): void => {
  const O = analytics.Fact_Outcome;
  if (outcome === O.OUTCOME_UNSPECIFIED) return;
  tally.offered++;
  switch (outcome) {
    case O.OUTCOME_ANSWERED:
      tally.answered++;
      addTo(tally.waitOfAnswered, wait);
      addTo(tally.responseFromEntry, wait);
      if (wait <= serviceLevelSeconds) tally.withinServiceLevel++;
      return;
    case O.OUTCOME_ABANDONED:
      tally.abandoned++;
      addTo(tally.waitOfAbandoned, wait);
      if (wait <= SHORT_ABANDON_SECONDS) tally.shortAbandoned++;
      return;
    case O.OUTCOME_MESSAGE_TAKEN:
      tally.messageTaken++;
      return;
    case O.OUTCOME_FLOWED_OUT:
      tally.flowedOut++;
      return;
    case O.OUTCOME_WAITING:
      tally.waiting++;
  }
};

/** Parts of concurrency and occupancy, ms. */
export interface Load {
  /** Chats' time added up. */
  openMs: number;
  /** Time with at least one chat. */
  busyMs: number;
  /** Slots' time: an available agent's capacity, and more where chats took more. */
  staffedMs: number;
  /** Chats' time within the staffed time. */
  usedMs: number;
}

export const emptyLoad = (): Load => ({ openMs: 0, busyMs: 0, staffedMs: 0, usedMs: 0 });

/** The figures of a report. Shares are absent where their denominator is 0. */
export const figuresOf = (tally: Tally, load: Load): analytics.Figures => ({
  offered: tally.offered,
  answered: tally.answered,
  abandoned: tally.abandoned,
  shortAbandoned: tally.shortAbandoned,
  messageTaken: tally.messageTaken,
  flowedOut: tally.flowedOut,
  waiting: tally.waiting,
  abandonRate: share(tally.abandoned, tally.offered),
  abandonRateWithoutShort: share(
    tally.abandoned - tally.shortAbandoned,
    tally.offered - tally.shortAbandoned,
  ),
  serviceLevel: share(tally.withinServiceLevel, tally.answered + tally.abandoned - tally.shortAbandoned),
  waitOfAnswered: distributionOf(tally.waitOfAnswered),
  firstResponseFromEntry: distributionOf(tally.responseFromEntry),
  firstResponseFromAcceptance: distributionOf(tally.responseFromAcceptance),
  responseInChat: distributionOf(tally.responseInChat),
  handleTime: distributionOf(tally.handleTime),
  handled: tally.handled,
  concurrency: share(load.openMs, load.busyMs),
  ratings: tally.ratings,
  csat: share(tally.goodRatings, tally.ratings),
  closed: tally.closed,
  converted: tally.converted,
  conversionRate: share(tally.converted, tally.closed),
  dropped: tally.dropped,
  messagesByVisitors: tally.messagesByVisitors,
  messagesByAgents: tally.messagesByAgents,
  abandonWaitMean: share(tally.waitOfAbandoned.sum, tally.waitOfAbandoned.count),
  transfers: tally.transfers,
  transfersRefused: tally.transfersRefused,
  takenOver: tally.takenOver,
  holdTime: distributionOf(tally.holdTime),
  queueTime: distributionOf(tally.queueTime),
  messagesAnswered: tally.messagesAnswered,
  messagesAnsweredInTime: tally.messagesAnsweredInTime,
  firstContactResolved: tally.firstContactResolved,
  firstContactResolution: share(tally.firstContactResolved, tally.handled),
  occupancy: share(load.usedMs, load.staffedMs),
});

const share = (part: number, whole: number): number | undefined => (whole > 0 ? part / whole : undefined);

const distributionOf = (sketch: Sketch): analytics.Distribution => ({
  count: sketch.count,
  sum: sketch.sum,
  mean: share(sketch.sum, sketch.count),
  p50: quantileOf(sketch, 0.5),
  p90: quantileOf(sketch, 0.9),
  p99: quantileOf(sketch, 0.99),
  max: sketch.count > 0 ? sketch.max : undefined,
});
