import { aborted, alreadyExists } from '@parley/kernel';
import type { Refusal } from './refusal.js';

/** What a caller believes of the thing that they change. */
export interface Expected {
  /** Its version; 0, or left out: whatever there is. */
  readonly expectedVersion?: number;
  /** That there is none yet. */
  readonly mustBeNew?: boolean;
}

/** True when a change was made on top of another version than the one there is; 0 expects nothing. */
const isStale = (expected: number, version: number): boolean => expected !== 0 && expected !== version;

/** The refusal of a change whose caller is mistaken about the version of the one thing there can be. */
export const unlessAt = (
  what: string,
  version: number,
  { expectedVersion = 0, mustBeNew = false }: Expected,
  field = 'expectedVersion',
): Refusal => {
  if (!isStale(expectedVersion, version) && !(mustBeNew && version > 0)) return undefined;
  const description = `the ${what} has version ${version} by now; read it again and repeat the change on top of it, with ${version} here`;
  return aborted('VERSION_CONFLICT', `${field}: ${description}.`, { violations: [{ field, description }] });
};

/** The same for one of many that have ids, such as a queue; `idField` is the field that names it. */
export const unlessExpected = (
  what: string,
  [idField, id]: readonly [string, string],
  version: number,
  expected: Expected,
): Refusal => {
  if (!expected.mustBeNew || version === 0) return unlessAt(what, version, { ...expected, mustBeNew: false });
  const description = `there is "${id}" already; choose another id such as "${id}-2", or change that ${what} with expectedVersion ${version}`;
  return alreadyExists('ALREADY_EXISTS', `${idField}: ${description}.`, {
    violations: [{ field: idField, description }],
  });
};
