import { existsSync } from 'node:fs';
import { run } from './process.mjs';

/** True where apt-get may install packages: as root on Debian or Ubuntu. */
export function canUseApt() {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0;
}

/** Installs Debian packages without asking. Fails with apt-get's error. */
export async function aptInstall(...packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update'], { env });
  await run('apt-get', ['install', '--yes', '--no-install-recommends', ...packages], { env });
}
