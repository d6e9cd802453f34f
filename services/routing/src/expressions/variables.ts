import { Environment } from '@marcbachmann/cel-js';

/** Where an expression stands: it decides what it may ask about. */
export type Place = 'filter' | 'skipIf';

/** Characters of a text that expressions see. */
export const MOST_TEXT = 2_000;

/** What a value is. */
export type Kind = 'text' | 'number' | 'bool' | 'map' | 'list' | 'record';

/** What a variable is; of a record, what its fields are. */
export type Declared = { readonly kind: Kind; readonly fields?: Readonly<Record<string, Kind>> };

const common: Readonly<Record<string, Declared>> = {
  page: { kind: 'record', fields: { url: 'text', title: 'text' } },
  topic: { kind: 'text' },
  language: { kind: 'text' },
  locale: { kind: 'text' },
  channel: { kind: 'text' },
};

/** Variables by place and name: what FilterContext and SkipContext hold. */
export const VARIABLES: Readonly<Record<Place, Readonly<Record<string, Declared>>>> = {
  filter: {
    ...common,
    prechat: { kind: 'map' },
    contact: { kind: 'map' },
    contactVerified: { kind: 'bool' },
    queue: { kind: 'text' },
  },
  skipIf: {
    ...common,
    queue: {
      kind: 'record',
      fields: {
        id: 'text',
        open: 'bool',
        waiting: 'number',
        longestWaitSeconds: 'number',
        agentsAvailable: 'number',
        freeCapacity: 'number',
      },
    },
  },
};

/** A right expression for each place. */
export const EXAMPLES: Readonly<Record<Place, string>> = {
  filter: 'page.url.contains("/returns") && language == "de"',
  skipIf: '!queue.open || queue.waiting > 20',
};

const CEL_TYPES: Readonly<Record<Kind, string>> = {
  text: 'string',
  number: 'int',
  bool: 'bool',
  map: 'map<string, string>',
  list: 'list',
  record: 'map',
};

/** Nothing that somebody would write by hand is near these. */
const LIMITS = { maxAstNodes: 300, maxDepth: 30, maxListElements: 100, maxCallArguments: 8 };

const environmentOf = (place: Place): Environment => {
  const environment = new Environment({ limits: LIMITS });
  for (const [name, { kind, fields }] of Object.entries(VARIABLES[place]))
    if (fields) {
      const schema = Object.fromEntries(Object.entries(fields).map(([field, k]) => [field, CEL_TYPES[k]]));
      environment.registerVariable({ name, schema });
    } else environment.registerVariable(name, CEL_TYPES[kind]);
  return environment;
};

/** Parser and type checker by place. */
export const ENVIRONMENTS: Readonly<Record<Place, Environment>> = {
  filter: environmentOf('filter'),
  skipIf: environmentOf('skipIf'),
};
