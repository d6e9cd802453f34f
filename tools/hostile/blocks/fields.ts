import { publicMethods, type FieldSchema, type Method } from '@parley/contracts';
import { shortName } from '../methods.js';
import { noFault, refused, refusedField } from '../outcome.js';
import { holds, placesOf, sampleOf, withValue, type FieldPlace } from '../samples.js';
import type { Case } from '../suite.js';
import { ANYONE, type Caller, type Transport } from '../transports.js';
import type { World } from '../world.js';
import { ErrorCode } from '@parley/kernel';

const EVIL_IDS = [
  '*',
  '>',
  'a.b',
  '$SYS',
  '$JS.API',
  'a b',
  '../a',
  'x'.repeat(65),
  'ä',
  'a\u0000',
  '\n',
  '%2e',
  "' or 1=1 --",
];
/** They are ids by the pattern, and traps for objects that serve as maps. */
const TRAPS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
const LONE = 'a\ud800b';

/** For each method: what is wrong with one field of an otherwise valid request is named, over every way in. */
export const fieldCases = (world: World): Case[] => publicMethods.flatMap((method) => casesOf(world, method));

const casesOf = (world: World, method: Method): Case[] => {
  const caller = callerFor(world, method);
  const transports = caller === ANYONE ? [world.http, world.grpc] : world.transportsFor(caller);
  const json = transports.filter((transport) => transport !== world.grpc);
  const sample = sampleOf(method.request);
  const places = placesOf(method.request).filter(({ keys }) => holds(sample, keys));
  const named = (
    transport: Transport,
    place: FieldPlace,
    what: string,
    value: unknown,
    field = place.path,
  ): Case => ({
    name: `${transport.name} ${shortName(method)}: ${place.path} ${what}`,
    run: async () =>
      refusedField(await transport.call(method, withValue(sample, place.keys, value), caller), field),
  });

  const cases: Case[] = [];
  for (const place of places) {
    const { schema } = place;
    const many = schema.repeated && !schema.map;
    const at = many ? `${place.path}[0]` : schema.map ? `${place.path}.key` : place.path;
    const wrap = (value: unknown): unknown => (many ? [value] : schema.map ? { key: value } : value);
    if (schema.rules?.id)
      for (const id of EVIL_IDS)
        for (const transport of transports)
          cases.push(named(transport, place, `= ${JSON.stringify(id)}`, wrap(id), at));
    if (schema.type === 'string' && schema.rules?.maxLen && !many && !schema.map) {
      const long = 'x'.repeat(schema.rules.maxLen + 1);
      for (const transport of transports) cases.push(named(transport, place, 'one byte too long', long));
      const wide = 'ä'.repeat(Math.floor(schema.rules.maxLen / 2) + 1);
      for (const transport of transports) cases.push(named(transport, place, 'too long in bytes only', wide));
    }
    if (schema.rules?.required && !oneof(schema))
      for (const transport of transports) cases.push(named(transport, place, 'missing', undefined));
    if (schema.rules?.lte)
      for (const transport of transports)
        cases.push(named(transport, place, 'too great', schema.rules.lte + 1));
    for (const transport of json) {
      for (const value of wrongFor(schema))
        cases.push(named(transport, place, `= ${JSON.stringify(value)}`, wrap(value), at));
      if (schema.type === 'string' && !schema.map)
        cases.push(named(transport, place, 'with half a surrogate pair', wrap(LONE), at));
      if (many || schema.map) cases.push(named(transport, place, 'of the wrong shape', 'text'));
    }
  }
  for (const transport of json) cases.push(...wholes(transport, method, caller, sample));
  // A good Logout would end the session that carries all of this.
  if (method.name === 'Logout') return cases;
  for (const transport of transports)
    for (const trap of TRAPS) cases.push(trapped(transport, method, caller, places, trap));
  return cases;
};

const oneof = (schema: FieldSchema): boolean => schema.oneof !== undefined;

const wrongFor = ({ type, typeName }: FieldSchema): unknown[] => {
  if (type === 'string') return [7, true, {}, ['text']];
  if (type === 'bool') return ['true', 1, {}];
  if (type === 'enum') return ['NO_SUCH_NAME', 9999, -1, {}, '__proto__', 'length'];
  if (type === 'bytes') return [7, '*'];
  if (type === 'message')
    return typeName === 'google.protobuf.Timestamp'
      ? ['yesterday', 7, {}, '2026-99-99T00:00:00Z']
      : ['text', 7, ['text']];
  if (type === 'double' || type === 'float') return ['NaN', 'Infinity', {}, 'text'];
  const huge = ['99999999999999999999', '1e400', 'NaN', 1.5, {}, 'text', '0x10', ''];
  return type.startsWith('uint') ? [...huge, -1] : huge;
};

/** What is wrong with the request as a whole. */
const wholes = (transport: Transport, method: Method, caller: Caller, sample: object): Case[] => {
  const deep = JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`) as object;
  const strange: [string, object][] = [
    ['nosuch', { nosuch: 1 }],
    ['constructor', JSON.parse('{"constructor":{"prototype":{"admin":true}}}') as object],
    ['__proto__', JSON.parse('{"__proto__":{"admin":true}}') as object],
    ['a', deep],
  ];
  return strange.map(([field, extra]) => ({
    name: `${transport.name} ${shortName(method)} with the unknown field ${field}`,
    run: async () => {
      // Spread would make __proto__ a prototype; assigning by entries keeps it a field.
      const request = Object.fromEntries([...Object.entries(sample), ...Object.entries(extra)]);
      refusedField(await transport.call(method, request, caller), field);
    },
  }));
};

/** Ids that are good by the pattern but not as keys of plain objects: nothing has them, and nothing breaks. */
const trapped = (
  transport: Transport,
  method: Method,
  caller: Caller,
  places: readonly FieldPlace[],
  trap: string,
): Case => ({
  name: `${transport.name} ${shortName(method)} with ${trap} for every id`,
  run: async () => {
    let request = sampleOf(method.request);
    for (const { keys, schema } of places) {
      if (schema.map)
        request = withValue(request, keys, JSON.parse(`{"${trap}":${schema.type === 'string' ? '"1"' : 1}}`));
      else if (schema.rules?.id) request = withValue(request, keys, schema.repeated ? [trap] : trap);
    }
    noFault(await transport.call(method, request, caller));
  },
});

/** Somebody who may call the method. */
const callerFor = ({ acme }: World, method: Method): Caller => {
  const roles = method.roles.map(String);
  if (roles.includes('anyone')) return ANYONE;
  const caller = acme.callers.toReversed().find(({ role }) => role !== 'integration' && roles.includes(role));
  return caller ?? acme.keys.all;
};

/** A refused whole request, for methods without fields too. */
export const notObjects = (world: World): Case[] =>
  publicMethods.flatMap((method) => {
    const caller = callerFor(world, method);
    return [null, [], ['text'], 'text', 7, true].map((body) => ({
      name: `HTTP ${shortName(method)} with the body ${JSON.stringify(body)}`,
      run: async () =>
        refused(await world.http.call(method, body as object, caller), ErrorCode.invalidArgument),
    }));
  });
