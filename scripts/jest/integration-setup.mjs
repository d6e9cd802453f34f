import { startSharedNats } from './shared-nats.mjs';

/** One nats-server for all integration specs of a run; specs that kill servers start their own. */
export default async function setup() {
  const server = await startSharedNats();
  process.env.PARLEY_NATS_SERVER = server.binary;
  process.env.PARLEY_TEST_NATS_URL = server.url;
  globalThis.parleySharedNats = server;
}
