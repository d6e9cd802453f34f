import { enumSchemas } from './gen/schema.js';
import type { FieldSchema } from './schema.js';

/** A right value of a field as JSON text; '' when neither its contract nor its rules give one. */
export const exampleOf = (field: FieldSchema): string => {
  const { rules, type, repeated, map } = field;
  const given = rules?.example;
  if (given !== undefined) return type === 'string' && !repeated && !map ? JSON.stringify(given) : given;
  const entry = derived(field);
  return repeated && entry ? `[${entry}]` : map ? '' : entry;
};

/** The same for one entry of a repeated or map field; of any other field the value itself. */
export const entryExampleOf = (field: FieldSchema): string => {
  const { rules, repeated, map } = field;
  if (!repeated && !map) return exampleOf(field);
  if (rules?.example === undefined) return derived(field);
  const [first] = Object.values(JSON.parse(rules.example) as object) as unknown[];
  return JSON.stringify(first);
};

/** What follows from rules and type alone. */
const derived = ({ rules, type, typeName = '' }: FieldSchema): string => {
  if (rules?.id) return '"orders-2"';
  // The first name of an enum stands for "not given".
  if (type === 'enum') return JSON.stringify(enumSchemas[typeName]?.[1] ?? '');
  if (type === 'bool') return 'true';
  if (type === 'bytes') return '"SGVsbG8="';
  return /^(u?int|double|float)/.test(type) ? String(rules?.lte ?? rules?.gte ?? 1) : '';
};
