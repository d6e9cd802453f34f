import { log as contracts, logSubject, partitionOfTenant, streamName, type LogName } from '@parley/contracts';
import { isId, notFound, partitionOf, unavailable, type ApiError } from '@parley/kernel';
import { natsConnection, whileStarting, type Bus } from '@parley/messaging';
import type { NatsConnection } from '@nats-io/transport-node';
import { AggregateReader } from './aggregate-reader.js';
import { Appender } from './appender.js';
import { apiRequest, directGetFrom, JetStreamApiError } from './jetstream-api.js';
import { Notices } from './notices.js';
import { PartitionCount } from './partition-count.js';
import { purgesPausedUntil } from './purge-pause.js';
import { RecentCommits } from './recent-commits.js';
import { ReplyBox } from './reply-box.js';
import { lastVersion } from './seek.js';
import { ensureStreams } from './streams.js';
import type { AppendedListener, Bounds, Commit, EventLog, Head, Page } from './types.js';

const NO_MESSAGE = 10037;

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

class JetStreamLog implements EventLog {
  private readonly nats: NatsConnection;
  private readonly appenders = new Map<number, Appender>();
  private readonly replies: ReplyBox;
  private readonly reader: AggregateReader;
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
    this.reader = new AggregateReader(name, this.replies, this);
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

  load(...asked: Parameters<EventLog['load']>): ReturnType<EventLog['load']> {
    return this.reader.load(...asked);
  }

  loadRange(...asked: Parameters<EventLog['loadRange']>): ReturnType<EventLog['loadRange']> {
    return this.reader.loadRange(...asked);
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
