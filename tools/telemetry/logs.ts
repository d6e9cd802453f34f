import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Platform } from '../../deploy/local/platform.mjs';
import { eventually, must, type Case } from '../hostile/suite.js';
import type { ReceivedSpan } from './receiver.js';
import { METHODS } from './story.js';

type Line = Readonly<Record<string, unknown>>;

/** What every process has written so far, as text, by its name. */
export const readLogs = (dataFolder: string): ReadonlyMap<string, string> => {
  const folder = join(dataFolder, 'logs');
  return new Map(
    readdirSync(folder).map((file) => [file.replace(/\.log$/, ''), readFileSync(join(folder, file), 'utf8')]),
  );
};

const linesOf = (dataFolder: string, service: string): Line[] =>
  (readLogs(dataFolder).get(service) ?? '')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);

/** The cases about what the services wrote while the story was told at level trace. */
export const logCases = (
  dataFolder: string,
  platform: Platform,
  spans: readonly ReceivedSpan[],
  conversationId: string,
): readonly Case[] => [
  {
    name: 'each service says its version and configuration as it starts, and nothing secret of it',
    run: () => {
      for (const service of platform.names.filter((name) => name !== 'nats')) {
        const line = linesOf(dataFolder, service).find(({ msg }) => msg === 'starting');
        must(line, `${service} has no such line`);
        must(/^\d+\.\d+\.\d+/.test(String(line['version'])), `${service} says no version`);
        const { NATS_URL, NATS_PASSWORD } = line['config'] as Record<string, unknown>;
        must(String(NATS_URL).startsWith('nats://'), `${service} does not say where NATS is`);
        must(NATS_PASSWORD === '(not set)', `${service} shows a password`);
      }
    },
  },
  ...(['gateway', 'conversation'] as const).map((service): Case => ({
    name: `lines of ${service} about a message carry trace, tenant and conversation`,
    run: async () => {
      await eventually('the line', () =>
        linesOf(dataFolder, service).find(
          (line) =>
            line['method'] === METHODS.send &&
            line['conversationId'] === conversationId &&
            line['tenant'] === 'acme' &&
            spans.some(({ traceId }) => traceId === line['trace_id']),
        ),
      );
    },
  })),
  {
    name: 'a refusal is told at level debug, with its reason and trace',
    run: async () => {
      const line = await eventually('the line', () =>
        linesOf(dataFolder, 'conversation').find(
          ({ level, method }) => level === 'debug' && method === METHODS.send,
        ),
      );
      must(line['reason'] && line['tenant'] === 'acme' && line['trace_id'], JSON.stringify(line));
    },
  },
];

/** Changes the level of a running service back and forth. */
export const levelCases = (
  dataFolder: string,
  platform: Platform,
  act: () => Promise<void>,
): readonly Case[] => {
  const change = async (level: string): Promise<number> => {
    const url = new URL(`/loglevel?level=${level}`, platform.metricsUrls['conversation']);
    return (await fetch(url, { method: 'POST' })).status;
  };
  const size = (): number => readLogs(dataFolder).get('conversation')?.length ?? 0;
  return [
    {
      name: 'the level of a running service is changed over its health port',
      run: async () => {
        must((await change('error')) === 200, 'error was refused');
        const before = size();
        await act();
        must(size() === before, 'it still logs');
        must((await change('trace')) === 200, 'trace was refused');
        await act();
        await eventually('lines again', () => (size() > before ? true : undefined));
        must((await change('loud')) === 400, 'a level that is none was taken');
      },
    },
  ];
};
