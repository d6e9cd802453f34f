// Writes the pages of docs/ that follow from the code (`npm run docs`); with --check it only tells which are out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { apiPage } from './api.js';
import { readComments } from './comments.js';
import { configurationPage } from './configuration.js';
import { helmValuesPage } from './helm-values.js';
import { metricsPage } from './metrics.js';

const pages: Readonly<Record<string, string>> = {
  'docs/api.md': apiPage(readComments()),
  'docs/configuration.md': configurationPage(),
  'docs/helm-values.md': helmValuesPage(),
  'docs/metrics.md': metricsPage(),
};

const contentOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

const stale = Object.entries(pages).filter(([file, text]) => contentOf(file) !== text);
if (process.argv.includes('--check')) {
  for (const [file] of stale) console.error(`${file} is not up to date: run npm run docs and commit it`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [file, text] of stale) {
    writeFileSync(file, text);
    console.log(`wrote ${file}`);
  }
}
