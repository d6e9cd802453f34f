import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { billOfMaterials } from '../scripts/sbom.mjs';

// The tool is installed on the first run.
jest.setTimeout(180_000);

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly hashes?: readonly unknown[];
  readonly licenses?: readonly {
    readonly license?: { readonly id?: string };
    readonly expression?: string;
  }[];
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, '..');
const manifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
const shipped = ['services', 'web'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => manifest(`${folder}/${name}`)),
);
const fullName = ({ group, name }: Component): string => (group ? `${group}/${name}` : name);
const licenceOf = ({ licenses = [] }: Component): string =>
  licenses.map(({ license, expression }) => license?.id ?? expression ?? 'unknown').join(' ');

/** What may be shipped with an Apache-2.0 product without asking anybody. */
const PERMISSIVE = /^\(?(MIT|MIT-0|Apache-2\.0|BSD-[23]-Clause|ISC|0BSD|Unlicense|OFL-1\.1| AND |\))+$/;

describe('the bill of materials', () => {
  let text = '';
  let components: readonly Component[] = [];
  beforeAll(async () => {
    text = await billOfMaterials();
    const bill = JSON.parse(text) as { bomFormat: string; components: Component[] };
    expect(bill.bomFormat).toBe('CycloneDX');
    components = bill.components;
  });

  it('names each package that a service or a page asks for, by version and licence', () => {
    const wanted = shipped.flatMap(({ dependencies = {} }) => Object.keys(dependencies));
    expect(wanted).toContain('ws');
    const names = new Set(components.map(fullName));
    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
    expect(components.filter(({ version, purl }) => !version || !purl)).toEqual([]);
  });

  it('names nothing that only tests and tools need', () => {
    const names = components.map(fullName);
    for (const name of ['jest', 'testcontainers', '@parley/testkit', 'typescript'])
      expect(names).not.toContain(name);
  });

  it('has permissive licences only', () => {
    expect(components.filter((component) => !PERMISSIVE.test(licenceOf(component))).map(fullName)).toEqual(
      [],
    );
  });

  it('is the same each time', async () => {
    expect(await billOfMaterials()).toBe(text);
  });
});
