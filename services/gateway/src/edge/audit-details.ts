import { messageSchemas, type FieldSchema, type Method } from '@parley/contracts';

type Fields = Readonly<Record<string, unknown>>;

/** Longer lists are cut: what counts is in the thing itself. */
const MOST_CHARACTERS = 200;
/** The ids of the command and its check, which say nothing about what was done. */
const LEFT_OUT = [
  'commandId',
  'whisperId',
  'transferId',
  'expectedVersion',
  'expectedRevision',
  'mustBeNew',
  'version',
];

/**
 * What a privileged call asked for, for the audit log: ids, numbers and switches of its request that are not the
 * default, how long its lists of other things are, and the version of what came of it. Names and texts stay out,
 * whatever they are.
 */
export const auditedDetails = (
  method: Method,
  request: unknown,
  response: unknown,
): Readonly<Record<string, string>> => {
  // In JSON choices have names, and what has its default value is left out.
  const json = method.requestType.toJSON(request) as Fields;
  const version = versionOf(response as Fields);
  return {
    ...Object.fromEntries(toldOf(method.request, json, '')),
    ...(version === undefined ? {} : { version }),
  };
};

const toldOf = (message: string, json: Fields, path: string): [field: string, text: string][] =>
  (messageSchemas[message] ?? [])
    .filter(({ name, personal }) => name in json && !personal && !LEFT_OUT.includes(name))
    .flatMap((field): [string, string][] => {
      const value = json[field.name];
      const at = `${path}${field.name}`;
      if (tellable(field)) return [[at, textOf(field, value).slice(0, MOST_CHARACTERS)]];
      if (field.type !== 'message' || !field.typeName) return [];
      if (Array.isArray(value)) return [[at, `${value.length} ${value.length === 1 ? 'entry' : 'entries'}`]];
      // Of what is changed as a whole, such as a schedule; no deeper.
      return path === '' && !field.map ? toldOf(field.typeName, value as Fields, `${at}.`) : [];
    });

/** Of a type that can hold nothing about a person: an id, a number, a switch, a choice. */
const tellable = ({ type, rules }: FieldSchema): boolean =>
  type !== 'message' && type !== 'bytes' && (type !== 'string' || rules?.id === true);

const textOf = ({ repeated, map }: FieldSchema, value: unknown): string => {
  if (repeated) return (value as readonly unknown[]).join(', ');
  if (!map) return String(value);
  return Object.entries(value as Fields)
    .map(([key, each]) => `${key}: ${String(each)}`)
    .join(', ');
};

/** The version of the thing that an answer holds. */
const versionOf = (response: Fields): string | undefined => {
  for (const thing of Object.values(response)) {
    const version = typeof thing === 'object' && thing !== null ? (thing as Fields)['version'] : undefined;
    if (typeof version === 'number' && version > 0) return String(version);
  }
  return undefined;
};
