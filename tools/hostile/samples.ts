import { enumSchemas, messageSchemas, type FieldSchema } from '@parley/contracts';

/** A field somewhere in a message: the keys that lead to it, and its path as errors write it. */
export interface FieldPlace {
  readonly keys: readonly (string | number)[];
  readonly path: string;
  readonly schema: FieldSchema;
}

type Json = Record<string, unknown>;

/** Deeper fields are of messages that recur. */
const DEEPEST = 3;

const BY_NAME: Readonly<Record<string, unknown>> = {
  accentColor: '#aabbcc',
  currency: 'EUR',
  role: 'agent',
  email: 'nobody@nowhere.example',
  url: 'https://nowhere.example/',
  password: 'never-anybodys-password',
  allowedOrigins: ['https://nowhere.example'],
  identityKey: 'an-identity-key-of-at-least-32-characters',
  scopes: ['analytics'],
  isDefault: false,
  // Only the caller's own status is set by itself.
  automatic: false,
  // Goes with the status away alone.
  finishing: false,
  // Whatever it would change has moved on: nothing is changed by the sample itself.
  expectedVersion: 999_999,
  protocolVersion: 1,
};

/** A complete valid request of a message type, by its contract: every field given, one case of each oneof. */
export const sampleOf = (messageName: string, depth = 0): Json => {
  const sample: Json = {};
  const oneofs = new Set<string>();
  for (const field of messageSchemas[messageName] ?? []) {
    if (field.oneof && oneofs.has(field.oneof)) continue;
    if (field.oneof) oneofs.add(field.oneof);
    const value = valueOf(field, depth);
    if (value !== undefined) sample[field.name] = value;
  }
  return sample;
};

const valueOf = (field: FieldSchema, depth: number): unknown => {
  if (field.name in BY_NAME && field.type !== 'enum') return BY_NAME[field.name];
  const one = scalarOf(field, depth);
  if (one === undefined) return undefined;
  if (field.map) return { key: one };
  return field.repeated ? [one] : one;
};

const scalarOf = ({ name, type, typeName = '', rules }: FieldSchema, depth: number): unknown => {
  if (type === 'message') {
    if (typeName === 'google.protobuf.Timestamp')
      return name === 'to' ? '2026-02-01T00:00:00Z' : '2026-01-01T00:00:00Z';
    if (typeName.startsWith('google.protobuf.')) return {};
    return depth < DEEPEST ? sampleOf(typeName, depth + 1) : undefined;
  }
  if (type === 'enum') return enumSchemas[typeName]?.[1];
  if (type === 'bool') return true;
  if (type === 'bytes') return 'AA==';
  if (type !== 'string') return type.includes('64') ? '1' : 1;
  return rules?.id ? 'hostile-nothing' : name === 'cursor' ? '' : 'text';
};

/** Every field of a message type and of the messages in it. */
export const placesOf = (messageName: string, depth = 0): FieldPlace[] =>
  (messageSchemas[messageName] ?? []).flatMap((schema): FieldPlace[] => {
    const { name, type, typeName = '', repeated, map } = schema;
    const own: FieldPlace = { keys: [name], path: name, schema };
    if (type !== 'message' || map || typeName.startsWith('google.protobuf.') || depth >= DEEPEST)
      return [own];
    const inner = placesOf(typeName, depth + 1).map((place) => ({
      ...place,
      keys: [name, ...(repeated ? [0] : []), ...place.keys],
      path: `${name}${repeated ? '[0]' : ''}.${place.path}`,
    }));
    return [own, ...inner];
  });

/** A copy of a request with another value at a place; without it when the value is undefined. */
export const withValue = (request: Json, keys: readonly (string | number)[], value: unknown): Json => {
  const copy = structuredClone(request);
  const [last] = keys.slice(-1);
  let at = copy;
  for (const key of keys.slice(0, -1)) at = (at[key] ??= {}) as Json;
  if (value === undefined) delete at[String(last)];
  else at[String(last)] = value;
  return copy;
};

/** True when the sample holds the place, so that a change there is the only thing wrong with it. */
export const holds = (request: Json, keys: readonly (string | number)[]): boolean => {
  let at: unknown = request;
  for (const key of keys.slice(0, -1)) {
    if (typeof at !== 'object' || at === null || !(key in at)) return false;
    at = (at as Json)[key];
  }
  return typeof at === 'object' && at !== null;
};
