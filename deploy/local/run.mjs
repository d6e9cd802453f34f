import { join } from 'node:path';
import { root } from '../../scripts/lib/process.mjs';
import { startPlatform } from './platform.mjs';
import { seedOnce } from './seed.mjs';

/**
 * Runs the platform in the foreground with the demo tenant until `stopping` (see stop-signals.mjs) says to stop; prints
 * where to look. Fails with one line when it cannot start or go on, with nothing left running.
 */
export async function runLocally({ dataFolder, httpPort, grpcPort, stopping }) {
  const startedAt = Date.now();
  const seedFile = join(root, 'deploy/local/seed.json');
  const stopped = new Promise((resolve) => stopping.signal.addEventListener('abort', resolve));
  const platform = await startPlatform({
    dataFolder,
    httpPort,
    grpcPort,
    seedFile,
    signal: stopping.signal,
    onEvent: (name, kind, text) =>
      kind === 'restart' && !stopping.signal.aborted && console.error(`parley: ${name} ${text}`),
  });
  stopping.onImpatience(() => platform.kill());
  try {
    const seeded = seedOnce(platform.httpUrl, seedFile, join(dataFolder, 'seeded'));
    const logins = await Promise.race([seeded, platform.failure, stopped]);
    if (!stopping.signal.aborted) announce(platform, logins, dataFolder, startedAt);
    await Promise.race([platform.failure, stopped]);
  } finally {
    await platform.stop();
  }
}

function announce({ httpUrl, grpcAddress }, logins, dataFolder, startedAt) {
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`
Parley is ready (${seconds} s).

  Demo shop with the widget   ${httpUrl}/demo/
  Agents' desk                ${httpUrl}/desk/
  Local mailbox               ${httpUrl}/mailbox/
  gRPC (reflection is on)     ${grpcAddress}
  Health                      ${httpUrl}/readyz

  Company (tenant)            demo, made with these logins (what was changed since is not shown):
${logins.map((l) => `  ${l.role.padEnd(12)}${l.email.padEnd(26)}password ${l.password}`).join('\n')}

  Data and logs: ${dataFolder}
  Ctrl-C stops everything.`);
}
