import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between sockets and a gateway, and can cut any of them as a failing network would: without a goodbye. */
export class CuttingProxy {
  readonly #open = new Set<readonly [Socket, Socket]>();
  readonly #server = createServer((client) => this.#join(client));
  cuts = 0;
  #down = false;

  constructor(private readonly port: number) {}

  /** Listens on a free port of loopback; returns its origin. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get connections(): number {
    return this.#open.size;
  }

  /** Cuts one of the open connections, picked by a number from 0 up to 1; false when there is none. */
  cut(pick: number): boolean {
    const pair = [...this.#open][Math.floor(pick * this.#open.size)];
    if (!pair) return false;
    this.cuts++;
    this.#end(pair);
    return true;
  }

  /** Cuts every connection and takes no new one until `up`. */
  down(): void {
    this.#down = true;
    for (const pair of this.#open) this.#end(pair);
  }

  up(): void {
    this.#down = false;
  }

  close(): void {
    this.#server.close();
    for (const pair of this.#open) this.#end(pair);
  }

  #join(client: Socket): void {
    if (this.#down) {
      client.on('error', () => {});
      client.resetAndDestroy();
      return;
    }
    const gateway = connect(this.port, '127.0.0.1');
    const pair = [client, gateway] as const;
    this.#open.add(pair);
    for (const [from, to] of [pair, [gateway, client] as const]) {
      from.setNoDelay(true);
      from.pipe(to, { end: false });
      from.on('error', () => {});
      from.on('close', () => this.#end(pair));
    }
  }

  #end(pair: readonly [Socket, Socket]): void {
    if (!this.#open.delete(pair)) return;
    for (const socket of pair) socket.resetAndDestroy();
  }
}
