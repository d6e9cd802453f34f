import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { log } from '@parley/contracts';
import { emptyEnvelope, foldCommits, type Envelope, type EventCodec } from '@parley/eventlog';
import type { Decider } from '@parley/kernel';

export interface History<State> {
  /** File name without `.json`; it should tell the release that wrote it. */
  readonly name: string;
  readonly envelope: Envelope<State>;
}

/**
 * Folds every history of a folder: `*.json` files, each an array of commits in their JSON form, as an older release
 * wrote them. Fails, naming the file, on an event that the codec does not know, a missing version or an empty folder.
 * Committed histories are never edited: growing is adding files.
 */
export const replayHistories = async <State, Event>(
  folder: string,
  decider: Pick<Decider<State, never, Event>, 'evolve' | 'initialState'>,
  codec: EventCodec<Event>,
): Promise<readonly History<State>[]> => {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  if (files.length === 0) throw new Error(`no histories in ${folder}`);
  return Promise.all(
    files.map(async (file) => {
      const commits = JSON.parse(await readFile(join(folder, file), 'utf8')) as unknown[];
      const stored = commits.map((json, i) => ({
        commit: log.Commit.fromJSON(json),
        seq: i + 1,
        partition: 0,
      }));
      try {
        const envelope = foldCommits(emptyEnvelope(decider.initialState), stored, { decider, codec });
        return { name: file.slice(0, -'.json'.length), envelope };
      } catch (error) {
        throw new Error(`${file}: ${String(error)}`, { cause: error });
      }
    }),
  );
};
