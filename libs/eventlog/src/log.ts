import { log as contracts, logSubject, partitionOfTenant, streamName, type LogName } from '@parley/contracts';
import { isId, notFound, partitionOf, unavailable, type ApiError } from '@parley/kernel';
import { natsConnection, whileStarting, type Bus } from '@parley/messaging';
import type { NatsConnection } from '@nats-io/transport-node';
import { Appender } from './appender.js';
import { apiRequest, directGet, directGetFrom, JetStreamApiError } from './jetstream-api.js';
import { Notices } from './notices.js';
import { PartitionCount } from './partition-count.js';
import { purgesPausedUntil } from './purge-pause.js';
import { RecentCommits } from './recent-commits.js';
import { ReplyBox } from './reply-box.js';
import { lastVersion, seek } from './seek.js';
import { ensureStreams } from './streams.js';
import {
  LogUnavailableError,
  type AppendedListener,
  type Bounds,
  type Commit,
  type EventLog,
  type Head,
  type Page,
  type StoredCommit,
} from './types.js';

const PAGE = 1_000;
/** Of one answer: what a server sends at once must neither take longer than its answer may nor fill its buffers. */
const PAGE_BYTES = 4 << 20;
const NO_MESSAGE = 10037;
const LAGGING_TRIES = 50;
const LAGGING_PAUSE_MS = 20;

export interface OpenEventLogOptions {
  readonly bus: Bus;
  readonly name: LogName;
  /** Creates those that are missing. The conversation log's number may be raised at any time. */
  readonly partitions: number;
  /** Copies of each stream; left as it is (1 for new streams) when absent. */
  readonly replicas?: number;
  /**
   * From how many waiting commits of a partition on they are written as one atomic batch; Infinity for never. The
   * default pays off, see docs/adr/0002-event-log.md.
   */
  readonly batchFrom?: number;
}

/** Opens a log and creates the streams that are missing. Rejects when NATS is not ready for it within a minute. */
export const openEventLog = async (options: OpenEventLogOptions): Promise<EventLog> => {
  const nats = natsConnection(options.bus);
  const partitions = await whileStarting(() =>
    ensureStreams(nats, options.name, options.partitions, options.replicas),
  );
  return new JetStreamLog(options.bus, options.name, partitions, options.batchFrom);
};

interface StreamInfo {
  readonly state: {
    readonly first_seq: number;
    readonly last_seq: number;
    readonly messages: number;
    readonly bytes: number;
  };
  readonly config: { readonly num_replicas: number };
  readonly cluster?: {
    readonly replicas?: readonly { readonly current: boolean; readonly offline?: boolean }[];
  };
}

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

class JetStreamLog implements EventLog {
  private readonly nats: NatsConnection;
  private readonly appenders = new Map<number, Appender>();
  private readonly replies: ReplyBox;
  private readonly notices: Notices;
  private readonly count: PartitionCount;
  /** Of the partitions that are followed here. */
  private readonly recent = new Map<number, RecentCommits>();

  constructor(
    private readonly bus: Bus,
    readonly name: LogName,
    partitions: number,
    private readonly batchFrom: number | undefined,
  ) {
    this.nats = natsConnection(bus);
    this.count = new PartitionCount(bus, name, partitions);
    this.replies = new ReplyBox(this.nats);
    this.notices = new Notices(bus, name);
    // What was under way may be lost, and so may its answer.
    bus.onConnection((connected) => {
      if (connected) return;
      this.replies.failAll(new Error('the connection was lost'));
      // A server that comes back may have been restored from a backup.
      for (const recent of this.recent.values()) recent.clear();
    });
  }

  get partitions(): number {
    return this.count.current;
  }

  refresh(): Promise<number> {
    return this.count.refresh();
  }

  partitionOf(tenant: string, id: string): number {
    const partition = this.named(tenant, id);
    if (partition >= this.partitions) throw this.noSuch('PARTITION');
    return partition;
  }

  async locate(tenant: string, id: string): Promise<number> {
    const partition = this.named(tenant, id);
    if (!(await this.count.has(partition))) throw this.noSuch('PARTITION');
    return partition;
  }

  private named(tenant: string, id: string): number {
    if (!isId(id) || !isId(tenant)) throw this.noSuch('AGGREGATE');
    const partition = this.name === 'conversation' ? partitionOf(id) : partitionOfTenant(tenant);
    if (partition === undefined) throw this.noSuch('PARTITION');
    return partition;
  }

  private noSuch(what: 'AGGREGATE' | 'PARTITION'): ApiError {
    return notFound(`NO_SUCH_${what}`, `There is no ${this.name} with this id.`);
  }

  async append(
    commit: Commit,
    expectedSeq: number,
    bytes?: Uint8Array,
    kinds?: readonly string[],
  ): Promise<number> {
    const partition = this.partitionOf(commit.tenant, commit.aggregateId);
    let appender = this.appenders.get(partition);
    if (!appender) {
      appender = new Appender(this.name, this.bus, this.replies, this.batchFrom);
      this.appenders.set(partition, appender);
    }
    const encoded = bytes ?? contracts.Commit.encode(commit).finish();
    const subject = logSubject(this.name, partition, commit.tenant, commit.aggregateId);
    const seq = await appender.append(subject, encoded, expectedSeq);
    this.recent.get(partition)?.add({ commit, bytes: encoded, seq, partition });
    this.notices.appended(partition, seq, kinds);
    return seq;
  }

  async load(
    tenant: string,
    id: string,
    afterVersion = 0,
    afterSeq = 0,
    maxBytes = Infinity,
  ): Promise<{ commits: StoredCommit[]; head: Head }> {
    const found: Found = { afterVersion, maxBytes, commits: [], bytes: 0, newest: undefined };
    const [leader] = await Promise.all([
      this.head(tenant, id),
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
    const head = await this.head(tenant, id);
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
    const partition = await this.locate(tenant, id);
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

  async head(tenant: string, id: string): Promise<Head> {
    const partition = await this.locate(tenant, id);
    const found = await this.leaderMessage(partition, {
      last_by_subj: logSubject(this.name, partition, tenant, id),
    });
    if (!found) return { version: 0, seq: 0 };
    return {
      version: lastVersion(contracts.Commit.decode(Buffer.from(found.data, 'base64'))),
      seq: found.seq,
    };
  }

  private async leaderMessage(
    partition: number,
    query: { last_by_subj: string } | { seq: number; next_by_subj: string } | { start_time: string },
  ): Promise<{ seq: number; data: string } | undefined> {
    try {
      const name = `STREAM.MSG.GET.${streamName(this.name, partition)}`;
      return (await apiRequest<{ message: { seq: number; data: string } }>(this.nats, name, query)).message;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.errCode === NO_MESSAGE) return undefined;
      throw error;
    }
  }

  async bounds(partition: number): Promise<Bounds> {
    const { state, config, cluster } = await apiRequest<StreamInfo>(
      this.nats,
      `STREAM.INFO.${streamName(this.name, partition)}`,
    );
    // Alone, or the leader, which has answered; the followers by what it knows of them.
    const currentCopies =
      1 + (cluster?.replicas ?? []).filter((copy) => copy.current && !copy.offline).length;
    return {
      firstSeq: state.first_seq,
      lastSeq: state.last_seq,
      commits: state.messages,
      bytes: state.bytes,
      currentCopies,
      laggingCopies: Math.max(0, config.num_replicas - currentCopies),
    };
  }

  async seqBefore(partition: number, time: number): Promise<number> {
    const first = await this.leaderMessage(partition, {
      start_time: new Date(Math.max(0, time)).toISOString(),
    });
    return first ? first.seq - 1 : (await this.bounds(partition)).lastSeq;
  }

  async isEnd(partition: number, seq: number): Promise<boolean> {
    const subject = `${this.name}.${partition}.>`;
    return (await this.leaderMessage(partition, { seq: seq + 1, next_by_subj: subject })) === undefined;
  }

  async page(partition: number, afterSeq: number, most: { commits: number; bytes: number }): Promise<Page> {
    const own = this.recent.get(partition)?.page(afterSeq, most);
    if (own) return own;
    const { messages, more } = await directGetFrom(this.replies, streamName(this.name, partition), {
      seq: afterSeq + 1,
      batch: most.commits,
      max_bytes: most.bytes,
    });
    return {
      commits: messages.map(({ seq, data }) => ({
        commit: contracts.Commit.decode(data),
        bytes: data,
        seq,
        partition,
      })),
      more,
    };
  }

  onAppended(partition: number, listener: AppendedListener): () => void {
    const unfollow = this.notices.follow(partition, listener);
    if (!this.recent.has(partition)) this.recent.set(partition, new RecentCommits());
    return () => {
      unfollow();
      this.recent.delete(partition);
    };
  }

  async purge(tenant: string, id: string, upToSeq: number): Promise<void> {
    const partition = await this.locate(tenant, id);
    const until = await purgesPausedUntil(this.nats);
    if (until > Date.now())
      throw unavailable('PURGES_PAUSED', `Nothing leaves the log until ${new Date(until).toISOString()}.`);
    this.recent.get(partition)?.clear();
    await apiRequest(this.nats, `STREAM.PURGE.${streamName(this.name, partition)}`, {
      filter: logSubject(this.name, partition, tenant, id),
      seq: upToSeq + 1,
    });
  }
}
