import { ensureHelm } from '../../scripts/helm.mjs';
import { profiles } from '../chart/profiles.js';
import { CHART } from './install.js';
import { type Namespace, run } from './kube.js';

/** Not the installed one: what may not be changed of that would be refused. */
const OTHER_RELEASE = 'profile';

/**
 * Has the API server check what each profile of the chart would make; tells what it refuses. Where it does not know the
 * kinds of operators (`knowsAll` false), objects of those are left out.
 */
export const dryRunProfiles = async (space: Namespace, knowsAll: boolean): Promise<string[]> => {
  const helm = await ensureHelm();
  const { serverVersion } = JSON.parse(await run('kubectl', ['version', '-o', 'json'])) as {
    serverVersion: { gitVersion: string };
  };
  const sets = { ...profiles, 'stand-ins': ['values-small.yaml', 'ci/stand-ins.yaml'] };
  const problems: string[] = [];
  for (const [name, files] of Object.entries(sets)) {
    try {
      const rendered = await run(helm, [
        ...['template', OTHER_RELEASE, CHART, '-n', space.name, '--kube-version', serverVersion.gitVersion],
        ...files.flatMap((file) => ['-f', `${CHART}/${file}`]),
      ]);
      await space.kubectl(['apply', '--dry-run=server', '-f', '-'], { input: rendered });
    } catch (error) {
      const refused = (error as Error).message
        .split('\n')
        .filter((line) => /error|invalid|denied|unable/i.test(line))
        .filter((line) => knowsAll || !/no matches for kind|ensure CRDs are installed/i.test(line));
      problems.push(...refused.map((line) => `${name}: ${line}`));
    }
  }
  return problems;
};
