import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import { expressionProblem } from '../expressions/expressions.js';
import { workflowProblems } from './validate.js';

const page = readFileSync(new URL('../../../../docs/routing.md', import.meta.url), 'utf8');

describe('docs/routing.md', () => {
  it('has an example without problems', () => {
    const json = /```json\n(.+?)```/s.exec(page)?.[1] ?? '';
    const catalogue = { queueIds: new Set(['sales', 'support']), skillIds: new Set(['returns']) };
    expect(workflowProblems(routing.Workflow.fromJSON(JSON.parse(json)), catalogue)).toEqual([]);
  });

  it('has conditions that can be saved', () => {
    const table = /\| To say[^]+?\n\n/.exec(page)?.[0] ?? '';
    const conditions = [...table.matchAll(/`([^`]+)`/g)]
      .map(([, text]) => text!)
      .filter((text) => /[("]|queue\./.test(text) && !text.endsWith('trim()'));
    expect(conditions.length).toBeGreaterThan(8);
    for (const text of conditions) {
      const place = text.includes('queue.') ? 'skipIf' : 'filter';
      expect([text, expressionProblem(place, text)]).toEqual([text, undefined]);
    }
  });
});
