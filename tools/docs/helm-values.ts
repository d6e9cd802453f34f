import { readFileSync } from 'node:fs';
import { isAlias, isMap, parseDocument, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { code, GENERATED, page, table } from './markdown.js';

const file = 'helm/parley/values.yaml';

interface Row {
  readonly name: string;
  readonly standard: string;
  readonly doc: string;
}

/** docs/helm-values.md: every value of the chart with its default and its comment. Fails on a value without a comment. */
export const helmValuesPage = (): string => {
  const document = parseDocument(readFileSync(file, 'utf8'));
  const rows = rowsOf(document.contents as YAMLMap, '');
  return page([
    '# Values of the Helm chart',
    GENERATED,
    'How to install is in [kubernetes.md](kubernetes.md). `values.schema.json` refuses what is not in this table.',
    table(
      ['Value', 'Default', 'What it is'],
      rows.map(({ name, standard, doc }) => [code(name), standard, doc]),
    ),
  ]);
};

const rowsOf = (map: YAMLMap, prefix: string): Row[] =>
  map.items.flatMap((pair, index) => {
    const { key, value } = pair as Pair<Scalar<string>>;
    const name = prefix + key.value;
    // The comment before the first key of a block belongs to the block.
    const doc = commentOf(key.commentBefore ?? (index === 0 ? map.commentBefore : undefined));
    if (isAlias(value))
      return [{ name, standard: `as \`${value.source === 'service' ? 'conversation' : 'gateway'}\``, doc }];
    const single = doc !== '' || inherited(prefix);
    if (isMap(value) && (!single || hasComments(value))) {
      const inner = rowsOf(value, `${name}.`);
      return doc === '' ? inner : [{ name, standard: '', doc }, ...inner];
    }
    if (doc === '' && !inherited(prefix)) throw new Error(`${file}: ${name} has no comment`);
    const text = JSON.stringify((value as { toJSON?: () => unknown } | null)?.toJSON?.() ?? null);
    return [{ name, standard: `\`${text}\``, doc: doc || `as \`gateway.${key.value}\`` }];
  });

const inherited = (prefix: string): boolean => prefix === 'conversation.';

const hasComments = (map: YAMLMap): boolean =>
  map.items.some(({ key }, index) =>
    ((key as Scalar).commentBefore ?? (index === 0 ? map.commentBefore : undefined) ?? '').includes('--'),
  );

const commentOf = (comment: string | null | undefined): string => {
  const start = comment?.lastIndexOf(' -- ') ?? -1;
  return start < 0
    ? ''
    : comment!
        .slice(start + 4)
        .replaceAll(/\n\s*/g, ' ')
        .trim();
};
