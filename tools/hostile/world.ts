import { seedDemo } from '../../deploy/local/seed.mjs';
import type { Platform } from '../../deploy/local/platform.mjs';
import { TENANTS, type TenantName } from './leaks.js';
import { Socket } from './socket.js';
import { Tenant } from './tenant.js';
import { GrpcTransport, httpTransport, socketTransport, type Caller, type Transport } from './transports.js';

/** The platform under test, both tenants, and the ways in. */
export class World {
  readonly http: Transport;
  readonly grpc: GrpcTransport;
  readonly socket: Transport;
  readonly tenants: ReadonlyMap<TenantName, Tenant>;
  private readonly sockets = new Map<string, Socket>();

  constructor(
    readonly platform: Platform,
    readonly dataFolder: string,
    hookUrl: string,
  ) {
    this.http = httpTransport(platform.httpUrl);
    this.grpc = new GrpcTransport(platform.grpcAddress);
    this.socket = socketTransport((caller) => this.socketOf(caller));
    this.tenants = new Map(
      TENANTS.map((name) => [name, new Tenant(name, platform.httpUrl, this.http, hookUrl)]),
    );
  }

  get httpUrl(): string {
    return this.platform.httpUrl;
  }
  get acme(): Tenant {
    return this.tenant('acme');
  }
  get globex(): Tenant {
    return this.tenant('globex');
  }
  tenant(name: TenantName): Tenant {
    const tenant = this.tenants.get(name);
    if (!tenant) throw new Error(`no tenant ${name}`);
    return tenant;
  }

  async furnish(seedFile: string): Promise<void> {
    await seedDemo(this.httpUrl, seedFile);
    await Promise.all([...this.tenants.values()].map((tenant) => tenant.furnish()));
    // Keys open no sockets.
    const callers = [...this.tenants.values()].flatMap((tenant) => tenant.callers);
    for (const caller of callers.filter(({ role }) => role !== 'integration'))
      this.sockets.set(caller.token, await Socket.greet(this.httpUrl, caller.token, caller));
  }

  /** The ways in that are open to a caller. */
  readonly transportsFor = (caller: Caller): readonly Transport[] => {
    const socket = this.sockets.has(caller.token) ? [this.socket] : [];
    return [this.http, this.grpc, ...socket];
  };

  socketOf(caller: Caller): Socket {
    const socket = this.sockets.get(caller.token);
    if (!socket) throw new Error(`${caller.name} has no socket`);
    return socket;
  }

  /** Sockets that stay open through all blocks, with whatever they were sent unasked. */
  get openSockets(): readonly Socket[] {
    const agents = [...this.tenants.values()].flatMap(({ agentSocket }) =>
      agentSocket ? [agentSocket] : [],
    );
    return [...this.sockets.values(), ...agents];
  }

  close(): void {
    for (const socket of this.openSockets) socket.close();
    this.grpc.close();
  }
}
