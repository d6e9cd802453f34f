import { createServer } from 'node:net';

const listen = (port, host) =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });

const close = (server) => new Promise((resolve) => server.close(resolve));

/** As many different free ports on loopback as asked for. */
export async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0, '127.0.0.1')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map(close));
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
