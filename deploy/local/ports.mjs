import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections: otherwise one of those could take a service's port while
 * the service is down for a moment.
 */
const FIRST = 20_000;
const LAST = 32_000;

const listen = (port, host) =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });

const close = (server) => new Promise((resolve) => server.close(resolve));

/** As many different free ports on loopback as asked for. Fails when there are not as many. */
export async function freePorts(count) {
  const servers = [];
  const offset = Math.floor(Math.random() * (LAST - FIRST));
  for (let i = 0; servers.length < count && i < LAST - FIRST; i++) {
    const port = FIRST + ((offset + i) % (LAST - FIRST));
    const server = await listen(port, '127.0.0.1').catch(() => undefined);
    if (server) servers.push(server);
  }
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map(close));
  if (ports.length < count) throw new Error(`there are no ${count} free ports from ${FIRST} to ${LAST}`);
  return ports;
}

/** Fails with one line that names the variable to change when somebody listens on the port already. */
export async function assertFree(port, variable) {
  try {
    await close(await listen(port));
  } catch (error) {
    if (error.code === 'EACCES')
      throw new Error(`port ${port} needs root: choose one above 1023 with ${variable}`);
    throw new Error(`port ${port} is in use: stop what listens there, or choose another with ${variable}`);
  }
}
