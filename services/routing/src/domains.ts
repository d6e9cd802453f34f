import { partitionOfTenant } from '@parley/contracts';
import { unavailable } from '@parley/kernel';
import type { RoutingState } from './domain.js';
import { DomainWriter, type WriterOptions } from './writer.js';

export interface DomainsOptions extends Omit<WriterOptions, 'tenant'> {
  /** The tenants with a routing log in a partition. */
  readonly tenantsOf: (partition: number) => Promise<readonly string[]>;
  /** Called with each domain that was opened. */
  readonly onOpened: (tenant: string, state: RoutingState) => void;
}

/** The writers of the partitions that this instance owns: one a tenant. */
export class Domains {
  readonly #owned = new Set<number>();
  readonly #writers = new Map<string, Promise<DomainWriter>>();

  constructor(private readonly options: DomainsOptions) {}

  /** Takes a partition over and opens its domains, so that what is due there goes on. */
  async take(partition: number): Promise<void> {
    this.#owned.add(partition);
    const opened = (await this.options.tenantsOf(partition)).map((tenant) => this.of(tenant));
    const failed = (await Promise.allSettled(opened)).filter(({ status }) => status === 'rejected');
    // They are tried again by their next command, and by the sweeper.
    for (const { reason } of failed as PromiseRejectedResult[])
      this.options.logger.error(
        { err: reason as unknown, partition },
        'a routing domain could not be opened',
      );
  }

  /** Lets a partition go, once what is under way there has ended. */
  async release(partition: number): Promise<void> {
    this.#owned.delete(partition);
    const leaving = [...this.#writers].filter(([tenant]) => partitionOfTenant(tenant) === partition);
    for (const [tenant] of leaving) this.#writers.delete(tenant);
    await Promise.allSettled(leaving.map(async ([, writer]) => (await writer).stop()));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#owned].map((partition) => this.release(partition)));
  }

  /** The writer of a tenant's domain, opened. Rejects with `unavailable` where its partition is not owned here. */
  of(tenant: string): Promise<DomainWriter> {
    const known = this.#writers.get(tenant);
    if (known) return known;
    if (!this.#owned.has(partitionOfTenant(tenant)))
      return Promise.reject(unavailable('NOT_THE_OWNER', 'Another instance has taken this over; try again.'));
    const writer = new DomainWriter({ ...this.options, tenant });
    const opened = writer.open().then((state) => {
      this.options.onOpened(tenant, state);
      return writer;
    });
    this.#writers.set(tenant, opened);
    opened.catch(() => {
      if (this.#writers.get(tenant) === opened) this.#writers.delete(tenant);
    });
    return opened;
  }

  /** The domains that are open here. */
  tenants(): readonly string[] {
    return [...this.#writers.keys()];
  }

  /** The partitions that are owned here. */
  partitions(): readonly number[] {
    return [...this.#owned];
  }

  /** Opens the domains of owned partitions that could not be opened before. */
  async reopen(): Promise<void> {
    for (const partition of this.#owned) await this.take(partition);
  }
}
