import {
  enumSchemas,
  exampleOf,
  messageSchemas,
  publicMethods,
  type FieldRules,
  type FieldSchema,
  type Method,
} from '@parley/contracts';
import { API_INTRODUCTION } from './api-introduction.js';
import type { Comments } from './comments.js';
import { code, GENERATED, page, table } from './markdown.js';

/** The frames of the socket, which are public as methods are. */
const FRAMES = ['parley.gateway.v1.ClientFrame', 'parley.gateway.v1.ServerFrame'];

/** docs/api.md: every public method with its fields, the socket's frames, and the types they are made of. */
export const apiPage = (comments: Comments): string => {
  const byService = Map.groupBy(publicMethods, (method) => method.service);
  const inline = new Set(publicMethods.flatMap((method) => [method.request, method.response]));
  const types = [...typesBehind([...inline, ...FRAMES])].filter((name) => !inline.has(name)).sort(byName);
  const { service, message, enumeration } = describe(comments);
  return page([
    GENERATED,
    API_INTRODUCTION,
    '## Services',
    [...byService]
      .flatMap(([name, methods]) => [
        `- [${shortOf(name)}](#${idOf(name)})`,
        ...methods.map((method) => `  - [${method.name}](#${idOf(name)}-${method.name.toLowerCase()})`),
      ])
      .join('\n'),
    ...[...byService].flatMap(([name, methods]) => service(name, methods)),
    '## Types',
    ...types.flatMap((name) => (name in enumSchemas ? enumeration(name) : message(name))),
  ]);
};

const describe = (comments: Comments) => {
  const about = (name: string): string[] => {
    const text = comments.get(name);
    return text === undefined ? [] : [text];
  };

  const fields = (message: string): string => {
    const rows = messageSchemas[message] ?? [];
    if (rows.length === 0) return 'No fields.';
    return table(
      ['Field', 'Type', 'Rules', 'Meaning'],
      rows.map((field) => [
        code(field.name),
        typeOf(field),
        rulesOf(field),
        comments.get(`${message}.${field.name}`) ?? '',
      ]),
    );
  };

  const method = (of: Method): string[] => {
    const { name, service, path, roles, request, response, serverStreaming, deadlineSeconds } = of;
    const time = deadlineSeconds ? ` Takes ${deadlineSeconds} s at most.` : '';
    const callers = roles.filter((role) => role !== 'system').join(', ');
    return [
      `<a id="${idOf(service)}-${name.toLowerCase()}"></a>\n\n### ${name}`,
      ...about(path),
      `\`${path}\`  \nFor: ${callers === 'anyone' ? 'anyone, without a token' : callers}.${time}`,
      '**Request**',
      fields(request),
      serverStreaming ? '**Response** (a stream of these)' : '**Response**',
      fields(response),
    ];
  };

  return {
    service: (name: string, methods: readonly Method[]): string[] => [
      `<a id="${idOf(name)}"></a>\n\n## ${shortOf(name)}`,
      ...about(name),
      ...methods.flatMap(method),
    ],
    message: (name: string): string[] => [heading(name), ...about(name), fields(name)],
    enumeration: (name: string): string[] => [
      heading(name),
      ...about(name),
      (enumSchemas[name] ?? [])
        .map((value) => {
          const text = comments.get(`${name}.${value}`);
          return text === undefined ? `- \`${value}\`` : `- \`${value}\`: ${text}`;
        })
        .join('\n'),
    ],
  };
};

const heading = (name: string): string => `<a id="${idOf(name)}"></a>\n\n### ${shortOf(name)}`;

/** All messages and enums of Parley that can occur in these messages, themselves included. */
const typesBehind = (roots: readonly string[]): Set<string> => {
  const found = new Set(roots);
  for (const name of found)
    for (const { typeName } of messageSchemas[name] ?? [])
      if (typeName?.startsWith('parley.')) found.add(typeName);
  return found;
};

const byName = (a: string, b: string): number => (shortOf(a) < shortOf(b) ? -1 : 1);
const shortOf = (name: string): string => name.split('.').slice(3).join('.');
const idOf = (name: string): string => name.replace(/^parley\./, '').toLowerCase();

const WELL_KNOWN: Readonly<Record<string, string>> = {
  'google.protobuf.Timestamp': 'time',
  'google.protobuf.Struct': 'object',
};

const typeOf = ({ type, typeName = '', repeated, map }: FieldSchema): string => {
  const scalar = /^u?int64$/.test(type)
    ? `${type} (as a string)`
    : type === 'bytes'
      ? 'bytes (base64)'
      : type;
  const one = typeName ? (WELL_KNOWN[typeName] ?? `[${shortOf(typeName)}](#${idOf(typeName)})`) : scalar;
  return map ? `map of string to ${one}` : repeated ? `list of ${one}` : one;
};

const rulesOf = (field: FieldSchema): string => {
  const { rules = {}, type, repeated, map, oneof, personal } = field;
  const { required, id, maxLen, pattern, user }: FieldRules = rules;
  return [
    required ? 'required' : '',
    oneof ? `one of ${oneof}` : '',
    id ? 'id' : '',
    maxLen ? `at most ${maxLen} ${repeated || map ? 'entries' : 'bytes'}` : '',
    boundsOf(rules),
    pattern ? code(pattern) : '',
    user ? 'a person of the tenant' : '',
    personal && type !== 'message' ? 'personal' : '',
    rules.example === undefined ? '' : `such as ${code(exampleOf(field))}`,
  ]
    .filter((rule) => rule !== '')
    .join(', ');
};

const boundsOf = ({ gte, lte }: FieldRules): string => {
  if (gte !== undefined && lte !== undefined) return `${gte} to ${lte}`;
  if (gte !== undefined) return `${gte} or more`;
  return lte === undefined ? '' : `${lte} or less`;
};
