import { baseConfig, type ConfigSpec, type Variable } from '@parley/service';
import { config as analytics } from '../../services/analytics/src/config.js';
import { config as conversation } from '../../services/conversation/src/config.js';
import { gatewayConfig as gateway } from '../../services/gateway/src/config.js';
import { config as notification } from '../../services/notification/src/config.js';
import { config as presence } from '../../services/presence/src/config.js';
import { config as routing } from '../../services/routing/src/config.js';
import { config as transcript } from '../../services/transcript/src/config.js';
import { code, GENERATED, page, sentence, table } from './markdown.js';

const own = { gateway, conversation, routing, presence, transcript, analytics, notification };

/** docs/configuration.md: every variable that a service reads, from the definitions by which it reads them. */
export const configurationPage = (): string =>
  page([
    GENERATED,
    '# Configuration',
    `Services read environment variables at their start and nothing else. A service whose variables are missing or
wrong says which, and what would be right, and exits with code 78. An empty variable counts as not set.

\`npm start\` sets addresses, ports, folders, \`PARLEY_SECRET\` (kept in the data folder) and \`PARLEY_SEED\` by itself.
It reads \`PARLEY_HTTP_PORT\`, \`PARLEY_GRPC_PORT\` and \`PARLEY_DATA\` (there the folder of everything), hands every
other variable on to all services, and starts no nats-server when \`NATS_URL\` is set.`,
    '## Every service',
    variables(baseConfig.spec),
    ...Object.entries(own).flatMap(([name, { spec }]) => [
      `## ${sentence(name).slice(0, -1)}`,
      variables(spec),
    ]),
  ]);

const variables = (spec: ConfigSpec): string =>
  table(
    ['Variable', 'Type', 'Default', 'Meaning'],
    Object.entries(spec).map(([name, variable]) => [
      code(name),
      typeOf(variable),
      defaultOf(variable),
      sentence(variable.doc),
    ]),
  );

const typeOf = (variable: Variable): string => {
  switch (variable.type) {
    case 'integer':
    case 'number':
      return `${variable.type}${rangeOf(variable)}`;
    case 'choice':
      return variable.choices.join(', ');
    case 'url':
      return variable.protocols ? `URL (${variable.protocols.join(', ')})` : 'URL';
    case 'address':
      return 'host:port';
    case 'list':
      return 'list, separated by commas';
    case 'string':
    case 'boolean':
      return variable.type;
  }
};

const rangeOf = ({ min, max }: { readonly min?: number; readonly max?: number }): string => {
  if (min !== undefined && max !== undefined) return `, ${min} to ${max}`;
  if (min !== undefined) return `, ${min} or more`;
  return max === undefined ? '' : `, ${max} or less`;
};

const defaultOf = (variable: Variable): string => {
  if (variable.default === undefined) return '**must be set**';
  const text = Array.isArray(variable.default) ? variable.default.join(',') : String(variable.default);
  return text === '' ? 'empty' : code(text);
};
