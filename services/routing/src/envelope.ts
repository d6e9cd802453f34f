import { ConflictError, openAppend, type EventLog, type StoredCommit } from '@parley/eventlog';
import { DOMAIN_ID, eventsOf, type NewCommit } from './codec.js';
import { emptyState, evolve, restoreSnapshot, takeSnapshot, type RoutingState } from './domain.js';
import type { StoredSnapshot } from './store.js';

/** Command ids that a domain remembers; older ones are carried out again if they come again. */
const REMEMBERED = 5_000;

/** A domain as its writer holds it: the state, where the log ends, which commands are in it. */
export interface DomainEnvelope {
  readonly state: RoutingState;
  /** Stream sequence of the last commit; 0 before the first. */
  seq: number;
  readonly commandIds: Set<string>;
  /** Commits since the last snapshot. */
  sinceSnapshot: number;
}

const remember = ({ commandIds }: DomainEnvelope, ids: Iterable<string>): void => {
  for (const id of ids) if (id) commandIds.add(id);
  for (const oldest of commandIds) {
    if (commandIds.size <= REMEMBERED) return;
    commandIds.delete(oldest);
  }
};

/** The domain as it stands in the log: the last snapshot, and the commits after it. */
export const loadDomain = async (
  log: EventLog,
  tenant: string,
  stored: StoredSnapshot | undefined,
): Promise<DomainEnvelope> => {
  const envelope: DomainEnvelope = {
    state: stored ? restoreSnapshot(stored.snapshot) : emptyState(),
    seq: stored?.seq ?? 0,
    commandIds: new Set(stored?.commandIds),
    sinceSnapshot: 0,
  };
  const { commits, head } = await log.load(tenant, DOMAIN_ID, envelope.state.version, envelope.seq);
  for (const commit of commits) foldCommit(envelope, commit);
  if (head.version !== envelope.state.version)
    throw new Error(`routing of ${tenant} ends at ${head.version}, ${envelope.state.version} could be read`);
  return envelope;
};

const foldCommit = (envelope: DomainEnvelope, { commit, seq }: StoredCommit): void => {
  const time = commit.time?.getTime() ?? 0;
  for (const event of eventsOf(commit)) evolve(envelope.state, event, time);
  envelope.seq = seq;
  envelope.sinceSnapshot++;
  remember(envelope, commit.commandIds);
};

/** Appends commits whose events are in the state already, one after the other. Rejects as EventLog.append does. */
export const appendCommits = async (
  log: EventLog,
  envelope: DomainEnvelope,
  commits: readonly NewCommit[],
): Promise<void> => {
  for (const { commit, links } of commits) {
    const span = openAppend(log.name, log.partitionOf(commit.tenant, DOMAIN_ID), commit, links);
    if (span) commit.traceparent = span.traceparent;
    try {
      envelope.seq = await log.append(commit, envelope.seq);
      span?.end();
    } catch (error) {
      span?.end(error);
      throw error;
    }
    envelope.sinceSnapshot++;
    remember(envelope, commit.commandIds);
  }
};

/** Rejects with ConflictError unless nobody has appended anything that this envelope does not hold. */
export const confirmHead = async (log: EventLog, tenant: string, { seq }: DomainEnvelope): Promise<void> => {
  const head = await log.head(tenant, DOMAIN_ID);
  if (head.seq !== seq) throw new ConflictError(`routing of ${tenant} has gone on to ${head.seq}`);
};

/** What is stored of it. */
export const snapshotOf = ({ state, seq, commandIds }: DomainEnvelope): StoredSnapshot => ({
  snapshot: takeSnapshot(state),
  seq,
  commandIds: [...commandIds],
});
