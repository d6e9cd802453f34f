import type { Server } from 'node:http';

/** Listens; resolves with the port. Rejects with one line that says what to do when the port cannot be had. */
export const listenHttp = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new Error(
          `HTTP cannot listen on ${host}:${port} (${error.message}): choose another PARLEY_HTTP_PORT`,
        ),
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
