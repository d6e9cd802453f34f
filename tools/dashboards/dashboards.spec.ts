import { describe, expect, it } from '@jest/globals';
import { boards } from './boards/index.js';
import { buildBoard } from './build.js';
import { knownSeries, problemsOf, withVariables } from './known.js';

const known = await knownSeries();

describe.each(boards.map((board) => [board.title, board] as const))('%s', (_, board) => {
  const panels = board.rows.flatMap((row) => row.panels);

  it('asks for nothing that no service shows', () => {
    const queries = [...panels.flatMap((panel) => panel.queries.map(({ expr }) => expr))];
    expect(queries.flatMap((expr) => problemsOf(withVariables(expr, '5m'), known))).toEqual([]);
  });

  it('can be taken in: a bounded number of panels, each told what it means, none beyond the edge', () => {
    expect(panels.length).toBeLessThanOrEqual(20);
    for (const { title, help, queries, width } of panels) {
      expect({ title, help }).toMatchObject({ help: expect.stringMatching(/^.{20,}\.$/) });
      expect(queries.length).toBeGreaterThan(0);
      expect(width).toBeLessThanOrEqual(24);
    }
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  });

  it('reads the installation that was chosen, in every query', () => {
    for (const { expr } of panels.flatMap((panel) => panel.queries)) {
      expect(expr).toContain('namespace=~"$namespace",job=~"$job"');
      const variables = [...expr.matchAll(/\$([a-z]+)/g)].map(([, name]) => name);
      const offered = ['namespace', 'job', ...board.variables.map(({ name }) => name)];
      expect(offered).toEqual(expect.arrayContaining(variables));
    }
  });

  it('has ids of its own and places without overlap', () => {
    const { panels: built = [] } = buildBoard(board);
    expect(new Set(built.map(({ id }) => id)).size).toBe(built.length);
    const taken = new Set<string>();
    for (const { gridPos } of built) {
      const { x, y, w, h } = gridPos!;
      for (let column = x; column < x + w; column++)
        for (let row = y; row < y + h; row++) {
          expect(taken).not.toContain(`${column},${row}`);
          taken.add(`${column},${row}`);
        }
    }
  });
});

describe('the check of queries', () => {
  it('finds names and labels that do not exist, and what is no PromQL', () => {
    expect(problemsOf('sum(parley_nothing)', known)).toEqual(['no service has a metric parley_nothing']);
    expect(problemsOf('parley_bus_connected{colour="red"}', known)).toEqual([
      'parley_bus_connected has no label colour',
    ]);
    expect(problemsOf('sum(parley_bus_connected', known)).toHaveLength(1);
    expect(problemsOf('rate(parley_rpc_server_requests_total{code="ok"}[5m]) > 0', known)).toEqual([]);
  });
});
