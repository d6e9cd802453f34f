/**
 * One short chat with an installed platform, as `helm test` holds it: a visitor and an agent over real sockets, the
 * transcript read back over gRPC and the figures compared. Ends with one line of JSON and status 0 when all was right.
 *
 * PARLEY_CHECK_URL and PARLEY_CHECK_GRPC name the gateway; PARLEY_SEED the file of the tenant to log in to, whose first
 * administrator is used.
 */
import { readFile } from 'node:fs/promises';
import { replay } from '../replay/replay.js';

interface Seed {
  readonly tenants: readonly {
    readonly tenant: string;
    readonly users?: readonly { readonly email: string; readonly role: string; readonly password: string }[];
  }[];
}

const variable = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} must be set`);
  return value;
};

const adminOf = async (file: string) => {
  const { tenants } = JSON.parse(await readFile(file, 'utf8')) as Seed;
  for (const { tenant, users = [] } of tenants) {
    const admin = users.find((user) => user.role === 'admin');
    if (admin) return { tenant, admin: { email: admin.email, password: admin.password } };
  }
  throw new Error(`${file} has no tenant with an administrator to log in as`);
};

const main = async (): Promise<void> => {
  const { tenant, admin } = await adminOf(variable('PARLEY_SEED'));
  const { result, problems } = await replay({
    chats: [
      {
        id: 'installation-check',
        turns: [
          { from: 'visitor', text: 'Hello, is anybody there?' },
          { from: 'agent', text: 'Yes. This installation works.' },
          { from: 'visitor', text: 'Thank you!' },
        ],
      },
    ],
    concurrency: 1,
    gateway: variable('PARLEY_CHECK_URL'),
    grpcAddress: variable('PARLEY_CHECK_GRPC'),
    tenant,
    admin,
    tidy: true,
    onProgress: () => undefined,
  });
  for (const problem of problems) console.error(problem);
  console.log(JSON.stringify(result));
  if (problems.length > 0) process.exitCode = 1;
};

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
