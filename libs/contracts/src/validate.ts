import { ApiError, ErrorCode, isId, type FieldViolation } from '@parley/kernel';
import { entryExampleOf, exampleOf } from './examples.js';
import { enumSchemas, messageSchemas } from './gen/schema.js';
import type { FieldSchema } from './schema.js';

/** At most this many violations are reported. */
const MOST = 20;
const patterns = new Map<string, RegExp>();
/** Names of the fields of each message that was checked. */
const fieldNames = new Map<string, ReadonlySet<string>>();

/**
 * Checks a value in protobuf's JSON form against the contract, strictly: types, ranges, unknown fields and the rules
 * of proto/parley/options. Returns what is wrong, field by field; empty when nothing is.
 */
export const checkJson = (messageName: string, json: unknown): FieldViolation[] => {
  const found: FieldViolation[] = [];
  checkMessage(messageName, json, '', found, 0);
  return found;
};

/** The error that a field of a request is wrong, with the field's example: for what only its service can check. */
export const wrongField = (messageName: string, name: string, reason: string): ApiError => {
  const field = messageSchemas[messageName]?.find((each) => each.name === name);
  return invalid([{ field: name, description: field ? withExample(field, reason) : reason }]);
};

/** Like checkJson, but throws an ApiError invalidArgument that names every violation. */
export const assertJson = (messageName: string, json: unknown): void => {
  const violations = checkJson(messageName, json);
  if (violations.length > 0) throw invalid(violations);
};

export const invalid = (violations: readonly FieldViolation[]): ApiError =>
  new ApiError(
    ErrorCode.invalidArgument,
    violations.map((v) => (v.field ? `${v.field}: ${v.description}` : v.description)).join('; '),
    { reason: 'INVALID_ARGUMENT', violations },
  );

const checkMessage = (
  name: string,
  json: unknown,
  path: string,
  found: FieldViolation[],
  depth: number,
  within?: FieldSchema,
): void => {
  const say = (description: string, field = path): void => {
    if (found.length < MOST) found.push({ field, description });
  };
  if (depth > 32) return say('is nested too deeply; 32 levels at most');
  if (name.startsWith('google.protobuf.')) return checkWellKnown(name, json, say);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return say(ofEntry(within, `must be an object (${name}), got ${kindOf(json)}`));
  const fields = messageSchemas[name];
  if (!fields) return say(`unknown message ${name}`);
  const object = json as Record<string, unknown>;
  const known = fieldNamesOf(name, fields);
  for (const key of Object.keys(object))
    if (!known.has(key))
      say(`unknown field; ${name} has ${[...known].join(', ') || 'no fields'}`, join(path, key));
  let cases: Map<string, string> | undefined;
  for (const field of fields) {
    const value = object[field.name];
    if (value === undefined || value === null) {
      if (field.rules?.required) say(withExample(field, 'is required'), join(path, field.name));
      continue;
    }
    const at = join(path, field.name);
    if (field.oneof) {
      cases ??= new Map();
      const other = cases.get(field.oneof);
      if (other) say(`only one of ${other} and ${field.name} may be given`, at);
      cases.set(field.oneof, field.name);
    }
    checkField(field, value, at, found, depth, say);
  }
};

const fieldNamesOf = (name: string, fields: readonly FieldSchema[]): ReadonlySet<string> => {
  let names = fieldNames.get(name);
  if (!names) fieldNames.set(name, (names = new Set(fields.map((field) => field.name))));
  return names;
};

type Say = (description: string, field?: string) => void;
type Wrong = (reason: string) => void;

const told = (reason: string, example: string): string =>
  example ? `${reason}; for example ${example}` : reason;
const withExample = (field: FieldSchema, reason: string): string => told(reason, exampleOf(field));
const ofEntry = (field: FieldSchema | undefined, reason: string): string =>
  field ? told(reason, entryExampleOf(field)) : reason;

const checkField = (
  field: FieldSchema,
  value: unknown,
  at: string,
  found: FieldViolation[],
  depth: number,
  say: Say,
): void => {
  const most = field.rules?.maxLen;
  if (field.map) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return say(withExample(field, `must be an object, got ${kindOf(value)}`), at);
    const entries = Object.entries(value);
    if (most && entries.length > most)
      say(withExample(field, `has ${entries.length} entries; ${most} at most`), at);
    for (const [key, entry] of entries) checkOne(field, entry, join(at, key.slice(0, 64)), found, depth, say);
    return;
  }
  if (field.repeated) {
    if (!Array.isArray(value)) return say(withExample(field, `must be an array, got ${kindOf(value)}`), at);
    if (most && value.length > most)
      say(withExample(field, `has ${value.length} entries; ${most} at most`), at);
    if (field.rules?.required && value.length === 0) say(withExample(field, 'needs at least one entry'), at);
    value.forEach((entry, i) => checkOne(field, entry, `${at}[${i}]`, found, depth, say));
    return;
  }
  checkOne(field, value, at, found, depth, say);
  if (typeof value === 'string' && most && utf8Length(value) > most)
    say(withExample(field, `has ${utf8Length(value)} bytes; ${most} at most`), at);
};

const INTEGER: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

const checkOne = (
  field: FieldSchema,
  value: unknown,
  at: string,
  found: FieldViolation[],
  depth: number,
  say: Say,
): void => {
  const { rules, type } = field;
  const wrong = (reason: string): void => say(ofEntry(field, reason), at);
  if (type === 'message') return checkMessage(field.typeName ?? '', value, at, found, depth + 1, field);
  if (type === 'enum') {
    const names = enumSchemas[field.typeName ?? ''] ?? [];
    const known =
      typeof value === 'number' ? value in names : typeof value === 'string' && names.includes(value);
    if (!known) return wrong(`must be one of ${names.join(', ')}`);
    if (rules?.required && (value === 0 || value === names[0])) wrong('is required');
    return;
  }
  if (type === 'bool')
    return typeof value === 'boolean' ? undefined : wrong(`must be true or false, got ${kindOf(value)}`);
  if (type === 'string') {
    if (typeof value !== 'string') return wrong(`must be a string, got ${kindOf(value)}`);
    if (value === '') return rules?.required ? wrong('is required') : undefined;
    // UTF-8 cannot carry it: what is stored would differ from what was sent.
    if (!value.isWellFormed()) wrong('must be well-formed Unicode, without half a surrogate pair');
    if (rules?.id && !isId(value)) wrong('must be 1 to 64 letters, digits, "_" or "-"');
    if (rules?.pattern && !patternOf(rules.pattern).test(value)) wrong(`must match ${rules.pattern}`);
    return;
  }
  if (type === 'bytes')
    return typeof value === 'string' && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value)
      ? undefined
      : wrong('must be a base64 string');
  checkNumber(field, value, wrong);
};

const checkNumber = (field: FieldSchema, value: unknown, wrong: Wrong): void => {
  const { rules, type } = field;
  const range = INTEGER[type];
  // The common case, which needs neither text nor a wider integer.
  if (range && Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31)
    return checkBounds(rules, value as number, wrong);
  const text =
    typeof value === 'number' || (typeof value === 'string' && value.length <= 24) ? String(value) : '';
  if (range) {
    if (!/^-?\d+$/.test(text)) return wrong(`must be a whole number, got ${kindOf(value)}`);
    const n = BigInt(text);
    if (n < range[0] || n > range[1]) return wrong(`must be between ${range[0]} and ${range[1]}`);
  }
  const n = Number(text);
  if (text === '' || !Number.isFinite(n)) return wrong(`must be a number, got ${kindOf(value)}`);
  checkBounds(rules, n, wrong);
};

const checkBounds = (rules: FieldSchema['rules'], n: number, wrong: Wrong): void => {
  if (rules?.required && n === 0) return wrong('is required');
  // 0 is protobuf's "not given"; bounds speak of given values.
  if (n !== 0 && rules?.gte !== undefined && n < rules.gte) wrong(`must be at least ${rules.gte}`);
  if (n !== 0 && rules?.lte !== undefined && n > rules.lte) wrong(`must be at most ${rules.lte}`);
};

const checkWellKnown = (name: string, json: unknown, say: Say): void => {
  if (name === 'google.protobuf.Timestamp') {
    const ok = typeof json === 'string' && /^\d{4}-\d\d-\d\dT/.test(json) && !Number.isNaN(Date.parse(json));
    if (!ok) say('must be a time such as "2026-01-31T09:30:00Z"');
  } else if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    say(`must be an object, got ${kindOf(json)}`);
  }
};

const patternOf = (source: string): RegExp => {
  let pattern = patterns.get(source);
  if (!pattern) patterns.set(source, (pattern = new RegExp(`^(?:${source})$`, 'u')));
  return pattern;
};

const join = (path: string, field: string): string => (path ? `${path}.${field}` : field);

const kindOf = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'an array'
      : typeof value === 'object'
        ? 'an object'
        : `a ${typeof value}`;

/** Bytes of the text in UTF-8. */
export const utf8Length = (text: string): number => Buffer.byteLength(text, 'utf8');
