import { join } from 'node:path';
import { aptInstall, canUseApt } from './lib/apt.mjs';
import { findOnPath, isExecutable, isMain, lastLine, toolFolder } from './lib/process.mjs';
import { withLock } from './lib/lock.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];

/**
 * The path of a Chromium: PARLEY_CHROMIUM, PATH, else installed with apt-get where that is possible (root on Debian
 * or Ubuntu). Safe when several processes call it at once. Fails with one line that says what to install.
 */
export async function ensureChromium() {
  const chosen = process.env.PARLEY_CHROMIUM;
  if (chosen) {
    if (isExecutable(chosen)) return chosen;
    throw new Error(`PARLEY_CHROMIUM=${chosen} is not an executable: correct or unset it`);
  }
  return onPath() ?? withLock(join(toolFolder, 'chromium.lock'), async () => onPath() ?? (await install()));
}

function onPath() {
  return findOnPath(...NAMES)[0];
}

async function install() {
  const hint = 'No Chromium: install chromium, or set PARLEY_CHROMIUM to the path of a Chromium or Chrome';
  if (!canUseApt()) throw new Error(hint);
  try {
    await aptInstall('chromium');
  } catch (error) {
    throw new Error(`${hint} (apt-get: ${lastLine(error)})`);
  }
  const found = onPath();
  if (!found) throw new Error(hint);
  return found;
}

if (isMain(import.meta)) {
  await ensureChromium().then(console.log, (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
