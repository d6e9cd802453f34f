import { RELEASE, type Installation } from './install.js';

const JOBS = ['backup', 'backup-erasures'] as const;
const WITHIN_SECONDS = 300;

/** Has the pods that copy by schedule do so at once, behind the network policies; tells what they say, and leaves nothing. */
export const copyBySchedule = async (own: Installation): Promise<Readonly<Record<string, unknown>>> => {
  const { space } = own;
  const told: Record<string, unknown> = {};
  await own.upgrade(['--set', 'backup.enabled=true', '--set', 'backup.storage.size=1Gi']);
  for (const name of JOBS) {
    const job = `now-${name}`;
    await space.kubectl(['create', 'job', job, `--from=cronjob/${RELEASE}-${name}`]);
    await space.kubectl(['wait', '--for=condition=complete', `job/${job}`, `--timeout=${WITHIN_SECONDS}s`], {
      timeoutMs: (WITHIN_SECONDS + 10) * 1_000,
    });
    told[name] = JSON.parse(await space.kubectl(['logs', `job/${job}`]));
  }
  await own.upgrade([]);
  // They go with the cron jobs that they are of, which the upgrade has taken away; here it is waited for.
  const jobs = JOBS.map((name) => `now-${name}`);
  await space.kubectl(['delete', 'jobs', ...jobs, '--cascade=foreground', '--ignore-not-found']);
  await space.kubectl(['delete', 'persistentvolumeclaim', `${RELEASE}-backup`]);
  return told;
};
