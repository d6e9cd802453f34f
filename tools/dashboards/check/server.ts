import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from '../../../deploy/local/ports.mjs';

const READY_WITHIN_MS = 30_000;

/** What Prometheus is to read, with the labels that it gives to it. */
export interface Target {
  readonly url: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

/** A real Prometheus on a free port of this host, over a folder of its own that goes with it. */
export interface PrometheusServer {
  /** What the expression gave in the last `seconds`. Rejects with Prometheus' message when it cannot be evaluated. */
  range(expr: string, seconds: number): Promise<readonly Sample[]>;
  /** How many targets were read without fail. */
  healthyTargets(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts it; it reads all targets every two seconds, and evaluates the rules of the file. */
export const startPrometheus = async (
  binary: string,
  targets: readonly Target[],
  ruleFiles: readonly string[],
): Promise<PrometheusServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-prometheus-'));
  const [port] = await freePorts(1);
  const config = {
    global: { scrape_interval: '2s', scrape_timeout: '2s', evaluation_interval: '5s' },
    rule_files: ruleFiles,
    scrape_configs: targets.map(({ url, labels }, index) => {
      const { host, pathname } = new URL(url);
      return {
        job_name: `target-${index}`,
        metrics_path: pathname,
        static_configs: [{ targets: [host], labels }],
      };
    }),
  };
  const file = join(folder, 'prometheus.yml');
  writeFileSync(file, JSON.stringify(config)); // JSON is YAML
  const child = spawn(
    binary,
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  const ended = once(child, 'exit');
  const base = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };

  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`Prometheus does not start: ${said.trim().split('\n').at(-1) ?? ''}`);
    }
    const ready = await fetch(`${base}/-/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) break;
    await pause(50);
  }

  const get = async <T>(path: string, query: Record<string, string> = {}): Promise<T> => {
    const response = await fetch(`${base}${path}?${new URLSearchParams(query).toString()}`);
    const answer = (await response.json()) as { status: string; error?: string; data: T };
    if (answer.status !== 'success')
      throw new Error(answer.error ?? `Prometheus answered ${response.status}`);
    return answer.data;
  };
  return {
    range: async (expr, seconds) => {
      const end = Date.now() / 1000;
      const { result } = await get<{
        result: { metric: Record<string, string>; values: [number, string][] }[];
      }>('/api/v1/query_range', { query: expr, start: String(end - seconds), end: String(end), step: '2' });
      return result.map(({ metric, values }) => ({
        labels: metric,
        values: values.map(([, value]) => Number(value)),
      }));
    },
    healthyTargets: async () => {
      const { activeTargets } = await get<{ activeTargets: { health: string }[] }>('/api/v1/targets');
      return activeTargets.filter(({ health }) => health === 'up').length;
    },
    stop,
  };
};
