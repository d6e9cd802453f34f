import { log as contracts, logSubject, streamName, type LogName } from '@parley/contracts';
import { directGet } from './jetstream-api.js';
import type { ReplyBox } from './reply-box.js';
import { lastVersion, seek } from './seek.js';
import { LogUnavailableError, type EventLog, type Head, type StoredCommit } from './types.js';

const PAGE = 1_000;
/** Of one answer: what a server sends at once must neither take longer than its answer may nor fill its buffers. */
const PAGE_BYTES = 4 << 20;
const LAGGING_TRIES = 50;
const LAGGING_PAUSE_MS = 20;

/** What has been read of an aggregate so far, and what of it is wanted. */
interface Found {
  readonly afterVersion: number;
  readonly maxBytes: number;
  readonly commits: StoredCommit[];
  /** Of the commits. */
  bytes: number;
  /** The last that was seen, wanted or not. */
  newest: Head | undefined;
}

/** Reads the commits of one aggregate, which any replica may answer; the leader tells whether they are all. */
export class AggregateReader {
  constructor(
    private readonly name: LogName,
    private readonly replies: ReplyBox,
    private readonly log: Pick<EventLog, 'head' | 'locate'>,
  ) {}

  async load(
    tenant: string,
    id: string,
    afterVersion = 0,
    afterSeq = 0,
    maxBytes = Infinity,
  ): Promise<{ commits: StoredCommit[]; head: Head }> {
    const found: Found = { afterVersion, maxBytes, commits: [], bytes: 0, newest: undefined };
    const [leader] = await Promise.all([
      this.log.head(tenant, id),
      this.readSubject(tenant, id, afterSeq, found),
    ]);
    const behind = (): boolean => found.bytes < maxBytes && (found.newest?.seq ?? afterSeq) < leader.seq;
    for (let tries = 0; behind(); tries++) {
      await this.untilReplicasFollow(tries);
      await this.readSubject(tenant, id, found.newest?.seq ?? afterSeq, found);
    }
    const { newest, commits } = found;
    return { commits, head: newest && newest.seq >= leader.seq ? newest : leader };
  }

  async loadRange(
    tenant: string,
    id: string,
    afterVersion: number,
    upToVersion: number,
  ): Promise<StoredCommit[]> {
    const head = await this.log.head(tenant, id);
    const last = Math.min(head.version, upToVersion);
    if (last <= afterVersion) return [];
    const read = async (afterSeq: number, most: number): Promise<readonly StoredCommit[]> => {
      const found: Found = { afterVersion: 0, maxBytes: Infinity, commits: [], bytes: 0, newest: undefined };
      await this.readSubject(tenant, id, afterSeq, found, most);
      return found.commits;
    };
    let place = await seek(head, afterVersion, async (seq) => (await read(seq - 1, 1))[0]);
    const commits: StoredCommit[] = [];
    for (let tries = 0; place.version < last;) {
      const page = await read(place.seq, last - place.version);
      const newest = page.at(-1);
      if (newest) place = { version: lastVersion(newest.commit), seq: newest.seq };
      else await this.untilReplicasFollow(tries++);
      commits.push(...page);
    }
    return commits.filter(
      ({ commit }) => lastVersion(commit) > afterVersion && commit.firstVersion <= upToVersion,
    );
  }

  /** Direct get may be answered by a replica that lags behind the leader. */
  private async untilReplicasFollow(tries: number): Promise<void> {
    if (tries === LAGGING_TRIES) throw new LogUnavailableError(`replicas of ${this.name} lag behind`);
    await new Promise((resolve) => setTimeout(resolve, LAGGING_PAUSE_MS));
  }

  /** Reads on behind a sequence, `most` commits at most. */
  private async readSubject(
    tenant: string,
    id: string,
    afterSeq: number,
    found: Found,
    most = Infinity,
  ): Promise<void> {
    const partition = await this.log.locate(tenant, id);
    const subject = logSubject(this.name, partition, tenant, id);
    let left = most;
    for (let seq = afterSeq + 1, more = 1; more > 0 && left > 0 && found.bytes < found.maxBytes;) {
      const page = await directGet(this.replies, streamName(this.name, partition), {
        seq,
        next_by_subj: subject,
        batch: Math.min(PAGE, left),
        max_bytes: Math.min(PAGE_BYTES, found.maxBytes),
      });
      for (const { seq: at, data } of page.messages) {
        const commit = contracts.Commit.decode(data);
        found.newest = { version: lastVersion(commit), seq: at };
        seq = at + 1;
        if (found.newest.version <= found.afterVersion) continue;
        found.commits.push({ commit, bytes: data, seq: at, partition });
        found.bytes += data.length;
      }
      left -= page.messages.length;
      more = page.messages.length === 0 ? 0 : page.more;
    }
  }
}
