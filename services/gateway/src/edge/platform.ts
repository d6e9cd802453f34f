import { Client, credentials, type ClientOptions } from '@grpc/grpc-js';

const WAIT_MS = 2000;
const NOTHING = Buffer.alloc(0);
/** Field 1 (status) of grpc.health.v1.HealthCheckResponse with the value SERVING. */
const SERVING = Buffer.from([0x08, 0x01]);

const OPTIONS: ClientOptions = {
  'grpc.max_reconnect_backoff_ms': 2000,
  'grpc.initial_reconnect_backoff_ms': 100,
};

/** Asks services whether they serve, by gRPC's health protocol. */
export class PlatformHealth {
  private readonly clients: ReadonlyMap<string, Client>;

  /** `addresses` of the services by name. */
  constructor(
    addresses: Readonly<Record<string, string>>,
    private readonly busConnected: () => boolean,
  ) {
    this.clients = new Map(
      Object.entries(addresses).map(([name, address]) => [
        name,
        new Client(address, credentials.createInsecure(), OPTIONS),
      ]),
    );
  }

  /** "ok", or why it is not, by service; and NATS. */
  async check(): Promise<Readonly<Record<string, string>>> {
    const states = await Promise.all(
      [...this.clients].map(async ([name, client]) => [name, await checkOne(client)] as const),
    );
    return { ...Object.fromEntries(states), nats: this.busConnected() ? 'ok' : 'not connected' };
  }

  close(): void {
    for (const client of this.clients.values()) client.close();
  }
}

const checkOne = (client: Client): Promise<string> =>
  new Promise((resolve) => {
    client.makeUnaryRequest<Buffer, Buffer>(
      '/grpc.health.v1.Health/Check',
      () => NOTHING,
      (bytes) => bytes,
      NOTHING,
      { deadline: Date.now() + WAIT_MS },
      (error, status) =>
        resolve(error ? error.details || 'no answer' : status?.equals(SERVING) ? 'ok' : 'not ready'),
    );
  });
