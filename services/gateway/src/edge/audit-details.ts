import { messageSchemas, type FieldSchema, type Method } from '@parley/contracts';
import { shortForm } from './audit-forms.js';

type Fields = Readonly<Record<string, unknown>>;

/** Its entries have commas of their own. */
const FILTER = 'parley.routing.v1.Filter';
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
 * default, a short form of hours and of ways through a workflow, how long its lists of other things are, and the version
 * of what came of it. Names and texts stay out, whatever they are.
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
      const short = tellable(field) ? partsOf(field, value) : shortForm(message, field, value);
      if (short) return [[at, cut(short, field.typeName === FILTER ? '; ' : ', ')]];
      if (field.type !== 'message' || !field.typeName) return [];
      if (Array.isArray(value)) return [[at, `${value.length} ${value.length === 1 ? 'entry' : 'entries'}`]];
      // Of what is changed as a whole, such as a schedule; no deeper.
      return path === '' && !field.map ? toldOf(field.typeName, value as Fields, `${at}.`) : [];
    });

/** Of a type that can hold nothing about a person: an id, a number, a switch, a choice. */
const tellable = ({ type, rules }: FieldSchema): boolean =>
  type !== 'message' && type !== 'bytes' && (type !== 'string' || rules?.id === true);

const partsOf = ({ repeated, map }: FieldSchema, value: unknown): string[] => {
  if (repeated) return (value as readonly unknown[]).map(String);
  if (!map) return [String(value)];
  return Object.entries(value as Fields).map(([key, each]) => `${key}: ${String(each)}`);
};

/** As many of the parts as there is room for, and how many there are when these are not all. */
const cut = (parts: readonly string[], between: string): string => {
  const whole = parts.join(between);
  if (whole.length <= MOST_CHARACTERS) return whole;
  const rest = parts.length > 1 ? `… (${parts.length} in all)` : '…';
  return `${whole.slice(0, MOST_CHARACTERS - rest.length)}${rest}`;
};

/** The version of the thing that an answer holds. */
const versionOf = (response: Fields): string | undefined => {
  for (const thing of Object.values(response)) {
    const version = typeof thing === 'object' && thing !== null ? (thing as Fields)['version'] : undefined;
    if (typeof version === 'number' && version > 0) return String(version);
  }
  return undefined;
};
