import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { boards } from './boards/index.js';
import { knownSeries, problemsOf } from './known.js';
import { readAlerts, readRules } from './rules.js';

const RUNBOOKS = 'docs/runbooks';
const TESTS = 'tools/dashboards/tests';
const known = new Map(await knownSeries());
for (const { record } of readRules())
  if (record !== undefined) known.set(record, new Set(['namespace', 'job']));
const alerts = readAlerts();
const names = alerts.map(({ alert }) => alert);

describe('rules', () => {
  it.each(readRules().map((rule) => [rule.alert ?? rule.record, rule] as const))(
    '%s reads what services show',
    (_, { expr }) => expect(problemsOf(expr, known)).toEqual([]),
  );

  it.each(alerts.map((rule) => [rule.alert, rule] as const))(
    '%s says what it means and what to do',
    (name, rule) => {
      expect(['warning', 'critical']).toContain(rule.labels?.['severity']);
      expect(rule.annotations).toEqual({
        summary: expect.stringMatching(/^[A-Z].{15,}[^.]$/),
        description: expect.stringMatching(/\.$/),
        runbook_url: `${RUNBOOKS}/${name}.md`,
      });
    },
  );

  it('have names of their own, and a runbook each; no runbook is without its alert', () => {
    expect(new Set(names).size).toBe(names.length);
    const pages = readdirSync(RUNBOOKS).map((file) => file.replace(/\.md$/, ''));
    expect(pages.toSorted()).toEqual(names.toSorted());
  });

  it('have runbooks that say what it means to people, how to look and what to do', () => {
    for (const name of names) {
      const text = readFileSync(`${RUNBOOKS}/${name}.md`, 'utf8');
      const headings = [...text.matchAll(/^#+ .*$/gm)].map(([line]) => line);
      expect(headings).toEqual([`# ${name}`, '## What it means', '## How to look', '## What to do']);
    }
  });

  it('are each seen to fire and to stay silent by promtool’s tests', () => {
    const seen = readdirSync(TESTS).flatMap((file) => {
      const { tests } = parse(readFileSync(`${TESTS}/${file}`, 'utf8')) as {
        tests: { alert_rule_test?: { alertname: string; exp_alerts?: unknown[] }[] }[];
      };
      return tests.flatMap(({ alert_rule_test: cases = [] }) => cases);
    });
    for (const name of names) {
      const cases = seen.filter(({ alertname }) => alertname === name);
      const firing = cases.filter(({ exp_alerts: expected = [] }) => expected.length > 0);
      expect({ name, firing: firing.length > 0, silent: cases.length > firing.length }).toEqual({
        name,
        firing: true,
        silent: true,
      });
    }
  });

  it('are all listed in docs/monitoring.md', () => {
    const text = readFileSync('docs/monitoring.md', 'utf8');
    for (const name of names) expect(text).toContain(`[${name}](runbooks/${name}.md)`);
  });

  it('are named by dashboards only where they exist', () => {
    const helps = boards.flatMap(({ rows }) => rows.flatMap(({ panels }) => panels.map(({ help }) => help)));
    const mentioned = helps.flatMap((help) => help.match(/Parley[A-Z]\w+/g) ?? []);
    expect(names).toEqual(expect.arrayContaining(mentioned));
  });
});
