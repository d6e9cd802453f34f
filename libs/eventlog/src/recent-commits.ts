import type { Page, StoredCommit } from './types.js';

const MOST_COMMITS = 2_000;
const MOST_BYTES = 2 * 1024 * 1024;

/**
 * What this process appended last to a partition, without a gap: a consumer in the same process need not read it from the
 * log, which would send every commit back to where it came from. Holds only what the log has acknowledged.
 */
export class RecentCommits {
  private commits: StoredCommit[] = [];
  private bytes = 0;

  /** A commit was acknowledged with this sequence. Where it does not follow the one before, all before it is forgotten. */
  add(stored: StoredCommit & { readonly bytes: Uint8Array }): void {
    const last = this.commits.at(-1);
    if (last && stored.seq !== last.seq + 1) this.clear();
    this.commits.push(stored);
    this.bytes += stored.bytes.length;
    if (this.commits.length > MOST_COMMITS || this.bytes > MOST_BYTES) this.forgetHalf();
  }

  clear(): void {
    this.commits = [];
    this.bytes = 0;
  }

  /** What follows a sequence, or undefined when that is not all here: then the log has to be asked. */
  page(afterSeq: number, most: { readonly commits: number; readonly bytes: number }): Page | undefined {
    const from = afterSeq + 1 - (this.commits[0]?.seq ?? Infinity);
    if (!(from >= 0 && from < this.commits.length)) return undefined;
    let to = from;
    for (let bytes = 0; to < this.commits.length && to - from < most.commits && bytes < most.bytes; to++)
      bytes += this.commits[to]!.bytes!.length;
    return { commits: this.commits.slice(from, to), more: this.commits.length - to };
  }

  private forgetHalf(): void {
    this.commits = this.commits.slice(this.commits.length >> 1);
    this.bytes = this.commits.reduce((sum, { bytes }) => sum + bytes!.length, 0);
  }
}
