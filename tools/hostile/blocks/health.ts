import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markOf, noteMarkOf, TENANTS } from '../leaks.js';
import { eventually, must, type Case } from '../suite.js';
import type { Tenant } from '../tenant.js';
import { PASSWORD } from '../seed.js';
import type { World } from '../world.js';

/** How each process was when the platform had started. */
export const pidsOf = ({ platform }: World): ReadonlyMap<string, number | undefined> =>
  new Map(platform.names.map((name) => [name, platform.child(name)?.pid]));

const ERROR_LEVEL = 50;
const seenOf = new Map<string, number>();

/** What was written to the logs since the last look. */
const newLines = (folder: string): { file: string; line: string }[] =>
  readdirSync(folder).flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const lines = text.slice(seenOf.get(file) ?? 0).split('\n');
    seenOf.set(file, text.length);
    return lines.filter(Boolean).map((line) => ({ file, line }));
  });

const isError = (line: string): boolean => {
  try {
    const { level, err } = JSON.parse(line) as { level?: number; err?: { stack?: string } };
    return (level ?? 0) >= ERROR_LEVEL || (level === undefined && err?.stack !== undefined);
  } catch {
    return /^\s+at |Error: |Unhandled|panic/.test(line);
  }
};

/** After a block: nobody was restarted, all are ready, no errors or secrets are in the logs, and a chat still works. */
export const healthCases = (world: World, pids: ReadonlyMap<string, number | undefined>): Case[] => {
  const { platform } = world;
  const lines = newLines(join(world.dataFolder, 'logs'));
  const secrets = [PASSWORD, ...TENANTS.flatMap((name) => [markOf(name), noteMarkOf(name)])];
  return [
    ...platform.names.map((name) => ({
      name: `${name} is the process that it was`,
      run: () => {
        const child = platform.child(name);
        must(
          child?.restarts === 0 && child.pid === pids.get(name),
          `it was restarted (${child?.restarts} times)`,
        );
      },
    })),
    {
      name: 'GET /readyz answers 200',
      run: async () => {
        const answer = await fetch(`${world.httpUrl}/readyz`);
        must(answer.status === 200, `it answers ${answer.status}: ${await answer.text()}`);
      },
    },
    {
      name: 'the logs hold no errors',
      run: () => {
        const errors = lines.filter(({ line }) => isError(line));
        const [first] = errors;
        must(!first, `${errors.length}, the first in ${first?.file}: ${first?.line.slice(0, 1500)}`);
      },
    },
    {
      name: 'the logs hold nothing that people wrote, and no password',
      run: () => {
        const told = lines.find(({ line }) => secrets.some((secret) => line.includes(secret)));
        must(!told, `${told?.file}: ${told?.line.slice(0, 600)}`);
      },
    },
    {
      name: 'the open sockets are open and were sent nothing that is not theirs',
      run: () => {
        for (const { leak, closeCode } of world.openSockets) {
          if (leak) throw leak;
          must(closeCode === undefined, `a socket was closed with ${closeCode}`);
        }
      },
    },
    ...[world.acme, world.globex].map((tenant) => ({
      name: `a chat in ${tenant.name} works from start to close`,
      run: () => wholeChat(tenant),
    })),
  ];
};

const wholeChat = async (tenant: Tenant): Promise<void> => {
  const visitor = await tenant.newVisitor('of a whole chat');
  const { conversationId } = await tenant.chat(visitor);
  await tenant.close(conversationId);
  await eventually('the transcript holds both messages', async () => {
    const { events = [] } = await tenant
      .do(visitor, 'TranscriptService/GetTranscript', { conversationId })
      .catch(() => ({ events: [] }));
    const texts = JSON.stringify(events);
    return texts.includes('answer ') && texts.includes('"closed"') ? true : undefined;
  });
};
