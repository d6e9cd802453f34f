import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nextFolder, removeOlder } from './rotation.js';

describe('the backups of a folder', () => {
  let parent: string;
  beforeEach(() => void (parent = mkdtempSync(join(tmpdir(), 'parley-rotation-'))));
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  const begin = async (day: number): Promise<string> => {
    const folder = await nextFolder(parent, new Date(Date.UTC(2026, 10, day, 2, 30)));
    mkdirSync(folder);
    return folder;
  };
  const finish = async (day: number): Promise<void> =>
    writeFileSync(join(await begin(day), 'backup.json'), '{}');
  const left = (): string[] => readdirSync(parent).toSorted();

  it('are named by their time', async () => {
    await finish(28);
    expect(left()).toEqual(['2026-11-28T02-30-00Z']);
  });

  it('make their parent', async () => {
    const folder = await nextFolder(join(parent, 'a', 'b'), new Date(0));
    expect(folder).toBe(join(parent, 'a', 'b', '1970-01-01T00-00-00Z'));
    expect(readdirSync(join(parent, 'a'))).toEqual(['b']);
  });

  it('go when newer ones are finished, as do interrupted ones of their time', async () => {
    for (const day of [1, 3, 4]) await finish(day);
    await begin(2);
    await begin(5);
    expect(await removeOlder(parent, 2)).toBe(2);
    expect(left()).toEqual(['2026-11-03T02-30-00Z', '2026-11-04T02-30-00Z', '2026-11-05T02-30-00Z']);
  });

  it('stay while there are not enough finished ones, whatever was interrupted', async () => {
    await finish(1);
    for (const day of [2, 3, 4]) await begin(day);
    expect(await removeOlder(parent, 2)).toBe(0);
    expect(left()).toHaveLength(4);
  });

  it('leave alone what is no backup', async () => {
    writeFileSync(join(parent, 'erasures.jsonl'), '');
    mkdirSync(join(parent, '2026'));
    for (const day of [1, 2]) await finish(day);
    await removeOlder(parent, 1);
    expect(left()).toEqual(['2026', '2026-11-02T02-30-00Z', 'erasures.jsonl']);
  });
});
