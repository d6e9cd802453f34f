import type { Commit, Head, StoredCommit } from './types.js';

/** So many versions too early is near enough: reading them costs less than more steps. */
const NEAR = 32;

/** Version of the commit's last event. */
export const lastVersion = (commit: Commit): number => commit.firstVersion + commit.events.length - 1;

/**
 * Where to read from to get what follows a version: the aggregate's last commit before it, or one that is near it. Found
 * by halving the stream, as nothing tells where a version stands; `firstFrom` reads the aggregate's first commit at or
 * after a sequence. What a lagging replica leaves out only makes the place an earlier one.
 */
export const seek = async (
  head: Head,
  afterVersion: number,
  firstFrom: (seq: number) => Promise<StoredCommit | undefined>,
): Promise<Head> => {
  let place: Head = { version: 0, seq: 0 };
  let beyond = head.seq;
  while (afterVersion - place.version > NEAR && beyond - place.seq > 1) {
    const middle = place.seq + ((beyond - place.seq) >> 1);
    const found = await firstFrom(middle);
    const version = found ? lastVersion(found.commit) : Infinity;
    if (found && version <= afterVersion && found.seq > place.seq) place = { version, seq: found.seq };
    else beyond = middle;
  }
  return place;
};
