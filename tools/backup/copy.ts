import { setTimeout as pause } from 'node:timers/promises';
import {
  deleteStream,
  listLogStreams,
  listMembers,
  pausePurges,
  restoreStream,
  snapshotStream,
  type StreamDescription,
} from '@parley/eventlog';
import type { Bus } from '@parley/messaging';
import type { CopiedDocument, Copier } from '@parley/store';
import type { BackupFolder } from './folder.js';
import { DATABASES, isTimer, placesAfterLog, placesBeforeLog } from './plan.js';

const BEFORE = 'documents-before-log';
const AFTER = 'documents-after-log';
/** Purges that were under way are over then. */
const SETTLED_MS = 2_000;

export interface Platform {
  readonly bus: Bus;
  readonly copier: Copier;
  /** Copies of each stream, of the platform; as it was when not given. */
  readonly replicas?: number;
}

export interface Outcome {
  readonly documents: number;
  readonly messages: number;
}

/**
 * Copies a running platform: with purges paused for `holdMs` at most, what follows from the logs first, then the logs,
 * then what the logs name. Rejects when it took longer than the purges were paused.
 */
export const createBackup = async (
  { bus, copier, replicas }: Platform,
  folder: BackupFolder,
  holdMs: number,
): Promise<Outcome> => {
  const time = new Date();
  const until = time.getTime() + holdMs;
  await folder.create();
  await pausePurges(bus, until, replicas);
  try {
    await pause(SETTLED_MS);
    const places = await copier.places(DATABASES);
    const before = await folder.writeLines(BEFORE, copier.read(placesBeforeLog(places)));
    const streams: StreamDescription[] = [];
    for (const name of await listLogStreams(bus))
      streams.push(await folder.writePieces(name, (write) => snapshotStream(bus, name, write)));
    const after = await folder.writeLines(AFTER, copier.read(placesAfterLog(places)));
    if (Date.now() > until)
      throw new Error('the backup took longer than purges were paused: repeat it with more --hold-minutes');
    await folder.finish({ time: time.toISOString(), documents: before + after, streams });
    return { documents: before + after, messages: messagesOf(streams) };
  } finally {
    await pausePurges(bus, 0, replicas);
  }
};

/**
 * Puts a backup into a platform whose services are stopped. Refuses one that holds something, unless `replace`, with
 * which all of that goes first.
 */
export const restoreBackup = async (
  { bus, copier, replicas }: Platform,
  folder: BackupFolder,
  replace: boolean,
): Promise<Outcome> => {
  const { streams } = await folder.manifest();
  const running = await listMembers(bus, replicas);
  if (running.length > 0)
    throw new Error(
      `services are running (${running.slice(0, 3).join(', ')}): stop all of them before restoring`,
    );
  const [old, places] = [await listLogStreams(bus), await copier.places(DATABASES)];
  const filled = [];
  for (const place of places) if (!(await copier.isEmpty(place))) filled.push(place);
  if (!replace && old.length + filled.length > 0)
    throw new Error(
      'this platform holds something already: restore into an empty one, or drop what is there with --replace',
    );
  for (const place of filled) await copier.drop(place);
  for (const name of old) await deleteStream(bus, name);

  const before = await copier.write(folder.lines<CopiedDocument>(BEFORE));
  for (const stream of streams) await restoreStream(bus, stream, folder.pieces(stream.name), replicas);
  const after = await copier.write(rung(folder.lines<CopiedDocument>(AFTER)));
  return { documents: before + after, messages: messagesOf(streams) };
};

/** Wake-ups may have been put off by commits that the logs do not have: each rings once and is set anew. */
async function* rung(documents: AsyncIterable<CopiedDocument>): AsyncGenerator<CopiedDocument> {
  for await (const one of documents)
    yield isTimer(one) ? { ...one, document: { ...one.document, dueAt: 0 } } : one;
}

const messagesOf = (streams: readonly StreamDescription[]): number =>
  streams.reduce((sum, { state }) => sum + state.messages, 0);
