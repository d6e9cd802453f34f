import { type conversation, type log, recordedEvents } from '@parley/contracts';
import { lastVersion, type EventLog, type StoredCommit } from '@parley/eventlog';
import type { LoadPurged } from '@parley/service';
import { Lru } from './lru.js';

/** What one page of events may hold. */
export interface Most {
  readonly limit: number;
  readonly bytes: number;
}

/** A commit's place in the log, and its last version. */
interface Place {
  readonly version: number;
  readonly seq: number;
}
const nowhere: Place = { version: 0, seq: 0 };

/** Conversations of which it is remembered where a page ended. */
const MOST_PLACES = 2_000;
/** What stands around an event, bytes. */
const PER_EVENT = 128;

/** A conversation's commits from the beginning: the log's and, before those, what transcript keeps. */
export class History {
  /** Where the last page of a conversation ended in the log: the next begins there, not at its first commit. */
  private readonly places = new Lru<Place>(MOST_PLACES);
  /** Ids that were made a moment ago: nobody can keep anything of them. */
  private readonly fresh = new Set<string>();

  constructor(
    private readonly eventLog: EventLog,
    private readonly purged: LoadPurged,
  ) {}

  /** Runs `work` on an id that was just made, without asking transcript whether it knows it. */
  async withFresh<T>(id: string, work: () => Promise<T>): Promise<T> {
    this.fresh.add(id);
    try {
      return await work();
    } finally {
      this.fresh.delete(id);
    }
  }

  /** The commits that transcript keeps, with events after a version. ApiError unavailable when it does not answer. */
  readonly loadPurged = async (
    tenant: string,
    id: string,
    afterVersion = 0,
    maxBytes?: number,
  ): Promise<readonly log.Commit[]> => {
    if (this.fresh.has(id)) return [];
    return this.purged(tenant, id, afterVersion, maxBytes);
  };

  /** Commits with events after a version, in order and without a gap; the first may begin before it. */
  async commits(tenant: string, id: string, afterVersion: number): Promise<readonly log.Commit[]> {
    const { commits } = await this.eventLog.load(tenant, id, afterVersion);
    const tail = commits.map((stored) => stored.commit);
    const first = tail[0];
    // Something after the version is in the log and nothing is missing before it.
    if (
      first
        ? first.firstVersion <= afterVersion + 1
        : afterVersion > 0 && (await this.ends(tenant, id, afterVersion))
    )
      return tail;
    const prefix = await this.loadPurged(tenant, id, afterVersion);
    return [...prefix.filter((commit) => !first || commit.firstVersion < first.firstVersion), ...tail];
  }

  /** The events after a version: at most `limit`, and about as many bytes, one event at least. */
  async events(
    tenant: string,
    id: string,
    afterVersion: number,
    { limit, bytes }: Most,
  ): Promise<readonly conversation.RecordedEvent[]> {
    const found: conversation.RecordedEvent[] = [];
    let size = 0;
    let place: Place | undefined;
    for (const { commit, seq } of await this.page(tenant, id, afterVersion, bytes)) {
      size += sizeOf(commit);
      if (found.length > 0 && size > bytes) break;
      found.push(...recordedEvents(commit).filter(({ version }) => version > afterVersion));
      if (found.length <= limit && seq > 0) place = { version: lastVersion(commit), seq };
      if (found.length >= limit) break;
    }
    if (place) this.places.set(`${tenant}/${id}`, place);
    return found.slice(0, limit);
  }

  /** As commits, about so many bytes of them; `seq` 0: no longer in the log. */
  private async page(
    tenant: string,
    id: string,
    afterVersion: number,
    bytes: number,
    from = this.places.get(`${tenant}/${id}`),
  ): Promise<readonly Pick<StoredCommit, 'commit' | 'seq'>[]> {
    const place = from && from.version <= afterVersion ? from : nowhere;
    const { commits } = await this.eventLog.load(tenant, id, afterVersion, place.seq, bytes);
    const first = commits[0]?.commit.firstVersion ?? Infinity;
    if (first <= afterVersion + 1) return commits;
    if (commits.length === 0 && afterVersion > 0 && (await this.ends(tenant, id, afterVersion))) return [];
    // A log that was restored from a backup has its commits in other places.
    if (place.seq > 0) return this.page(tenant, id, afterVersion, bytes, nowhere);
    const purged = await this.loadPurged(tenant, id, afterVersion, bytes);
    const prefix = purged
      .filter(({ firstVersion }) => firstVersion < first)
      .map((commit) => ({ commit, seq: 0 }));
    const reached = prefix.at(-1);
    return reached && lastVersion(reached.commit) + 1 < first ? prefix : [...prefix, ...commits];
  }

  private async ends(tenant: string, id: string, version: number): Promise<boolean> {
    return (await this.eventLog.head(tenant, id)).version === version;
  }
}

const sizeOf = ({ events }: log.Commit): number =>
  events.reduce((bytes, event) => bytes + event.length + PER_EVENT, 0);
