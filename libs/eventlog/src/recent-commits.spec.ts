import { describe, expect, it } from '@jest/globals';
import { log } from '@parley/contracts';
import { RecentCommits } from './recent-commits.js';

const MOST = { commits: 100, bytes: 1_000 };

const recentOf = (...seqs: number[]): RecentCommits => {
  const recent = new RecentCommits();
  for (const seq of seqs)
    recent.add({ commit: log.Commit.create({}), bytes: new Uint8Array(100), seq, partition: 0 });
  return recent;
};
const seqsOf = (recent: RecentCommits, afterSeq: number, most = MOST) =>
  recent.page(afterSeq, most)?.commits.map(({ seq }) => seq);

describe('recent commits', () => {
  it('hand over what follows a sequence', () => {
    const recent = recentOf(5, 6, 7);
    expect(seqsOf(recent, 4)).toEqual([5, 6, 7]);
    expect(seqsOf(recent, 6)).toEqual([7]);
  });

  it('know nothing of what stands before them or is not there yet', () => {
    const recent = recentOf(5, 6);
    expect(recent.page(3, MOST)).toBeUndefined();
    expect(recent.page(6, MOST)).toBeUndefined();
    expect(new RecentCommits().page(0, MOST)).toBeUndefined();
  });

  it('begin anew behind a gap, and when the log was set back', () => {
    const gap = recentOf(5, 6, 8, 9);
    expect(gap.page(4, MOST)).toBeUndefined();
    expect(seqsOf(gap, 7)).toEqual([8, 9]);
    const setBack = recentOf(5, 6, 5);
    expect(seqsOf(setBack, 4)).toEqual([5]);
  });

  it('hand over at most so many commits and bytes, one at least, and say how many follow', () => {
    const recent = recentOf(1, 2, 3, 4);
    expect(recent.page(0, { commits: 3, bytes: 1_000 })).toMatchObject({ more: 1 });
    expect(seqsOf(recent, 0, { commits: 3, bytes: 1_000 })).toEqual([1, 2, 3]);
    expect(seqsOf(recent, 0, { commits: 9, bytes: 150 })).toEqual([1, 2]);
    expect(seqsOf(recent, 0, { commits: 9, bytes: 1 })).toEqual([1]);
  });

  it('forget the oldest', () => {
    const recent = recentOf(...Array.from({ length: 2_001 }, (_, i) => i + 1));
    expect(recent.page(0, MOST)).toBeUndefined();
    expect(seqsOf(recent, 1_999)).toEqual([2_000, 2_001]);
  });
});
