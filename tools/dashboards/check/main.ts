// Every query of every dashboard and every alert against what the real services show to a real Prometheus while chats
// are held; and promtool's tests of the alerts.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../../../scripts/lib/process.mjs';
import { ensurePrometheus } from '../../../scripts/prometheus.mjs';
import { startTemporaryPlatform } from '../../lib/platform.js';
import { boards } from '../boards/index.js';
import { withVariables } from '../known.js';
import { readRules, RULES_FOLDER } from '../rules.js';
import { startPrometheus, type PrometheusServer } from './server.js';
import { makeTraffic } from './traffic.js';

const { values } = parseArgs({
  options: {
    chats: { type: 'string', default: '60' },
    /** Tells what each query showed. */
    verbose: { type: 'boolean', default: false },
  },
});
const TESTS = 'tools/dashboards/tests';

const problems: string[] = [];
let passed = 0;
const judge = (name: string, problem: string | undefined): void => {
  if (problem === undefined) passed++;
  else problems.push(`${name}: ${problem}`);
};

/** Syntax and unit tests of the alerts. */
const testRules = async (promtool: string): Promise<void> => {
  const files = readdirSync(RULES_FOLDER).map((file) => join(RULES_FOLDER, file));
  const problemOf = (error: Error & { stdout?: string; stderr?: string }): string =>
    `${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message;
  judge(
    'promtool check rules',
    await run(promtool, ['check', 'rules', ...files]).then(() => undefined, problemOf),
  );
  const tests = readdirSync(TESTS).map((file) => join(TESTS, file));
  for (const test of tests)
    judge(test, await run(promtool, ['test', 'rules', test]).then(() => undefined, problemOf));
};

const checkPanels = async (prometheus: PrometheusServer, seconds: number): Promise<void> => {
  for (const board of boards)
    for (const panel of board.rows.flatMap((row) => row.panels))
      for (const { expr, legend, mayBeEmpty } of panel.queries) {
        const series = await prometheus
          .range(withVariables(expr, '1m'), seconds)
          .catch((error: Error) => error.message);
        const name = `${board.title} / ${panel.title} (${legend})`;
        if (typeof series === 'string') judge(name, `${series}: ${expr}`);
        else {
          const shown = series.some(({ values: points }) => points.some((value) => Number.isFinite(value)));
          judge(name, shown || mayBeEmpty ? undefined : `shows nothing: ${expr}`);
          if (values.verbose) {
            const latest = series
              .slice(0, 4)
              .map((each) => `${JSON.stringify(each.labels)} ${each.values.at(-1)}`);
            console.error(`${shown ? '' : 'EMPTY '}${name}: ${series.length} series ${latest.join(', ')}`);
          }
        }
      }
};

/** Each rule can be evaluated over what is really there. */
const checkRules = async (prometheus: PrometheusServer, seconds: number): Promise<void> => {
  for (const { alert, record, expr } of readRules()) {
    const series = await prometheus.range(expr, seconds).catch((error: Error) => error.message);
    judge(`rule ${alert ?? record}`, typeof series === 'string' ? `${series}: ${expr}` : undefined);
  }
};

/** How many series each service showed, for sizing; all of its processes together. */
const seriesOf = async (prometheus: PrometheusServer): Promise<Record<string, number>> => {
  const found = await prometheus.range('count by (service) ({service!=""})', 2);
  return Object.fromEntries(
    found.map(({ labels, values: counts }) => [labels['service'] ?? '', counts.at(-1) ?? 0]),
  );
};

const main = async (): Promise<void> => {
  const { prometheus: binary, promtool } = await ensurePrometheus();
  await testRules(promtool);
  const own = await startTemporaryPlatform({
    name: 'dashboards',
    instances: 2,
    env: {
      PARLEY_FIGURES_INTERVAL_MS: '1000',
      PARLEY_WEBHOOK_ALLOW_PRIVATE: 'true',
    },
  });
  try {
    const targets = Object.entries(own.platform.metricsUrls).map(([pod, url]) => ({
      url,
      labels: { namespace: 'parley', job: 'parley', pod, service: pod.replace(/-\d+$/, '') },
    }));
    const rules = readdirSync(RULES_FOLDER).map((file) => resolve(RULES_FOLDER, file));
    const server = await startPrometheus(binary, targets, rules);
    try {
      const startedAt = Date.now();
      const failed = await makeTraffic(own, Number(values.chats));
      judge('the replay', failed[0]);
      const healthy = await server.healthyTargets();
      judge('targets', healthy === targets.length ? undefined : `${healthy} of ${targets.length} are read`);
      const seconds = (Date.now() - startedAt) / 1000;
      await checkPanels(server, seconds);
      await checkRules(server, seconds);
      console.log(JSON.stringify({ series: await seriesOf(server) }));
    } finally {
      await server.stop();
    }
  } finally {
    await own.close();
  }
};

await main().catch((error: Error) => problems.push(error.message));
for (const problem of problems) console.error(problem);
console.log(`${passed} passed, ${problems.length} failed`);
process.exit(problems.length === 0 ? 0 : 1);
