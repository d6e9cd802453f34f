// Started beside the platform over a data folder. Its stdin is a pipe that the launcher holds and never writes to: when
// it closes, the launcher is gone, however it ended. What it left running is then ended here, unless the next launcher
// is there already and does so itself.
import { join } from 'node:path';
import { ProcessRecord } from './process-record.mjs';
import { tryLock } from './folder-lock.mjs';

const [folder] = process.argv.slice(2);
process
  .on('SIGINT', () => {})
  .on('SIGTERM', () => {})
  .on('SIGHUP', () => {});
process.stdin.resume();
process.stdin.once('close', async () => {
  const release = tryLock(folder, 'guard');
  if (release) {
    await new ProcessRecord(join(folder, 'processes.json')).endLeftovers();
    release();
  }
  process.exit(0);
});
