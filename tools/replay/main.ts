import { parseArgs } from 'node:util';
import { readChats } from './chats.js';
import { replay } from './replay.js';

const usage = `npm run replay -- FILE [--chats N] [--concurrency N] [--gateway URL] [--grpc HOST:PORT]
                        [--tenant T --email E --password P]
  FILE   chats, one JSON a line: {"id", "turns": [{"from": "visitor" | "agent", "text"}]}
  The login is an admin's; the demo tenant's when not given.`;

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      chats: { type: 'string' },
      concurrency: { type: 'string', default: '20' },
      gateway: { type: 'string', default: 'http://localhost:8080' },
      grpc: { type: 'string', default: 'localhost:50051' },
      tenant: { type: 'string', default: 'demo' },
      email: { type: 'string', default: 'admin@demo.example' },
      password: { type: 'string', default: 'parley-demo' },
    },
  });
  const [file] = positionals;
  if (!file) throw new Error(usage);
  const gateway = values.gateway.replace(/\/$/, '');
  await fetch(`${gateway}/readyz`).catch(() => {
    throw new Error(`no gateway at ${gateway}: run npm start first, or name another with --gateway`);
  });
  const { result, problems } = await replay({
    chats: readChats(file, count(values.chats, 'chats')),
    concurrency: count(values.concurrency, 'concurrency') ?? 20,
    gateway,
    grpcAddress: values.grpc,
    tenant: values.tenant,
    admin: { email: values.email, password: values.password },
    onProgress: (done, failures) => {
      if (done % 100 === 0) console.error(`${done} chats, ${failures} problems`);
    },
  });
  for (const problem of problems.slice(0, 50)) console.error(problem);
  console.log(JSON.stringify(result));
  if (problems.length > 0) process.exitCode = 1;
};

const count = (text: string | undefined, name: string): number | undefined => {
  if (text === undefined) return undefined;
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new Error(`--${name} ${text} is not a number of 1 or more`);
  return n;
};

await main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 2;
});
