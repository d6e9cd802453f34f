import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** Made by tools, or not ours. */
const PASSED_OVER = new Set(['node_modules', 'dist', '.git', '.cache', '.nx', '.parley']);

/** Every file and folder of the repository below this one. */
const below = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !PASSED_OVER.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? [path, ...below(path)] : [path];
    });

const paths = below('.');
const folders = paths.filter((path) => !path.includes('/') && statSync(path).isDirectory());
const pages = ['README.md', 'ARCHITECTURE.md', ...below('docs').filter((path) => path.endsWith('.md'))];

const SOURCE = '(?:[cm]?ts|tsx|[cm]js|proto|ya?ml|tpl|md|css|html)';
const named = new RegExp(`^[\\w.*/-]*[\\w*]\\.${SOURCE}$`);
/** What the words say is in a file: `thing` in `file`, `thing` of `file`, `thing` (`file`), `file`, `thing`. */
const thing = '`(\\w+(?:\\.\\w+)?)`';
const file = `\`([\\w./-]+\\.${SOURCE})\``;
const placed = [
  new RegExp(`${thing}(?: (?:in|of) | \\()${file}`, 'g'),
  new RegExp(`${file}, (?<thing>${thing})`, 'g'),
];

/** The text as one line, without its examples. */
const textOf = (page: string): string =>
  readFileSync(page, 'utf8')
    .replace(/```.*?```/gs, '')
    .replace(/\s+/g, ' ');

/** What a name in a page may stand for: a path from the root, or the end of one. */
const meant = (name: string): string[] => {
  const pattern = name.replace(/\/$/, '').replaceAll('.', '\\.').replaceAll('*', '[^/]*');
  return paths.filter((path) => new RegExp(`(?:^|/)${pattern}$`).test(path));
};

const isPath = (code: string): boolean =>
  named.test(code) || (/^[\w.*/-]+$/.test(code) && folders.some((folder) => code.startsWith(`${folder}/`)));

const placesIn = (text: string): { name: string; path: string }[] =>
  placed
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map((match) =>
      match.groups?.['thing'] ? { path: match[1]!, name: match[3]! } : { name: match[1]!, path: match[2]! },
    )
    .filter(({ name }) => !named.test(name));

const holds = (path: string, name: string): boolean => {
  const word = new RegExp(`\\b${name.split('.').at(-1)}\\b`);
  return meant(path).some((found) => word.test(readFileSync(found, 'utf8')));
};

describe.each(pages)('%s', (page) => {
  const text = textOf(page);

  it('names files and folders that exist', () => {
    const codes = [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
    expect(codes.filter(isPath).filter((path) => meant(path).length === 0)).toEqual([]);
  });

  it('says of files what is in them', () => {
    expect(placesIn(text).filter(({ name, path }) => !holds(path, name))).toEqual([]);
  });

  it('links to what exists', () => {
    const links = [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, link]) => link!);
    const own = links.filter((link) => !/^\w+:/.test(link));
    expect(own.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
  });
});

describe('pages', () => {
  it('have every record of a decision in the list of the first', () => {
    const records = readdirSync('docs/adr').filter((name) => !name.startsWith('0001'));
    const listed = textOf('docs/adr/0001-record-of-decisions.md').matchAll(/\[\d{4}\]\((.+?)\)/g);
    expect([...listed].map(([, name]) => name)).toEqual(records.toSorted());
  });

  it('show every picture that is made for them', () => {
    const texts = pages.map(textOf).join(' ');
    expect(readdirSync('docs/images').filter((name) => !texts.includes(`images/${name})`))).toEqual([]);
  });
});
