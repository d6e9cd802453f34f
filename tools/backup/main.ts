// Backups of a platform on NATS and MongoDB, while it runs. See docs/operations.md.
import { parseArgs } from 'node:util';
import { pausePurges } from '@parley/eventlog';
import { connectBus, type Bus } from '@parley/messaging';
import { openDocumentCopier } from '@parley/store';
import { createBackup, restoreBackup, type Platform } from './copy.js';
import { addErasures, eraseAgain, readErasures } from './erasures.js';
import { BackupFolder } from './folder.js';
import { nextFolder, removeOlder } from './rotation.js';

const usage = `npm run backup -- create FOLDER [--hold-minutes 60]   copy a running platform into a new folder
npm run backup -- restore FOLDER [--replace]          put it into a platform whose services are stopped
npm run backup -- erasures FILE [--since TIME]        add to FILE what was erased since (ISO 8601), or since its last entry
npm run backup -- erase FILE                          erase that again, in the platform that was restored
npm run backup -- pause --minutes N | resume          nothing leaves the logs; for backups by other means
  NATS_URL, NATS_USER, NATS_PASSWORD and MONGODB_URL name the platform, PARLEY_NATS_REPLICAS the copies of its streams.`;

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'hold-minutes': { type: 'string', default: '60' },
      into: { type: 'string' },
      keep: { type: 'string' },
      minutes: { type: 'string' },
      replace: { type: 'boolean', default: false },
      since: { type: 'string' },
    },
  });
  const [command, target] = positionals;
  const replicas = process.env.PARLEY_NATS_REPLICAS ? Number(process.env.PARLEY_NATS_REPLICAS) : undefined;
  const told = (what: object): void => console.log(JSON.stringify(what));
  switch (command) {
    case 'create':
    case 'restore': {
      const { into } = values;
      if (into !== undefined && (target !== undefined || command !== 'create'))
        throw new Error('--into names the folder above: it goes with create, and without another folder');
      if (values.keep !== undefined && into === undefined)
        throw new Error('--keep says how many backups stay of those in a folder: name it with --into');
      const keep = values.keep === undefined ? undefined : count(values.keep);
      const name = into === undefined ? named(target) : await nextFolder(into, new Date());
      const folder = new BackupFolder(name);
      const work = (platform: Platform) =>
        command === 'create'
          ? createBackup(platform, folder, minutes(values['hold-minutes']))
          : restoreBackup(platform, folder, values.replace);
      return onBus(async (bus) => {
        const copier = await openDocumentCopier(variable('MONGODB_URL'));
        try {
          const outcome = await work({ bus, copier, ...(replicas ? { replicas } : {}) });
          const removed = into !== undefined && keep !== undefined ? await removeOlder(into, keep) : 0;
          told({ [command]: outcome, ...(into === undefined ? {} : { folder: name, removed }) });
        } finally {
          await copier.close();
        }
      });
    }
    case 'erasures': {
      const since = values.since === undefined ? undefined : Date.parse(values.since);
      if (Number.isNaN(since)) throw new Error('say --since as a time, such as 2026-01-31T00:00:00Z');
      const file = named(target);
      return onBus(async (bus) => told({ erasures: await addErasures(bus, file, since) }));
    }
    case 'erase': {
      const erasures = await readErasures(named(target));
      return onBus(async (bus) => told({ erased: await eraseAgain(bus, erasures), of: erasures.length }));
    }
    case 'pause':
      return onBus((bus) => pausePurges(bus, Date.now() + minutes(values.minutes), replicas));
    case 'resume':
      return onBus((bus) => pausePurges(bus, 0, replicas));
    case undefined:
    default:
      throw new Error(usage);
  }
};

const onBus = async (work: (bus: Bus) => Promise<void>): Promise<void> => {
  const { NATS_USER: user, NATS_PASSWORD: password = '' } = process.env;
  const bus = await connectBus({
    url: variable('NATS_URL'),
    name: 'backup',
    ...(user ? { user, password } : {}),
  });
  try {
    await work(bus);
  } finally {
    await bus.drain();
  }
};

const variable = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`set ${name}`);
  return value;
};

const named = (target: string | undefined): string => {
  if (!target) throw new Error(usage);
  return target;
};

const minutes = (text: string | undefined): number => {
  const n = Number(text);
  if (!(n > 0)) throw new Error('say for how many minutes, such as --minutes 60');
  return n * 60_000;
};

const count = (text: string): number => {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new Error('say how many backups stay, such as --keep 7');
  return n;
};

await main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
