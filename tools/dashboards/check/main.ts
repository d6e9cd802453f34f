// Every query of every dashboard and every alert against what the real services show to a real Prometheus while chats
// are held; and promtool's tests of the alerts.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../../../scripts/lib/process.mjs';
import { ensurePrometheus } from '../../../scripts/prometheus.mjs';
import { startTemporaryPlatform, type TemporaryPlatform } from '../../lib/platform.js';
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
/** For so long chats are held again where something was not shown yet. */
const PATIENCE_MS = 180_000;
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

interface Query {
  readonly name: string;
  readonly expr: string;
  readonly mayBeEmpty?: string | undefined;
}

const queries: readonly Query[] = boards.flatMap((board) =>
  board.rows
    .flatMap((row) => row.panels)
    .flatMap((panel) =>
      panel.queries.map(({ expr, legend, mayBeEmpty }) => ({
        name: `${board.title} / ${panel.title} (${legend})`,
        expr,
        mayBeEmpty,
      })),
    ),
);

/** Evaluates these queries over the last `seconds`; returns those that must show something and do not. */
const emptyOf = async (
  prometheus: PrometheusServer,
  asked: readonly Query[],
  seconds: number,
): Promise<readonly Query[]> => {
  const empty: Query[] = [];
  for (const query of asked) {
    const { name, expr, mayBeEmpty } = query;
    const series = await prometheus
      .range(withVariables(expr, '1m'), seconds)
      .catch((error: Error) => error.message);
    if (typeof series === 'string') {
      judge(name, `${series}: ${expr}`);
      continue;
    }
    const shown = series.some(({ values: points }) => points.some((value) => Number.isFinite(value)));
    if (shown || mayBeEmpty) judge(name, undefined);
    else empty.push(query);
    if (values.verbose) {
      const latest = series.slice(0, 4).map((each) => `${JSON.stringify(each.labels)} ${each.values.at(-1)}`);
      console.error(`${shown ? '' : 'EMPTY '}${name}: ${series.length} series ${latest.join(', ')}`);
    }
  }
  return empty;
};

/**
 * Holds chats until every query has shown something. A counter that begins with the first chat grows for Prometheus only
 * with later ones; a busy machine reads it seldom, and on a fast one chats are over before it was read twice: hence again.
 */
const checkPanels = async (
  prometheus: PrometheusServer,
  own: TemporaryPlatform,
  targets: number,
): Promise<void> => {
  let empty = queries;
  let healthy = 0;
  const until = Date.now() + PATIENCE_MS;
  while ((empty.length > 0 || healthy < targets) && Date.now() < until) {
    const startedAt = Date.now();
    const [failed] = await makeTraffic(own, Number(values.chats));
    if (failed) return judge('a replay', failed);
    healthy = await prometheus.healthyTargets();
    empty = await emptyOf(prometheus, empty, (Date.now() - startedAt) / 1000);
  }
  judge('replays', undefined);
  judge('targets', healthy === targets ? undefined : `${healthy} of ${targets} are read`);
  for (const { name, expr } of empty) judge(name, `shows nothing: ${expr}`);
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
      await checkPanels(server, own, targets.length);
      await checkRules(server, (Date.now() - startedAt) / 1000);
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
