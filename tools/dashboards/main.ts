// Writes the dashboards of the chart (`npm run dashboards`); with --check it only tells which are out of date.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { boards } from './boards/index.js';
import { buildBoard } from './build.js';

const FOLDER = 'helm/parley/dashboards';

mkdirSync(FOLDER, { recursive: true });
/** A panel a line: short enough for those who render the chart, and a change shows which panel it is. */
const textOf = ({ panels = [], ...rest }: ReturnType<typeof buildBoard>): string => {
  const head = Object.entries(rest).map(
    ([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  const lines = panels.map((panel) => JSON.stringify(panel));
  return `{\n${head.join(',\n')},\n"panels": [\n${lines.join(',\n')}\n]\n}\n`;
};

const wanted = new Map(boards.map((spec) => [`${spec.uid}.json`, textOf(buildBoard(spec))]));
const present = readdirSync(FOLDER);
const superfluous = present.filter((file) => !wanted.has(file));
const stale = [...wanted].filter(
  ([file, text]) => !present.includes(file) || readFileSync(join(FOLDER, file), 'utf8') !== text,
);
if (process.argv.includes('--check')) {
  for (const file of [...superfluous, ...stale.map(([name]) => name)])
    console.error(`${join(FOLDER, file)} is not up to date: run npm run dashboards and commit it`);
  process.exitCode = superfluous.length + stale.length === 0 ? 0 : 1;
} else {
  for (const file of superfluous) rmSync(join(FOLDER, file));
  for (const [file, text] of stale) {
    writeFileSync(join(FOLDER, file), text);
    console.log(`wrote ${join(FOLDER, file)}`);
  }
}
