// A platform is copied while chats go on, and its copy is put into another one: every chat that was over by then is
// there word by word, what was erased since is erased again, and the other platform works. Zeros are what passes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchJson } from '@parley/client';
import { connectBus } from '@parley/messaging';
import { openDocumentCopier } from '@parley/store';
import { startMongo, startNats } from '@parley/testkit';
import { chatsFor } from '../../lib/chats.js';
import { startTemporaryPlatform, type TemporaryPlatform } from '../../lib/platform.js';
import type { Chat } from '../../replay/chats.js';
import { ReadBack, type Replayed } from '../../replay/readback.js';
import { replay } from '../../replay/replay.js';
import { createBackup, restoreBackup } from '../copy.js';
import { eraseAgain, listErasures } from '../erasures.js';
import { BackupFolder } from '../folder.js';

const HOLD_MS = 600_000;
/** Chats are to leave the log while this runs, so that transcript is all there is of them. */
const PURGING = { PARLEY_PURGE_HOLD_MS: '1000', PARLEY_PURGE_EVERY_MS: '500' };
const SECRET = { PARLEY_SECRET: 'the-same-in-both-platforms-0123456789' };

const play = (own: TemporaryPlatform, chats: readonly Chat[]) =>
  replay({
    chats,
    concurrency: 4,
    ...own.target,
  });

const tokenOf = async (own: TemporaryPlatform): Promise<string> => {
  const login = { tenant: own.tenant, ...own.admin };
  const { tokens } = await fetchJson(own.platform.httpUrl, 'parley.gateway.v1.AuthService/Login', login);
  return tokens?.accessToken ?? '';
};

/** Runs `work` on a platform over this NATS and this MongoDB. */
const on = async <T>(
  natsUrl: string,
  mongodbUrl: string,
  work: (own: TemporaryPlatform) => Promise<T>,
): Promise<T> => {
  const own = await startTemporaryPlatform({
    name: 'backup',
    env: { NATS_URL: natsUrl, MONGODB_URL: mongodbUrl, ...PURGING, ...SECRET },
  });
  try {
    return await work(own);
  } finally {
    await own.close();
  }
};

const main = async (problems: string[]): Promise<void> => {
  const chats = chatsFor(undefined, 1, 12);
  const folder = new BackupFolder(join(scratch, 'backup'));
  const first = { nats: await startNats(), mongo: await startMongo() };
  const second = { nats: await startNats(), mongo: await startMongo() };
  const bus = await connectBus({ url: first.nats.url, name: 'first' });
  const other = await connectBus({ url: second.nats.url, name: 'second' });
  const copiers = [await openDocumentCopier(first.mongo.url), await openDocumentCopier(second.mongo.url)];
  const [copier, otherCopier] = copiers as [(typeof copiers)[0], (typeof copiers)[0]];
  try {
    const kept = await on(first.nats.url, first.mongo.url, async (own) => {
      const before = await play(own, chats.slice(0, 8));
      const [copied, meanwhile] = await Promise.all([
        createBackup({ bus, copier }, folder, HOLD_MS),
        play(own, chats.slice(8)),
      ]);
      problems.push(...before.problems, ...meanwhile.problems);
      const erased = before.replayed.at(-1)!.conversationId;
      await fetchJson(
        own.platform.httpUrl,
        'parley.conversation.v1.ConversationService/EraseConversation',
        { conversationId: erased, commandId: 'erase-1' },
        { token: await tokenOf(own) },
      );
      const { time } = await folder.manifest();
      const erasures = await listErasures(bus, Date.parse(time));
      return { replayed: before.replayed, erased, erasures, copied };
    });
    const restored = await restoreBackup({ bus: other, copier: otherCopier }, folder, false);
    if (JSON.stringify(restored) !== JSON.stringify(kept.copied))
      problems.push(`copied ${JSON.stringify(kept.copied)}, restored ${JSON.stringify(restored)}`);
    await restoreBackup({ bus: other, copier: otherCopier }, folder, false).then(
      () => problems.push('a second restore went over the first one'),
      () => undefined,
    );
    const { mismatches, after } = await on(second.nats.url, second.mongo.url, async (own) => {
      const readBack = new ReadBack(own.platform.grpcAddress, await tokenOf(own));
      const wrong = await readBack.transcriptMismatches(kept.replayed, 30_000);
      problems.push(...wrong.map((id) => `the transcript of ${id} is not what it was`));
      const again = await eraseAgain(other, kept.erasures);
      if (again !== 1) problems.push(`${again} of 1 erasures were made again`);
      const gone = kept.replayed.filter(({ conversationId }) => conversationId === kept.erased);
      if (!(await becomesDifferent(readBack, gone)))
        problems.push(`${kept.erased} is there although it was erased`);
      readBack.close();
      return { mismatches: wrong.length, after: await play(own, chats.slice(0, 3)) };
    });
    problems.push(...after.problems);
    console.log(JSON.stringify({ chats: kept.replayed.length, ...kept.copied, mismatches }));
  } finally {
    await Promise.all(copiers.map((one) => one.close()));
    await Promise.all([bus.drain(), other.drain()]);
    for (const { nats, mongo } of [first, second]) await Promise.all([nats.stop(), mongo.stop()]);
  }
};

/** The erasure reaches transcript in its own time. */
const becomesDifferent = async (readBack: ReadBack, replayed: readonly Replayed[]): Promise<boolean> => {
  for (const until = Date.now() + 30_000; Date.now() < until;) {
    if ((await readBack.transcriptMismatches(replayed, 0)).length === replayed.length) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
};

const scratch = mkdtempSync(join(tmpdir(), 'parley-backup-'));
const problems: string[] = [];
await main(problems).catch((error: Error) => problems.push(error.stack ?? error.message));
rmSync(scratch, { recursive: true, force: true });
for (const problem of problems.slice(0, 50)) console.error(problem);
console.log(problems.length === 0 ? '1 passed, 0 failed' : '0 passed, 1 failed');
process.exit(problems.length === 0 ? 0 : 1);
