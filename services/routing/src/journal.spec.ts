import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { log } from '@parley/contracts';
import { createLogger } from '@parley/telemetry';
import { groupCommits, type Decided } from './codec.js';
import { decide, emptyState, type Command } from './domain.js';
import { openJournal, readJournals, type JournalEntry } from './journal.js';
import { decideAgain } from './testing/decide-again.js';
import { accept, agent, enter, presence, queue, T0 } from './testing/world.js';
import { enginePorts } from './workflows/engine-ports.js';

const TENANT = 'acme';
const logger = createLogger('routing', { level: 'silent' });
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Groups of commands, each decided together and a second after the one before; what of it got into the log. */
const decided = (groups: readonly (readonly Command[])[], largest?: number): log.Commit[] => {
  const journal = openJournal(folder, 'routing-1', logger, largest);
  const state = emptyState();
  return groups.flatMap((commands, i) => {
    const time = T0 + i * 1_000;
    const { version } = state;
    const page = journal?.open(TENANT, version, time);
    const all: Decided[] = [];
    for (const [j, command] of commands.entries()) {
      const noted = page?.ask(`k${i}-${j}`, command);
      const result = decide(state, command, time, enginePorts);
      noted?.(result);
      if (result.ok) all.push({ commandId: `k${i}-${j}`, events: result.value });
    }
    page?.close();
    return groupCommits(TENANT, all, version, time).map(({ commit }) => commit);
  });
};

/** The acceptance is refused: there is no such offer. */
const morning: readonly (readonly Command[])[] = [
  [queue('sales', { isDefault: true }), agent('ann', ['sales'], { capacity: 1 })],
  [enter('c1'), enter('c2'), accept('c9/1', 'ann')],
  [presence('ann')],
];
const again = (commits: readonly log.Commit[], entries: readonly JournalEntry[] = readJournals(folder)) =>
  decideAgain(TENANT, commits, entries);
const [wrote, otherwise] = ['the log holds what nobody has decided so', 'is decided otherwise now'];

describe('the journal of routing', () => {
  it('leads to the bytes that the log holds, when it is decided again', () => {
    const commits = decided(morning);
    expect(again(commits)).toEqual({ decisions: 6, refusals: 1, unwritten: 0, problems: [] });
  });

  it('holds what never got into the log, too', () => {
    const commits = decided(morning);
    expect(again(commits.slice(0, -1))).toEqual({ decisions: 6, refusals: 1, unwritten: 1, problems: [] });
  });

  it('shows what is decided otherwise, by anything that a command says', () => {
    const commits = decided(morning);
    const entries = readJournals(folder);
    for (const [i, entry] of entries.entries()) {
      const later = { ...entry, time: entry.time + 1 };
      const { problems } = again(commits, entries.with(i, later));
      expect(problems).toContainEqual(expect.stringContaining(wrote ?? ''));
    }
    const [first, ...rest] = entries;
    const decisions = first!.decisions.with(0, { ...first!.decisions[0]!, command: queue('support') });
    const { problems } = again(commits, [{ ...first!, decisions }, ...rest]);
    expect(problems).toEqual([`version 0: putQueue ${otherwise}`]);
  });

  it('shows a refusal that is none any more', () => {
    const commits = decided(morning);
    const entries = readJournals(folder).map((entry) => ({
      ...entry,
      decisions: entry.decisions.map((each) => (each.events ? each : { ...each, command: enter('c3') })),
    }));
    expect(again(commits, entries).problems).toEqual([`version 2: enqueue ${otherwise}`]);
  });

  it('shows what is in the log without having been decided', () => {
    const commits = decided(morning);
    const [first, , last] = readJournals(folder);
    expect(again(commits, [first!, last!]).problems).toEqual([`version 3: ${wrote}`]);
    expect(again(commits.slice(0, 1)).problems).toEqual([
      'version 4: something was decided on what the log never held',
    ]);
  });

  it('leaves out the line that was cut short when its process was killed', () => {
    decided(morning);
    const [name = ''] = readdirSync(folder);
    appendFileSync(join(folder, name), '{"tenant":"ac');
    expect(readJournals(folder)).toHaveLength(3);
    // A container's next process has the same name.
    decided(morning);
    expect(readJournals(folder)).toHaveLength(6);
  });

  it('gives up the oldest when there is too much, also what an earlier process of that name left', () => {
    const sizeOf = (): number => statSync(join(folder, 'routing-1.jsonl')).size;
    decided(morning.slice(0, 1));
    const largest = sizeOf() + 10;
    decided(morning, largest);
    expect(readJournals(folder).map(({ version }) => version)).toEqual([2, 4]);
    expect(sizeOf()).toBeLessThan(largest);
  });

  it('is none without a folder, and names its variable where it cannot be written', () => {
    expect(openJournal('', 'routing-1', logger)).toBeUndefined();
    writeFileSync(join(folder, 'taken'), '');
    expect(() => openJournal(join(folder, 'taken'), 'routing-1', logger)).toThrow(
      /PARLEY_ROUTING_JOURNAL.*EEXIST/,
    );
  });
});
