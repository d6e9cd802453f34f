import { describe, expect, it } from '@jest/globals';
import { entryExampleOf, exampleOf } from './examples.js';
import { messageSchemas } from './gen/schema.js';
import { publicMethods } from './methods.js';
import type { FieldSchema } from './schema.js';
import { checkJson, wrongField } from './validate.js';

/** What sets something up, by how its methods begin. */
const CONFIGURES = /^(Put|Save|Create|Update)/;

interface Place {
  readonly message: string;
  readonly field: FieldSchema;
}

const configuring = publicMethods.filter(({ name }) => CONFIGURES.test(name));

/** Every field of these requests and of the messages in them. */
const places = (): Place[] => {
  const messages = new Set(configuring.map(({ request }) => request));
  const found: Place[] = [];
  for (const message of messages)
    for (const field of messageSchemas[message] ?? []) {
      found.push({ message, field });
      if (field.typeName && messageSchemas[field.typeName]) messages.add(field.typeName);
    }
  return found;
};

/** Values that break one rule each, whatever else they break. */
const wrongValues = ({ type, typeName = '', repeated, map, rules = {} }: FieldSchema): unknown[] => {
  const { required, id, maxLen, gte, lte, pattern } = rules;
  const entry = type === 'string' ? 'x' : type === 'message' ? {} : 1;
  const single = !repeated && !map;
  const entries: unknown[] = [
    type === 'string' ? 5 : 'none of these',
    ...(type === 'string' ? ['\ud800'] : []),
    ...(id ? ['*'] : []),
    ...(pattern ? ['neither'] : []),
    ...(single && maxLen && type === 'string' ? ['x'.repeat(maxLen + 1)] : []),
    ...(gte === undefined ? [] : [gte - 1]),
    ...(lte === undefined ? [] : [lte + 1]),
    ...(/int/.test(type) ? [-1, 2 ** 64, 'many', 1.5, {}] : []),
  ];
  const most = Array.from({ length: (maxLen ?? 0) + 1 }, () => entry);
  const whole: unknown[] = [
    ...(typeName === 'google.protobuf.Timestamp' ? [{}] : ['neither']),
    ...(required
      ? [undefined, null, ...(repeated ? [[]] : []), ...(single && type === 'string' ? [''] : [])]
      : []),
    ...(maxLen && repeated ? [most] : []),
    ...(maxLen && map ? [Object.fromEntries(most.map((value, i) => [`k${i}`, value]))] : []),
  ];
  if (repeated) return [...whole, ...entries.map((value) => [value])];
  if (map) return [...whole, ...entries.map((value) => ({ key: value }))];
  return type === 'string'
    ? [...whole.filter((value) => value !== 'neither'), ...entries]
    : [...whole, ...entries];
};

const of = ({ message, field }: Place, value: unknown): string[] =>
  checkJson(message, { [field.name]: value })
    .filter(
      (violation) =>
        violation.field === field.name ||
        violation.field.startsWith(`${field.name}[`) ||
        violation.field === `${field.name}.key`,
    )
    .map(({ description }) => description);

describe('what configures is refused with an example', () => {
  it('whichever rule of whichever field is broken', () => {
    expect(configuring.length).toBeGreaterThan(12);
    const wrong = places().flatMap((place) =>
      wrongValues(place.field).flatMap((value) => {
        const told = of(place, value);
        const name = `${place.message}.${place.field.name} = ${JSON.stringify(value)?.slice(0, 40)}`;
        if (told.length === 0) return [`${name} is accepted`];
        return told
          .filter((text) => !/; for example .|such as "/.test(text))
          .map((text) => `${name}: ${text}`);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('that is right itself', () => {
    for (const place of places()) {
      const { field, message } = place;
      const example = exampleOf(field);
      if (!example) expect(field.typeName ?? `${message}.${field.name}`).toMatch(/^google\.protobuf\./);
      else
        expect([
          message,
          field.name,
          checkJson(message, { [field.name]: JSON.parse(example) as unknown }).filter((each) =>
            each.field.startsWith(field.name),
          ),
        ]).toEqual([message, field.name, []]);
    }
  });

  it('in a form that can be sent', () => {
    const [violation] = checkJson('parley.routing.v1.PutQueueRequest', { commandId: 'c', queueId: 'sales' });
    expect(violation).toEqual({ field: 'name', description: 'is required; for example "Support"' });
    const put = (fields: object) =>
      checkJson('parley.routing.v1.PutAgentRequest', { commandId: 'c', agentId: 'a', name: 'A', ...fields });
    expect(put({ capacity: 101 })).toEqual([
      { field: 'capacity', description: 'must be at most 100; for example 100' },
    ]);
    expect(put({ languages: 'de' })[0]?.description).toBe(
      'must be an array, got a string; for example ["de", "en-GB"]',
    );
    expect(put({ languages: [1] })[0]).toEqual({
      field: 'languages[0]',
      description: 'must be a string, got a number; for example "de"',
    });
    expect(put({ skills: { billing: 'much' } })[0]).toEqual({
      field: 'skills.billing',
      description: 'must be a whole number, got a string; for example 3',
    });
  });
});

it('an example follows from the type where the contract gives none', () => {
  const ids = { name: 'ids', type: 'string', repeated: true, rules: { id: true } };
  expect([exampleOf(ids), entryExampleOf(ids)]).toEqual(['["orders-2"]', '"orders-2"']);
  expect(exampleOf({ name: 'n', type: 'uint32', rules: { gte: 3 } })).toBe('3');
  expect(exampleOf({ name: 'text', type: 'string' })).toBe('');
});

it('a service shows the example of a field, too', () => {
  const { message } = wrongField('parley.routing.v1.PutScheduleRequest', 'schedule', 'is required');
  expect(message).toMatch(/^schedule: is required; for example \{"scheduleId": "office"/);
});
