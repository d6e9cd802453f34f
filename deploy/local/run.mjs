import { join } from 'node:path';
import { root } from '../../scripts/lib/process.mjs';
import { startPlatform } from './platform.mjs';
import { seedDemo } from './seed.mjs';

/** Runs the platform in the foreground with the demo tenant until Ctrl-C; prints where to look. */
export async function runLocally({ dataFolder, httpPort, grpcPort }) {
  const startedAt = Date.now();
  const seedFile = join(root, 'deploy/local/seed.json');
  let stopping = false;
  const platform = await startPlatform({
    dataFolder,
    httpPort,
    grpcPort,
    seedFile,
    onEvent: (name, kind, text) =>
      !stopping && console.error(`parley: ${name} ${kind === 'restart' ? text : `failed: ${text}`}`),
  });
  const stop = async (code) => {
    if (stopping) return;
    stopping = true;
    console.log('\nStopping …');
    await platform.stop();
    process.exit(code);
  };
  process.on('SIGINT', () => void stop(0));
  process.on('SIGTERM', () => void stop(0));
  try {
    const logins = await seedDemo(platform.httpUrl, seedFile);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    console.log(`
Parley is ready (${seconds} s).

  Demo shop with the widget   ${platform.httpUrl}/demo/
  Agents' desk                ${platform.httpUrl}/desk/
  Local mailbox               ${platform.httpUrl}/mailbox/
  gRPC (reflection is on)     ${platform.grpcAddress}
  Health                      ${platform.httpUrl}/readyz

  Company (tenant)            demo
${logins.map((l) => `  ${l.role.padEnd(12)}${l.email.padEnd(26)}password ${l.password}`).join('\n')}

  Data and logs: ${dataFolder}
  Ctrl-C stops everything.`);
  } catch (error) {
    console.error(`parley: ${error.message}`);
    await stop(1);
  }
  await platform.failure.catch(async (error) => {
    console.error(`parley: ${error.message}`);
    await stop(1);
  });
}
