import type { Decider } from '@parley/kernel';
import { lastVersion } from './seek.js';
import {
  UnknownEventError,
  type Commit,
  type Envelope,
  type EventCodec,
  type StoredCommit,
} from './types.js';

/** Command ids an aggregate remembers; older ones are carried out again if they come again. */
export const REMEMBERED_COMMANDS = 512;

type Remembered = Map<string, { version: number; time: number }>;

/** The ids of the commands that led to a commit. */
export const commandIdsOf = (commit: Commit): readonly string[] =>
  commit.commandIds.length > 0 ? commit.commandIds : [commit.commandId];

/**
 * What a command is remembered by: its id among those of its actor. Commits carry the bare id and the actor, so what is
 * in the log already has these keys too. Otherwise whoever guesses another actor's id could take it first (a visitor
 * that of a timeout, so that it never fires) or be told of what it led to.
 */
export const commandKey = (actor: Commit['actor'], commandId: string): string =>
  `${actor?.kind ?? 0}:${actor?.id ?? ''}/${commandId}`;

const remember = (memory: Remembered, commit: Commit): void => {
  const entry = { version: lastVersion(commit), time: commit.time?.getTime() ?? 0 };
  for (const id of commandIdsOf(commit)) if (id) memory.set(commandKey(commit.actor, id), entry);
  for (const oldest of memory.keys()) {
    if (memory.size <= REMEMBERED_COMMANDS) break;
    memory.delete(oldest);
  }
};

/** An aggregate before its first commit. */
export const emptyEnvelope = <State>(state: State): Envelope<State> => ({
  state,
  head: { version: 0, seq: 0 },
  time: 0,
  commandIds: new Map(),
});

/**
 * The envelope after a commit whose events have been applied already. It takes over the memory of command ids from
 * the one before, so only the newest envelope of an aggregate may be folded on.
 */
export const afterCommit = <State>(
  before: Envelope<State>,
  commit: Commit,
  seq: number,
  state: State,
): Envelope<State> => {
  const commandIds = before.commandIds as Remembered;
  remember(commandIds, commit);
  return {
    state,
    head: { version: lastVersion(commit), seq },
    time: Math.max(before.time, commit.time?.getTime() ?? 0),
    commandIds,
  };
};

/** The events of a commit. Throws UnknownEventError when one is of a newer release. */
export const decodeEvents = <Event>(commit: Commit, codec: EventCodec<Event>): Event[] =>
  commit.events.map((bytes, i) => {
    const event = codec.decode(bytes, commit);
    if (event === undefined) {
      throw new UnknownEventError(
        `event ${commit.firstVersion + i} of ${commit.tenant}/${commit.aggregateId} is of a newer release`,
      );
    }
    return event;
  });

export interface FoldOptions<State, Event> {
  readonly decider: Pick<Decider<State, never, Event>, 'evolve'>;
  readonly codec: EventCodec<Event>;
  readonly onCommit?: (stored: StoredCommit, events: readonly Event[], envelope: Envelope<State>) => void;
}

/**
 * Folds commits onto an envelope; those it holds already are skipped. Throws UnknownEventError, and Error when
 * versions are missing between two commits.
 */
export const foldCommits = <State, Event>(
  start: Envelope<State>,
  commits: readonly StoredCommit[],
  { decider, codec, onCommit }: FoldOptions<State, Event>,
): Envelope<State> => {
  let envelope = start;
  for (const stored of commits) {
    const { commit, seq } = stored;
    if (lastVersion(commit) <= envelope.head.version) continue;
    if (commit.firstVersion !== envelope.head.version + 1) {
      throw new Error(
        `${commit.tenant}/${commit.aggregateId}: version ${commit.firstVersion} follows ${envelope.head.version}`,
      );
    }
    const events = decodeEvents(commit, codec);
    let state = envelope.state;
    for (const event of events) state = decider.evolve(state, event);
    envelope = afterCommit(envelope, commit, seq, state);
    onCommit?.(stored, events, envelope);
  }
  return envelope;
};
