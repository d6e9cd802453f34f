import { existsSync } from 'node:fs';
export async function ensureNatsServer() {
  const p = process.env.PARLEY_NATS_SERVER ?? '/tmp/gobin/nats-server';
  if (!existsSync(p)) throw new Error('nats-server not found');
  return p;
}
