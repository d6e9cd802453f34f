import { connect, fetchJson, type Connection } from '@parley/client';
import { persist } from './persist.js';
import type { Returns } from './returns.js';
import { socketUrl, type Target } from './visitor.js';

const AT_ONCE = 20;

/** Visitors who have a page open and say nothing: their sockets are what a gateway mostly holds. */
export class Onlookers {
  readonly #connections: Connection[] = [];

  /** Resolves once all of them are connected. */
  async come(target: Target, count: number, returns: Returns): Promise<void> {
    let left = count;
    const worker = async (): Promise<void> => {
      while (left-- > 0) {
        const { tenant, http, socket } = target;
        const { token = '' } = await persist(() =>
          fetchJson(http, 'parley.gateway.v1.AuthService/StartVisitorSession', { tenant, locale: 'en' }),
        );
        const connection = connect({ url: socketUrl(socket), token: () => Promise.resolve(token) });
        this.#connections.push(connection);
        await new Promise<void>((resolve) => {
          const off = connection.on('welcome', () => (off(), resolve()));
        });
        returns.follow(connection);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  leave(): void {
    for (const connection of this.#connections) connection.close();
  }
}
