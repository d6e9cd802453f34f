import { isScalar } from './cursor.js';
import { misuse } from './errors.js';
import { tokensOf } from './tokens.js';
import type { CollectionSpec, Doc } from './types.js';

const COLLECTION = /^[a-z][a-z0-9_]{0,40}$/;
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,40}$/;

/** A collection's declaration without its document type. */
export type AnySpec = Pick<CollectionSpec<Doc>, 'name' | 'indexes'> & {
  readonly searchable?: readonly string[];
};

/** Throws when names could not be used in both databases, or are used twice. Names become part of SQL text. */
export const checkSpec = (spec: AnySpec): void => {
  if (!COLLECTION.test(spec.name)) throw misuse(`collection "${spec.name}": a name matches ${COLLECTION}`);
  const seen = new Set<string>();
  for (const { name, fields } of spec.indexes) {
    const where = `index "${name}" of "${spec.name}"`;
    if (!NAME.test(name) || seen.has(name.toLowerCase()))
      throw misuse(`${where}: names are unique and match ${NAME}`);
    seen.add(name.toLowerCase());
    if (fields.length === 0 || new Set(fields).size !== fields.length)
      throw misuse(`${where}: name each field once`);
    for (const field of fields) {
      if (!NAME.test(field)) throw misuse(`${where}: field "${field}" does not match ${NAME}`);
      if (field === 'id') throw misuse(`${where}: leave out id, every index ends with it`);
    }
  }
  for (const field of spec.searchable ?? []) {
    if (!NAME.test(field)) throw misuse(`"${spec.name}" searches "${field}", which does not match ${NAME}`);
  }
};

/** Every field of an index, once. */
export const indexedFields = (spec: AnySpec): readonly string[] => [
  ...new Set(spec.indexes.flatMap((index) => index.fields)),
];

/** A top-level value of a document. */
export const valueOf = (doc: Doc, field: string): unknown =>
  (doc as unknown as Record<string, unknown>)[field];

/** The words of a document's searchable fields. */
export const wordsOf = (spec: AnySpec, doc: Doc): readonly string[] =>
  tokensOf(
    (spec.searchable ?? []).map((field) => valueOf(doc, field)).filter((text) => typeof text === 'string'),
  );

/**
 * Returns a check that throws when a document has no usable id or version, an object or array in an indexed
 * field, or nothing in a field of a unique index (databases disagree whether two such documents clash).
 */
export const docChecker = (spec: AnySpec): ((doc: Doc) => void) => {
  const indexed = indexedFields(spec);
  const required = new Set(spec.indexes.filter((index) => index.unique).flatMap((index) => index.fields));
  return (doc) => {
    const fail = (why: string): never => {
      throw misuse(`a document of "${spec.name}" ${why}`);
    };
    if (typeof doc.id !== 'string' || doc.id === '') fail('needs an id: a string that is not empty');
    if (!Number.isSafeInteger(doc.version)) fail('needs a version: a whole number');
    for (const field of indexed) {
      const value = valueOf(doc, field);
      if (value === undefined || value === null) {
        if (required.has(field)) fail(`needs "${field}", which a unique index covers`);
      } else if (!isScalar(value))
        fail(`has a value in "${field}" that cannot be indexed; use a string, number or boolean`);
    }
  };
};
