import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const widget = join(import.meta.dirname, '../web/widget');
const out = mkdtempSync(join(tmpdir(), 'parley-widget-'));
const zipped = (file: string): number => gzipSync(readFileSync(file), { level: 9 }).length;
const build = (config: string): void => {
  const vite = join(import.meta.dirname, '../node_modules/vite/bin/vite.js');
  execFileSync(
    process.execPath,
    [vite, 'build', '--config', config, '--outDir', out, '--logLevel', 'error'],
    {
      cwd: widget,
      env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'production' },
    },
  );
};

describe('what a visitor downloads, gzipped', () => {
  beforeAll(() => {
    build('vite.config.ts');
    build('vite.loader.config.ts');
  }, 60_000);
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  it('is at most 3 kB for the loader', () => {
    expect(zipped(join(out, 'widget.js'))).toBeLessThanOrEqual(3_000);
  });

  it('is at most 40 kB for all scripts of the app', () => {
    const scripts = readdirSync(join(out, 'assets')).filter((name) => name.endsWith('.js'));
    const total = scripts.reduce((sum, name) => sum + zipped(join(out, 'assets', name)), 0);
    expect(scripts.length).toBeGreaterThan(0);
    expect(total).toBeLessThanOrEqual(40_000);
  });
});
