import { routing, type log } from '@parley/contracts';
import { eventsOf, groupCommits } from '../codec.js';
import { decide, emptyState, evolve, restoreSnapshot, takeSnapshot, type RoutingState } from '../domain.js';
import { encoded, type JournalDecision, type JournalEntry } from '../journal.js';
import { enginePorts } from '../workflows/engine-ports.js';

/** What came of it; without problems every decision was made again and everything in the log is one of them. */
export interface DecidedAgain {
  /** Decisions that were made again, those that never got into the log among them. */
  decisions: number;
  /** Of those: refused again. */
  refusals: number;
  /** Of those: in groups of which nothing got into the log, as their process had been killed or was not the owner. */
  unwritten: number;
  readonly problems: string[];
}

/**
 * Makes every decision of the journals again, from nothing but what the log held before it, and compares the bytes; then
 * tells whether all that the log holds was decided so. For a tenant's log from its beginning.
 */
export const decideAgain = (
  tenant: string,
  commits: readonly log.Commit[],
  entries: readonly JournalEntry[],
): DecidedAgain => {
  const outcome: DecidedAgain = { decisions: 0, refusals: 0, unwritten: 0, problems: [] };
  const open = Map.groupBy(
    entries.filter((entry) => entry.tenant === tenant),
    ({ version }) => version,
  );
  const written = new Map(commits.map((commit) => [commit.firstVersion, printOf(commit)]));
  const expected = new Set<string>();
  const state = emptyState();
  const look = (): void => {
    for (const entry of open.get(state.version) ?? []) {
      repeat(entry, state, outcome);
      const prints = printsOf(entry);
      const [first] = prints;
      if (first && written.get(entry.version + 1) !== first) outcome.unwritten += entry.decisions.length;
      for (const print of prints) expected.add(print);
    }
    open.delete(state.version);
  };
  look();
  for (const commit of commits) {
    if (!expected.has(printOf(commit)))
      outcome.problems.push(`version ${commit.firstVersion}: the log holds what nobody has decided so`);
    for (const event of eventsOf(commit)) evolve(state, event, commit.time?.getTime() ?? 0);
    look();
  }
  for (const version of open.keys())
    outcome.problems.push(`version ${version}: something was decided on what the log never held`);
  return outcome;
};

/** On a copy, made as a new owner gets it: through the JSON of a snapshot. */
const repeat = (entry: JournalEntry, before: RoutingState, outcome: DecidedAgain): void => {
  const snapshot = JSON.stringify(takeSnapshot(before));
  const state = restoreSnapshot(JSON.parse(snapshot) as Parameters<typeof restoreSnapshot>[0]);
  for (const { command, events } of entry.decisions) {
    const result = decide(state, command, entry.time, enginePorts);
    outcome.decisions++;
    if (!result.ok && !events) outcome.refusals++;
    if (bytesOf(result.ok ? result.value.map(encoded) : undefined) === bytesOf(events)) continue;
    outcome.problems.push(`version ${entry.version}: ${command.kind} is decided otherwise now`);
    // What follows would differ only because of this.
    return;
  }
};

const bytesOf = (events: JournalDecision['events']): string =>
  events ? events.map((event) => event.toString('base64')).join() : 'refused';

/** The commits that an entry leads to. */
const printsOf = ({ tenant, version, time, decisions }: JournalEntry): string[] => {
  const decided = decisions.flatMap(({ commandId, events }) =>
    events ? { commandId, events: events.map((event) => routing.RoutingEvent.decode(event)) } : [],
  );
  return groupCommits(tenant, decided, version, time).map(({ commit }) => printOf(commit));
};

/** All of a commit that is decided: not its trace, nor where it lies. */
const printOf = ({ firstVersion, time, commandIds, events, engineVersion }: log.Commit): string =>
  JSON.stringify([
    firstVersion,
    time?.getTime(),
    commandIds,
    engineVersion,
    events.map((event) => Buffer.from(event).toString('base64')),
  ]);
