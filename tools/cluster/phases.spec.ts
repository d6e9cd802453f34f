/** Which phases of the cluster CI plays. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ALWAYS, clusterArguments, IN_TURN, phasesInTurn } from '../../scripts/cluster-phases.mjs';

describe('the phase in turn', () => {
  it('is the same for the same commit, on any day', () => {
    const commit = '283dcf5ab0c4f7d3c1e0'.padEnd(40, '0');
    const [one, other] = ['2026-11-28', '2026-11-29'].map((day) =>
      phasesInTurn({ commit, now: new Date(day) }),
    );
    expect(one).toHaveLength(1);
    expect(other).toEqual(one);
  });

  it('is each of them sooner or later, by commits and by days', () => {
    const hashes = Array.from({ length: 200 }, (_, i) =>
      (i * 20_000_003).toString(16).padStart(8, '0').padEnd(40, '0'),
    );
    expect(new Set(hashes.flatMap((commit) => phasesInTurn({ commit })))).toEqual(new Set(IN_TURN));
    const days = IN_TURN.map((_, i) => new Date(2026, 0, 1 + i));
    expect(days.flatMap((now) => phasesInTurn({ now })).sort()).toEqual([...IN_TURN].sort());
  });

  it('may be chosen, all of them or none', () => {
    expect(phasesInTurn({ choice: 'copies', commit: '0' })).toEqual(['copies']);
    expect(phasesInTurn({ choice: 'all' })).toEqual(IN_TURN);
    expect(phasesInTurn({ choice: 'none' })).toEqual([]);
  });

  it('is none that there is not', () => {
    expect(() => phasesInTurn({ choice: 'chaso' })).toThrow(
      /PARLEY_VERIFY_PHASE is chaso: it may be .*chaos/,
    );
  });

  it('is one that there is', () => {
    const phases = readFileSync(join(import.meta.dirname, 'main.ts'), 'utf8');
    for (const name of [...ALWAYS, ...IN_TURN])
      expect(phases).toMatch(new RegExp(`\\b${name}: (async )?\\(\\) =>`));
  });

  it('comes after those that are always played, with fewer chats where it takes long', () => {
    const always = ALWAYS.join(',');
    expect(clusterArguments(['chaos'])).toEqual(['--only', `${always},chaos`, '--chats', '60']);
    expect(clusterArguments(['size'])).toEqual(['--only', `${always},size`]);
    expect(clusterArguments([])).toEqual(['--only', always]);
  });

  it('is none of those that are always played', () => {
    expect(IN_TURN.filter((name) => ALWAYS.includes(name))).toEqual([]);
  });
});
