/**
 * What each profile of values renders to, compared with the files in golden/. After a change that is meant:
 * `npm run chart:golden`, then read the difference.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { objectsOf, renderText } from './helm.js';
import { profiles } from './profiles.js';

const folder = join(import.meta.dirname, 'golden');

/** Chance is taken out: generated secrets, and sums over them. Dashboards are files that monitoring.int.spec.ts compares. */
const steady = (text: string): string =>
  text
    .replaceAll(/\b[A-Za-z0-9]{40}\b/g, 'generated')
    .replaceAll(/(checksum\/\w+:) \w+/g, '$1 sum')
    .replaceAll(/^( {2}parley-\w+\.json: \|-)\n(?: {4}.*\n)+/gm, '$1 (of dashboards)\n');

// Each rendering is a process of its own, which is slow on a busy machine.
jest.setTimeout(60_000);

describe('the chart', () => {
  it.each(Object.keys(profiles))('renders %s as before', async (name) => {
    const file = join(folder, `${name}.yaml`);
    const text = steady(await renderText({ values: profiles[name]! }));
    if (process.env.PARLEY_UPDATE_GOLDEN) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  it.each(Object.keys(profiles))('names no object of %s twice', async (name) => {
    const objects = objectsOf(await renderText({ values: profiles[name]! }));
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(names).toEqual([...new Set(names)]);
  });
});
