import { conversation, routing } from '@parley/contracts';
import { openEventLog, type EventLog, type StoredCommit } from '@parley/eventlog';
import type { Bus } from '@parley/messaging';
import { DOMAIN_ID } from '../../services/routing/src/codec.js';
import { emptyState, evolve, type RoutingState } from '../../services/routing/src/domain.js';
import { invariants } from '../../services/routing/src/domain/invariants.js';
import type { JournalEntry } from '../../services/routing/src/journal.js';
import { decideAgain } from '../../services/routing/src/testing/decide-again.js';
import { Judge, waitingIn, type Step } from './judge.js';

/** Zeros are what passes, but for what was played. */
export interface RulesOutcome {
  readonly chats: number;
  readonly kills: number;
  readonly routingCommits: number;
  readonly offers: number;
  readonly transfers: number;
  readonly parked: number;
  readonly takenOver: number;
  /** Offers made while somebody else waited. */
  readonly contested: number;
  /** Targets of workflows that were entered. */
  readonly targets: number;
  lost: number;
  severalOwners: number;
  overCapacity: number;
  unheeded: number;
  notJoined: number;
  brokenInvariants: number;
  /** What the oracle of the simulation finds wrong: order, fit, room, targets and their requirements. */
  misjudged: number;
  /** Decisions of all processes that were made again from the log and the commands in their journals. */
  readonly decidedAgain: number;
  /** Of those: refused again. */
  readonly refusedAgain: number;
  /** Of those: nothing of them got into the log, as their process was killed or was not the owner any more. */
  readonly unwritten: number;
  /** Decisions that come out otherwise, and commits that come of none. */
  readonly decidedOtherwise: number;
}

export interface Played {
  readonly kills: number;
  readonly failsafeSeconds: number;
  readonly journals: () => readonly JournalEntry[];
}

/** An owner that was killed is missed, and another one has loaded, within this, ms. */
const OUTAGE_MS = 30_000;

type Fact = NonNullable<conversation.ConversationEvent['event']>;

/** Reads both logs from their beginning and tells what they hold that must not be. */
export const checkLogs = async (
  bus: Bus,
  tenant: string,
  chats: ReadonlyMap<string, string>,
  { kills, failsafeSeconds, journals }: Played,
): Promise<{ outcome: RulesOutcome; problems: string[] }> => {
  const problems: string[] = [];
  const log = await openEventLog({ bus, name: 'routing', partitions: 4 });
  const conversations = await openEventLog({ bus, name: 'conversation', partitions: 1 });
  const facts = new Map<string, Fact[][]>();
  for (const id of chats.keys()) facts.set(id, await factsOf(conversations, tenant, id));
  const { commits } = await log.load(tenant, DOMAIN_ID);
  const seen = checkRouting(commits, failsafeSeconds, problems);
  // Read after the log, which goes on: so they have all of it, and what is later is not looked at.
  const decidedUpTo = journals().filter(({ version }) => version <= seen.state.version);
  const again = decideAgain(
    tenant,
    commits.map(({ commit }) => commit),
    decidedUpTo,
  );
  problems.push(...again.problems);
  const outcome: RulesOutcome = {
    chats: chats.size,
    kills,
    routingCommits: commits.length,
    offers: seen.offers,
    transfers: countOf(facts, 'transferRequested'),
    parked: countOf(facts, 'parked'),
    takenOver: countOf(facts, 'takenOver'),
    contested: seen.contested,
    targets: seen.targets,
    lost: 0,
    severalOwners: 0,
    overCapacity: seen.overCapacity,
    unheeded: seen.unheeded,
    notJoined: 0,
    brokenInvariants: seen.broken,
    misjudged: seen.misjudged,
    decidedAgain: again.decisions,
    refusedAgain: again.refusals,
    unwritten: again.unwritten,
    decidedOtherwise: again.problems.length,
  };
  for (const [id, commits] of facts) checkConversation(id, commits, outcome, problems);
  for (const [offerId, conversationId] of seen.held) {
    const joined = facts.get(conversationId)?.flat() ?? [];
    if (joined.some((fact) => fact.$case === 'agentJoined' && fact.value.offerId === offerId)) continue;
    outcome.notJoined++;
    problems.push(`${conversationId}: ${offerId} was accepted and held, and the agent never came`);
  }
  for (const chat of seen.state.chats.values()) {
    outcome.lost++;
    problems.push(`${chat.id}: routing still has it, ${chat.phase}`);
  }
  return { outcome, problems };
};

const factsOf = async (log: EventLog, tenant: string, id: string): Promise<Fact[][]> => {
  await log.refresh();
  const { commits } = await log.load(tenant, id);
  return commits.map(({ commit }) =>
    commit.events.flatMap((bytes) => conversation.ConversationEvent.decode(bytes).event ?? []),
  );
};

const countOf = (facts: ReadonlyMap<string, Fact[][]>, $case: Fact['$case']): number =>
  [...facts.values()].flat(2).filter((fact) => fact.$case === $case).length;

/** Whose it was at the end of every commit: one agent's, unless another one was taken in warm. */
const checkConversation = (
  id: string,
  commits: readonly Fact[][],
  outcome: RulesOutcome,
  problems: string[],
): void => {
  const agents = new Set<string>();
  let warm = false;
  let closed = false;
  for (const facts of commits) {
    for (const fact of facts) {
      if (fact.$case === 'agentJoined') agents.add(fact.value.agentId);
      if (fact.$case === 'agentLeft') agents.delete(fact.value.agentId);
      if (fact.$case === 'parked' || fact.$case === 'queueEntered') agents.clear();
      if (fact.$case === 'transferred') warm ||= fact.value.mode === WARM;
      if (fact.$case === 'closed') closed = true;
    }
    if (agents.size <= 1) warm = false;
    if (agents.size > 1 && !warm) {
      outcome.severalOwners++;
      problems.push(`${id}: ${[...agents].join(' and ')} have it at once`);
    }
  }
  if (closed) return;
  outcome.lost++;
  problems.push(`${id}: it has not been served to its end`);
};

const WARM = conversation.TransferRequested_Mode.MODE_WARM;

interface Seen {
  readonly state: RoutingState;
  readonly offers: number;
  /** Accepted offers whose agent held the chat for long, with their conversation. */
  readonly held: ReadonlyMap<string, string>;
  readonly overCapacity: number;
  readonly unheeded: number;
  readonly broken: number;
  readonly misjudged: number;
  readonly contested: number;
  readonly targets: number;
}

/** Folds routing's log and looks at the state after every event, and more closely after every commit. */
const checkRouting = (
  commits: readonly StoredCommit[],
  failsafeSeconds: number,
  problems: string[],
): Seen => {
  const state = emptyState();
  const held = new Map<string, string>();
  const since = new Map<string, { readonly offerId: string; readonly at: number }>();
  const unheeded = new Set<string>();
  const judge = new Judge();
  let [offers, overCapacity, broken, misjudged] = [0, 0, 0, 0];
  for (const { commit } of commits) {
    const time = commit.time?.getTime() ?? 0;
    // Before the commit: until now this is how it stood.
    for (const chat of state.chats.values()) {
      const late = chat.failsafeAt + OUTAGE_MS < time;
      if ((chat.phase !== 'waiting' && chat.phase !== 'offered') || !late || unheeded.has(chat.id)) continue;
      unheeded.add(chat.id);
      problems.push(`${chat.id}: nothing was done about it long after ${failsafeSeconds} s`);
    }
    const steps: Step[] = [];
    for (const bytes of commit.events) {
      const event = routing.RoutingEvent.decode(bytes);
      steps.push({ event, waiting: waitingIn(state) });
      evolve(state, event, time);
      if (event.event?.$case === 'offerMade') offers++;
      if (event.event?.$case === 'offerAccepted') {
        const { conversationId, agentId, offerId } = event.event.value;
        since.set(`${conversationId}/${agentId}`, { offerId, at: time });
      }
      if (event.event?.$case === 'assignmentEnded') {
        const { conversationId, agentId } = event.event.value;
        const began = since.get(`${conversationId}/${agentId}`);
        if (began && time - began.at > OUTAGE_MS) held.set(began.offerId, conversationId);
      }
      for (const agent of state.agents.values()) {
        // A supervisor who takes over is not asked whether they have room.
        if (!agent.config || agent.used <= agent.capacity) continue;
        overCapacity++;
        problems.push(`${agent.id} holds ${agent.used} of ${agent.capacity} at version ${state.version}`);
      }
    }
    const wrong = invariants(state);
    broken += wrong.length;
    const judged = judge.commit(steps, waitingIn(state), time);
    misjudged += judged.length;
    problems.push(...[...wrong, ...judged].map((what) => `version ${state.version}: ${what}`));
  }
  const { contested, targets } = judge;
  return {
    state,
    offers,
    held,
    overCapacity,
    unheeded: unheeded.size,
    broken,
    misjudged,
    contested,
    targets,
  };
};
