import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real HTTP receiver of webhooks on loopback, which answers as it is told. */
export class Receiver {
  readonly received: Received[] = [];
  /** Statuses of the next answers, in order; 204 when there is none left. */
  readonly answers: number[] = [];
  /** Requests are held open until this resolves. */
  hold: Promise<void> = Promise.resolve();
  underWay = 0;
  mostUnderWay = 0;
  private readonly server: Server = createServer((request, response) => {
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
    void text(request).then(async (body) => {
      this.received.push({ headers: request.headers, body });
      await this.hold;
      this.underWay--;
      const status = this.answers.shift() ?? 204;
      response.writeHead(status, status === 302 ? { location: this.url } : {}).end();
    });
  });

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get url(): string {
    const address = this.server.address();
    return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}/hook` : '';
  }

  get types(): string[] {
    return this.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close').catch(() => undefined);
  }
}
