/** An upgrade from the previous release: what was set for its chart is taken by this one. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { PREVIOUS } from '../../scripts/previous-release.mjs';
import { render } from './helm.js';

// Each rendering is a process of its own, which is slow on a busy machine.
jest.setTimeout(60_000);

const root = join(import.meta.dirname, '..', '..');
const files = ['values.yaml', 'values-small.yaml', 'values-production.yaml'] as const;

describe('values of the previous release', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parley-values-'));
    for (const file of files) {
      const args = ['-C', root, 'show', `${PREVIOUS}:helm/parley/${file}`];
      const { stdout } = await promisify(execFile)('git', args).catch((cause: Error) => {
        throw new Error(`the previous release ${PREVIOUS} is not in this clone: fetch its history`, {
          cause,
        });
      });
      writeFileSync(join(folder, file), stdout);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['its small profile', ['values-small.yaml']],
    ['its production profile', ['values-production.yaml']],
    ['every value that it had', ['values.yaml', 'values-small.yaml']],
  ])('are taken: %s', async (_, chosen) => {
    const objects = await render({ values: chosen.map((file) => join(folder, file)) });
    expect(objects.filter(({ kind }) => kind === 'Deployment')).toHaveLength(7);
  });
});
