import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './kube.js';

/** Kinds of operators that the chart makes objects of, out of the modules in which their projects publish them. */
const SOURCES = [
  {
    module: 'sigs.k8s.io/gateway-api@v1.4.0',
    sum: 'h1:ZwlNM6zOHq0h3WUX2gfByPs2yAEsy/EenYJB78jpQfQ=',
    folder: 'config/crd/standard',
    files: ['gateway.networking.k8s.io_httproutes.yaml', 'gateway.networking.k8s.io_grpcroutes.yaml'],
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.86.1',
    sum: 'h1:pHUuiRErcFb3nFDox7RxoxpEN0FyT24GtYOkr2GBu04=',
    folder: 'example/prometheus-operator-crd',
    files: ['monitoring.coreos.com_servicemonitors.yaml', 'monitoring.coreos.com_prometheusrules.yaml'],
  },
];

/**
 * Tells the API server of these kinds, so that it checks objects of them; false where they cannot be had, and says why.
 * For clusters that are ours alone.
 */
export const makeKindsKnown = async (): Promise<boolean> => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-kinds-'));
  try {
    for (const { module, sum, folder: inside, files } of SOURCES) {
      // Checked here, by the sum beside it, wherever the module comes from.
      const env = { ...process.env, GOFLAGS: '-mod=mod', GONOSUMDB: '*' };
      const told = await run('go', ['mod', 'download', '-json', module], { cwd: folder, env });
      const { Dir, Sum } = JSON.parse(told) as { Dir: string; Sum: string };
      if (Sum !== sum) throw new Error(`${module} is ${Sum} instead of ${sum}`);
      for (const file of files)
        await run('kubectl', ['apply', '--server-side', '-f', join(Dir, inside, file)]);
    }
    await run('kubectl', ['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
    return true;
  } catch (error) {
    console.error(`objects of operators are not checked: ${(error as Error).message}`);
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
