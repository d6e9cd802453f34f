/** One variable: its type, its default (none: it must be set), an example and what it is for. */
export type Variable = {
  readonly doc: string;
  readonly example?: string;
  /** Never shown. */
  readonly secret?: true;
} & (
  | { readonly type: 'string'; readonly default?: string }
  | { readonly type: 'integer'; readonly default?: number; readonly min?: number; readonly max?: number }
  | { readonly type: 'number'; readonly default?: number; readonly min?: number; readonly max?: number }
  | { readonly type: 'boolean'; readonly default?: boolean }
  /** An absolute URL; its default may be ''. */
  | { readonly type: 'url'; readonly default?: string; readonly protocols?: readonly string[] }
  /** host:port, or a gRPC target with its scheme (`dns:///host:port`, `ipv4:a:1,b:2`); its default may be ''. */
  | { readonly type: 'address'; readonly default?: string }
  /** Separated by commas. */
  | { readonly type: 'list'; readonly default?: readonly string[] }
  | { readonly type: 'choice'; readonly choices: readonly string[]; readonly default?: string }
);

export type ConfigSpec = Readonly<Record<string, Variable>>;

type ValueOf<V extends Variable> = V extends { type: 'integer' | 'number' }
  ? number
  : V extends { type: 'boolean' }
    ? boolean
    : V extends { type: 'list' }
      ? readonly string[]
      : V extends { type: 'choice'; choices: readonly (infer C)[] }
        ? C
        : string;

/** The values by variable name. */
export type ConfigOf<S extends ConfigSpec> = { readonly [K in keyof S]: ValueOf<S[K]> };

export interface ConfigDefinition<S extends ConfigSpec> {
  readonly spec: S;
  /** Reads all variables; throws ConfigError that tells every problem at once. */
  read(env?: Readonly<Record<string, string | undefined>>): ConfigOf<S>;
}

/** Variables are missing or wrong; the message has a line for each: name, problem, example, purpose. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Declares the variables of a service: `defineConfig({ SMTP_URL: { type: 'url', default: '', doc: '…' } })`. */
export const defineConfig = <const S extends ConfigSpec>(spec: S): ConfigDefinition<S> => ({
  spec,
  read(env = process.env) {
    const problems: string[] = [];
    const values: Record<string, unknown> = {};
    for (const [name, variable] of Object.entries<Variable>(spec)) {
      const raw = env[name]?.trim();
      try {
        values[name] = valueOf(variable, raw === '' ? undefined : raw);
      } catch (problem) {
        problems.push(`  ${name} ${(problem as Error).message} (${hint(variable)})`);
      }
    }
    if (problems.length > 0)
      throw new ConfigError(`Correct these environment variables:\n${problems.join('\n')}`);
    return values as ConfigOf<S>;
  },
});

/** What of a configuration may stand in a log: no secrets, and of URLs neither login nor parameters. */
export const shownConfig = (spec: ConfigSpec, values: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(
    Object.entries(spec).map(([name, { type, secret }]) => {
      const value = values[name];
      const given = Array.isArray(value) ? value.length > 0 : value !== '';
      if (secret) return [name, given ? '(set)' : '(not set)'];
      if (type !== 'url') return [name, value];
      return [
        name,
        String(value)
          .replaceAll(/\/\/[^/?]*@/g, '//')
          .replace(/\?.*/s, ''),
      ];
    }),
  );

const EXAMPLES: Record<Variable['type'], string> = {
  string: 'text',
  integer: '8',
  number: '0.5',
  boolean: 'true',
  url: 'http://127.0.0.1:8080',
  address: '127.0.0.1:7102',
  list: 'one,two',
  choice: '',
};

const hint = (variable: Variable): string => {
  const example =
    variable.example ?? (variable.type === 'choice' ? variable.choices[0] : EXAMPLES[variable.type]);
  return `for example ${example}: ${variable.doc}`;
};

const problem = (text: string): Error => new Error(text);
const shown = (raw: string): string => JSON.stringify(raw.length > 60 ? `${raw.slice(0, 60)}…` : raw);

const valueOf = (variable: Variable, raw: string | undefined): unknown => {
  if (raw === undefined) {
    if (variable.default === undefined) throw problem('is not set');
    return variable.default;
  }
  switch (variable.type) {
    case 'string':
      return raw;
    case 'integer':
    case 'number':
      return numberOf(variable, raw);
    case 'boolean':
      if (/^(true|1|yes|on)$/i.test(raw)) return true;
      if (/^(false|0|no|off)$/i.test(raw)) return false;
      throw problem(`is ${shown(raw)}, not true or false`);
    case 'url':
      // Shown without its value: it may carry a password.
      return urlOf(raw, variable.protocols);
    case 'address':
      if (!/^((dns|ipv4|ipv6):(\/\/[^\s/]*\/)?)?[^\s/]+:\d{1,5}$/.test(raw))
        throw problem(`is ${shown(raw)}, not host:port`);
      return raw;
    case 'list':
      return raw
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '');
    case 'choice':
      if (variable.choices.includes(raw)) return raw;
      throw problem(`is ${shown(raw)}, not one of ${variable.choices.join(', ')}`);
  }
};

const numberOf = (variable: Variable & { type: 'integer' | 'number' }, raw: string): number => {
  const value = Number(raw);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = variable;
  const wanted = `${variable.type === 'integer' ? 'a whole number' : 'a number'}${
    Number.isFinite(min) ? ` from ${min}` : ''
  }${Number.isFinite(max) ? ` to ${max}` : ''}`;
  if (!Number.isFinite(value) || (variable.type === 'integer' && !Number.isInteger(value)))
    throw problem(`is ${shown(raw)}, not ${wanted}`);
  if (value < min || value > max) throw problem(`is ${value}, not ${wanted}`);
  return value;
};

const urlOf = (raw: string, protocols: readonly string[] | undefined): string => {
  // NATS and MongoDB take several hosts in one URL, separated by commas, which is not a URL to the URL class.
  const protocol = /^([a-z][a-z0-9+.-]*):\/\/[^\s/]+/i.exec(raw)?.[1]?.toLowerCase();
  if (protocol === undefined) throw problem('is not an absolute URL');
  if (protocols && !protocols.includes(protocol))
    throw problem(`starts with ${protocol}://, not ${protocols.map((p) => `${p}://`).join(' or ')}`);
  return raw;
};
