/** Puts every page into the layout and copies the assets: dist/ is a plain static site. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const folder = import.meta.dirname;
const dist = join(folder, 'dist');
const require = createRequire(import.meta.url);
const fonts = join(require.resolve('@fontsource-variable/inter/package.json'), '..', 'files');
const layout = readFileSync(join(folder, 'layout.html'), 'utf8');

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, 'assets'), { recursive: true });
cpSync(join(folder, 'assets'), join(dist, 'assets'), { recursive: true });
cpSync(join(fonts, 'inter-latin-wght-normal.woff2'), join(dist, 'assets', 'inter.woff2'));

for (const name of readdirSync(join(folder, 'pages'))) {
  const page = readFileSync(join(folder, 'pages', name), 'utf8');
  const title = /<!-- title: (.+) -->/.exec(page)?.[1];
  if (!title) throw new Error(`pages/${name} needs a first line <!-- title: … -->`);
  const content = page.replace(/^<!-- title:.*\n/, '');
  const here = layout.replace(`href="${name}"`, `href="${name}" aria-current="page"`);
  writeFileSync(
    join(dist, name),
    here.replace('{{title}}', title).replace('{{content}}', () => content),
  );
}
