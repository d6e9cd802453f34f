import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const STARTED_WITHIN_MS = 60_000;
const ANSWERS_WITHIN_MS = 5_000;
const NOTE_EVERY_MS = 3_000;
/** The file in the data folder that says how far the log was. */
const POSITIONS = 'positions.json';

/** Writes the configuration of a server over the data folder; returns its path. */
export function writeNatsConfig(data, port, monitoringPort) {
  const file = data.path('nats-server.conf');
  writeFileSync(
    file,
    `server_name: parley-local
listen: "127.0.0.1:${port}"
http: "127.0.0.1:${monitoringPort}"
jetstream {
  store_dir: ${JSON.stringify(data.path('nats'))}
  # Acknowledged means on disk.
  sync_interval: always
}
`,
  );
  return file;
}

/**
 * Returns once the server answers and holds everything that it held before. Fails with one line that says what to do.
 */
export async function natsReady(data, port, monitoringPort) {
  const deadline = Date.now() + STARTED_WITHIN_MS;
  while (!(await greeting('127.0.0.1', port))) {
    if (Date.now() > deadline)
      throw new Error(`nats-server did not answer within ${STARTED_WITHIN_MS / 1000} s`);
    await pause(25);
  }
  const { complete, streams: before } = noted(data.path(POSITIONS));
  const now = await positionsAt(monitoringPort);
  const isWhole = (stream) =>
    now[stream]?.last >= before[stream].last &&
    (!complete || now[stream].messages >= before[stream].messages);
  const lost = Object.keys(before).filter((stream) => !isWhole(stream));
  const unread = streamsOnDisk(data).filter((stream) => !(stream in now));
  const damaged = [...new Set([...lost, ...unread])];
  if (damaged.length > 0)
    throw new Error(
      `the event log in ${data.path('nats')} is damaged (${damaged.join(', ')}): restore ${data.path()} from a backup, or choose another folder with PARLEY_DATA`,
    );
}

/**
 * Notes how far the log is, now and every few seconds, until the returned function is called, which notes it for the last
 * time. A server that finds a damaged file goes on without its messages and says nothing; only by this can the next
 * start tell. How many messages there are is compared after an orderly end alone: they are also purged on purpose.
 */
export async function notePositions(data, monitoringPort) {
  const note = async (complete) => {
    const streams = await positionsAt(monitoringPort).catch(() => undefined); // down: it is being restarted
    if (!streams) return;
    const file = data.path(POSITIONS);
    writeFileSync(`${file}.new`, JSON.stringify({ complete, streams }));
    renameSync(`${file}.new`, file);
  };
  await note(false);
  const timer = setInterval(() => void note(false).catch(() => {}), NOTE_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await note(true).catch(() => {}); // a full disk must not keep the platform from stopping
  };
}

function noted(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { complete: false, streams: {} }; // nothing yet
  }
}

/** `{ last, messages }` of each stream on disk: the sequence of its last message, and how many it holds. */
async function positionsAt(monitoringPort) {
  const response = await fetch(`http://127.0.0.1:${monitoringPort}/jsz?streams=true&config=true`);
  const { account_details: accounts = [] } = await response.json();
  const streams = accounts
    .flatMap((account) => account.stream_detail ?? [])
    .filter(({ config }) => config.storage === 'file');
  return Object.fromEntries(
    streams.map(({ name, state }) => [name, { last: state.last_seq, messages: state.messages }]),
  );
}

function streamsOnDisk(data) {
  try {
    return readdirSync(data.path('nats', 'jetstream', '$G', 'streams'));
  } catch {
    return []; // nothing was stored yet
  }
}

/** Fails with one line that names the variable when no server with JetStream is at the first address of the URL. */
export async function assertNats(url) {
  const [where, host, port] = addressOf(url, 4222, 'NATS_URL');
  const info = await greeting(host, port);
  if (!info?.startsWith('INFO'))
    throw new Error(`NATS_URL: no nats-server answers at ${where}: start it, correct NATS_URL or unset it`);
  if (!/"jetstream": *true/.test(info))
    throw new Error(
      `NATS_URL: the server at ${where} has no JetStream: start it with JetStream (nats-server -js)`,
    );
}

/** Fails with one line that names the variable when nothing listens at the first address of the URL. */
export async function assertMongodb(url) {
  if (url.startsWith('mongodb+srv:')) return; // found by DNS, which the driver does
  const [where, host, port] = addressOf(url, 27017, 'MONGODB_URL');
  if (!(await listens(host, port)))
    throw new Error(`MONGODB_URL: no server answers at ${where}: start it, correct MONGODB_URL or unset it`);
}

/** The first address of a URL, without its password: `[text, host, port]`. */
function addressOf(url, defaultPort, variable) {
  const match = /^[a-z+]+:\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:,/?]+)(?::(\d+))?/i.exec(url);
  if (!match) throw new Error(`${variable} is not a URL: give one such as ${EXAMPLES[variable]}`);
  const [, host, port = String(defaultPort)] = match;
  return [`${host}:${port}`, host.replace(/^\[|\]$/g, ''), Number(port)];
}

const EXAMPLES = { NATS_URL: 'nats://127.0.0.1:4222', MONGODB_URL: 'mongodb://127.0.0.1:27017/parley' };

const listens = async (host, port) => (await open(host, port, 'connect')) !== undefined;

/** The first line that a NATS server sends by itself; undefined when none comes. */
const greeting = (host, port) => open(host, port, 'data');

const open = (host, port, event) =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ANSWERS_WITHIN_MS });
    const done = (text) => {
      socket.destroy();
      resolve(text);
    };
    socket.once(event, (data) => done(String(data ?? '')));
    for (const failed of ['error', 'close', 'timeout']) socket.once(failed, () => done(undefined));
  });
