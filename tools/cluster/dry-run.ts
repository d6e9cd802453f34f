import { readdirSync } from 'node:fs';
import { ensureHelm } from '../../scripts/helm.mjs';
import { CHART } from './install.js';
import { type Namespace, run } from './kube.js';

/** Not the installed one: what may not be changed of that would be refused. */
const OTHER_RELEASE = 'profile';

/** Has the API server check what each profile of the chart would make; tells what it refuses. */
export const dryRunProfiles = async (space: Namespace): Promise<string[]> => {
  const helm = await ensureHelm();
  const { serverVersion } = JSON.parse(await run('kubectl', ['version', '-o', 'json'])) as {
    serverVersion: { gitVersion: string };
  };
  const profiles = readdirSync(CHART).filter((file) => /^values-.*\.yaml$/.test(file));
  const further = readdirSync(`${CHART}/ci`).filter((file) => file.endsWith('.yaml'));
  const sets = [
    ...profiles.map((file) => [`${CHART}/${file}`]),
    ...further.map((file) => [`${CHART}/values-small.yaml`, `${CHART}/ci/${file}`]),
  ];
  const problems: string[] = [];
  for (const files of sets) {
    const shown = files.at(-1)!;
    try {
      const rendered = await run(helm, [
        ...['template', OTHER_RELEASE, CHART, '-n', space.name, '--kube-version', serverVersion.gitVersion],
        ...files.flatMap((file) => ['-f', file]),
      ]);
      await space.kubectl(['apply', '--dry-run=server', '-f', '-'], { input: rendered });
    } catch (error) {
      // Kinds that this cluster does not have (of operators) are refused before anything else is looked at.
      const refused = (error as Error).message
        .split('\n')
        .filter((line) => /error|invalid|denied|unable/i.test(line))
        .filter((line) => !/no matches for kind|ensure CRDs are installed/i.test(line));
      problems.push(...refused.map((line) => `${shown}: ${line}`));
    }
  }
  return problems;
};
