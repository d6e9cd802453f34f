/** The chart's table of who calls whom, compared with the code that calls. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { methods } from '@parley/contracts';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..');
const parts = readFileSync(join(root, 'helm/parley/templates/_parts.tpl'), 'utf8');
const table = (name: string): Record<string, unknown> =>
  parse(new RegExp(`define "${name}" -}}\\n(.*?){{- end -}}`, 's').exec(parts)![1]!) as Record<
    string,
    unknown
  >;

const sources = (service: string): string[] =>
  readdirSync(join(root, 'services', service, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('.spec.') && !file.includes('testing/'))
    .map((file) => readFileSync(join(root, 'services', service, 'src', file), 'utf8'));

const ownerOf = new Map([...methods.values()].map(({ service, owner }) => [service, owner]));
const owners = new Set(ownerOf.values());

const calledBy = (service: string): string[] => {
  const called = new Set<string>();
  for (const text of sources(service)) {
    for (const [, name] of text.matchAll(/caller\.client\('([\w.]+)'\)/g))
      called.add(ownerOf.get(name!) ?? name!);
    // The edge carries out whatever is asked of it.
    if (/services: caller\b/.test(text))
      for (const owner of owners) if (owner !== 'gateway') called.add(owner);
  }
  return [...called].sort();
};

/** Whom a service asks for reads, of those whom it calls: by the names of the methods, or by what asks in its place. */
const readBy = (service: string): string[] => {
  const texts = sources(service);
  const clients = new Set(
    texts.flatMap((text) => [...text.matchAll(/caller\.client\('([\w.]+)'\)/g)].map(([, name]) => name!)),
  );
  const read = [...methods.values()]
    .filter(({ kind, service: of }) => kind === 'read' && clients.has(of))
    .filter(({ handler }) => texts.some((text) => new RegExp(`\\.${handler}\\(|'${handler}'`).test(text)))
    .map(({ owner }) => owner);
  if (texts.some((text) => /\b(listPurgedFrom|purgedFrom)\(/.test(text))) read.push('transcript');
  if (texts.some((text) => text.includes('new AgentQueues('))) read.push('routing');
  if (texts.some((text) => /services: caller\b/.test(text))) read.push(...calledBy(service));
  return [...new Set(read)].sort();
};

describe('the parts of the chart', () => {
  const calls = table('parley.calls') as Record<string, string[]>;

  it.each(Object.keys(calls))('%s calls whom its code calls', (service) => {
    expect([...calls[service]!].sort()).toEqual(calledBy(service));
  });

  const reads = table('parley.reads') as Record<string, string[]>;

  it.each(Object.keys(calls))('%s reads from whom its code reads', (service) => {
    expect([...reads[service]!].sort()).toEqual(readBy(service));
    expect(calls[service]).toEqual(expect.arrayContaining(reads[service]!));
  });

  it('are all services', () => {
    const services = readdirSync(join(root, 'services')).sort();
    expect(Object.keys(calls).sort()).toEqual(services);
    expect(Object.keys(table('parley.bus')).sort()).toEqual(services);
  });
});
