import { type conversation, type log, recordedEvents } from '@parley/contracts';
import type { EventLog } from '@parley/eventlog';
import type { LoadPurged } from '@parley/service';

/** A conversation's commits from the beginning: the log's and, before those, what transcript keeps. */
export class History {
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
  ): Promise<readonly log.Commit[]> => {
    if (this.fresh.has(id)) return [];
    return this.purged(tenant, id, afterVersion);
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

  /** The events after a version; at most `limit`. */
  async events(
    tenant: string,
    id: string,
    afterVersion: number,
    limit: number,
  ): Promise<readonly conversation.RecordedEvent[]> {
    const found: conversation.RecordedEvent[] = [];
    for (const commit of await this.commits(tenant, id, afterVersion)) {
      for (const event of recordedEvents(commit)) if (event.version > afterVersion) found.push(event);
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }

  private async ends(tenant: string, id: string, version: number): Promise<boolean> {
    return (await this.eventLog.head(tenant, id)).version === version;
  }
}
