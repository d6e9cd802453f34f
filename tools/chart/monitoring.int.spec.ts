import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, jest } from '@jest/globals';
import { readAlerts, readRules } from '../dashboards/rules.js';
import { refusal, render, type KubeObject } from './helm.js';

// Each rendering is a process of its own, which is slow on a busy machine.
jest.setTimeout(60_000);

const DASHBOARDS = 'helm/parley/dashboards';
const values = ['values-production.yaml'];

const alertsOf = (objects: readonly KubeObject[]): readonly Record<string, never>[] => {
  const rule = objects.find(({ kind }) => kind === 'PrometheusRule');
  const groups = (rule?.['spec'] as { groups: { rules: Record<string, never>[] }[] }).groups;
  return groups.flatMap(({ rules }) => rules);
};

describe('what the chart gives to Prometheus and Grafana', () => {
  it('has every dashboard as it is, where Grafana’s sidecar finds it', async () => {
    const found = (await render({ values })).filter(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.labels?.['grafana_dashboard'] === '1',
    );
    const files = Object.assign({}, ...found.map(({ data }) => data as object)) as Record<string, string>;
    expect(Object.keys(files).toSorted()).toEqual(readdirSync(DASHBOARDS).toSorted());
    for (const [file, text] of Object.entries(files))
      expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(`${DASHBOARDS}/${file}`, 'utf8')));
    const without = await render({ values, set: { 'dashboards.enabled': 'false' } });
    expect(without.filter(({ metadata }) => metadata.labels?.['grafana_dashboard'])).toEqual([]);
  });

  it('has every rule with its words untouched, and looks for certificates of its own', async () => {
    const rendered = alertsOf(await render({ values }));
    const expected = readRules().map(({ expr, ...rule }) => ({
      ...rule,
      expr: expr.replace('".*parley.*"', '"parley.*"'),
    }));
    expect(rendered).toHaveLength(expected.length);
    expect(rendered).toEqual(expect.arrayContaining(expected));
  });

  it('links to runbooks where they are kept, and leaves out what is not wanted', async () => {
    const [first, second] = readAlerts().map(({ alert }) => alert);
    const set = {
      'prometheusRules.runbookBaseUrl': 'https://git.example/runbooks/',
      'prometheusRules.disabled': `{${first}}`,
    };
    const rendered = alertsOf(await render({ values, set }));
    expect(rendered.map(({ alert }) => alert)).not.toContain(first);
    expect(rendered.find(({ alert }) => alert === second)).toMatchObject({
      annotations: { runbook_url: `https://git.example/runbooks/${second}.md` },
    });
  });

  it('refuses an address of runbooks that is none', async () => {
    expect(await refusal({ values, set: { 'prometheusRules.runbookBaseUrl': 'wiki' } })).toContain(
      'runbookBaseUrl',
    );
  });
});
