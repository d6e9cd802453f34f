import { describe, expect, it } from '@jest/globals';
import { log } from '@parley/contracts';
import { commandKey, emptyEnvelope, foldCommits, REMEMBERED_COMMANDS } from './aggregate.js';
import { tallyCodec, tallyDecider } from './testing/tally.js';
import { UnknownEventError, type StoredCommit } from './types.js';

const stored = (firstVersion: number, ids: readonly string[], ...bodies: string[]): StoredCommit => ({
  seq: firstVersion * 10,
  partition: 0,
  commit: log.Commit.fromPartial({
    tenant: 't',
    aggregateId: 'a',
    firstVersion,
    time: new Date(1_000 + firstVersion),
    commandId: ids[0] ?? '',
    commandIds: ids.length > 1 ? [...ids] : [],
    events: bodies.map((body) => Buffer.from(body)),
  }),
});
const one = '{"added":1,"label":"x"}';
const options = { decider: tallyDecider, codec: tallyCodec };
const start = () => emptyEnvelope(tallyDecider.initialState);

describe('folding commits', () => {
  it('skips what it holds, and gives version, sequence and time of the last', () => {
    const first = foldCommits(start(), [stored(1, ['a'], one, one)], options);
    const envelope = foldCommits(first, [stored(1, ['a'], one, one), stored(3, ['b'], one)], options);
    expect(envelope).toMatchObject({ state: { total: 3 }, head: { version: 3, seq: 30 }, time: 1_003 });
  });

  it('remembers every id of a group commit, with the version it led to', () => {
    const { commandIds } = foldCommits(start(), [stored(1, ['a', 'b'], one, one)], options);
    expect([...commandIds]).toEqual([
      [commandKey(undefined, 'a'), { version: 2, time: 1_001 }],
      [commandKey(undefined, 'b'), { version: 2, time: 1_001 }],
    ]);
  });

  it('forgets the oldest ids beyond its bound', () => {
    const commits = Array.from({ length: REMEMBERED_COMMANDS + 5 }, (_, i) => stored(i + 1, [`c${i}`], one));
    const { commandIds } = foldCommits(start(), commits, options);
    expect(commandIds.size).toBe(REMEMBERED_COMMANDS);
    expect(['c4', 'c5'].map((id) => commandIds.has(commandKey(undefined, id)))).toEqual([false, true]);
  });

  it('refuses a missing version and an event of a newer release', () => {
    expect(() => foldCommits(start(), [stored(2, ['a'], one)], options)).toThrow('version 2 follows 0');
    expect(() => foldCommits(start(), [stored(1, ['a'], '{"newer":true}')], options)).toThrow(
      UnknownEventError,
    );
  });
});
