import type { Installation } from './install.js';

/** What an upgrade would lose or cannot do, by the words of the chart's refusal. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'nats.embedded.replicas=1': /event log is on 3/,
  'nats.embedded.storage.size=3Gi': /volumes have 2Gi.*cascade=orphan/s,
  'nats.embedded.storage.className=fast':
    /className is fast, but the volumes were made with the default class.*restore/s,
  'mongodb.embedded.replicas=3': /replica set was made of 1.*restore/s,
  'mongodb.embedded.storage.className=fast':
    /className is fast, but the volumes were made with the default class.*restore/s,
  'mongodb.embedded.storage.size=1Gi': /volumes have 2Gi, and volumes cannot shrink/,
};

/** Has the chart look at the installation that is there; fails with what it does not refuse. Changes nothing. */
export const refuseUpgrades = async (own: Installation): Promise<number> => {
  for (const [set, words] of Object.entries(REFUSED))
    await refused(set, words, () => own.upgrade(['--dry-run=server', '--set', set]));
  return Object.keys(REFUSED).length;
};

/** The same of what an uninstalled release has left. */
export const refuseInstall = (own: Installation): Promise<void> => {
  const [[set, words]] = Object.entries(REFUSED) as [[string, RegExp]];
  return refused(set, words, () => own.install(['--dry-run=server', '--set', set]));
};

/** Of an installation whose log has so many partitions, that fewer are refused. */
export const refuseFewerPartitions = (own: Installation, has: number): Promise<void> => {
  const set = `partitions=${has - 1}`;
  const words = new RegExp(`conversation log has ${has}.*Set partitions=${has}`, 's');
  return refused(set, words, () => own.upgrade(['--dry-run=server', '--set', set]));
};

const refused = async (set: string, words: RegExp, act: () => Promise<unknown>): Promise<void> => {
  const said = await act().then(
    () => 'nothing',
    (error: Error) => error.message,
  );
  if (!words.test(said)) throw new Error(`${set} is not refused by ${words}, but says ${said}`);
};
