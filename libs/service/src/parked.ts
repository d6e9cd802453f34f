import type { Consumer, ParkedAggregate } from '@parley/eventlog';

/** A consumer as its operator sees it. */
export type Replayable = Pick<Consumer, 'name' | 'parked' | 'replay'>;

/** A consumer as the start of its service sees it. */
export type Startable = Replayable & Pick<Consumer, 'log' | 'losses' | 'acceptLosses'>;

/** An aggregate that waits to be replayed, with the projection that could not apply it. */
export interface ParkedItem extends ParkedAggregate {
  readonly projection: string;
}

/** Narrows what is meant; what is left out matches everything. */
export interface ParkedFilter {
  readonly projection?: string;
  readonly tenant?: string;
  readonly id?: string;
}

/** What came of a replay: `error` is absent when the aggregate has been applied and is no longer parked. */
export interface Replayed extends Required<ParkedFilter> {
  readonly error?: string;
}

/** Everything of these consumers that is parked, of all tenants and whichever instance runs its partition. */
export const listParked = async (
  consumers: readonly Replayable[],
  filter: ParkedFilter = {},
): Promise<ParkedItem[]> => {
  const lists = await Promise.all(
    consumers.map(async (consumer) =>
      (await consumer.parked()).map((parked) => ({ projection: consumer.name, ...parked })),
    ),
  );
  const { projection, tenant, id } = filter;
  return lists
    .flat()
    .filter(
      (item) =>
        (projection === undefined || item.projection === projection) &&
        (tenant === undefined || item.tenant === tenant) &&
        (id === undefined || item.id === id),
    );
};

/** Replays what is parked and meant, one after the other. Never rejects for one that fails again: it says so. */
export const replayParked = async (
  consumers: readonly Replayable[],
  filter: ParkedFilter,
): Promise<Replayed[]> => {
  const outcomes: Replayed[] = [];
  for (const { projection, tenant, id } of await listParked(consumers, filter)) {
    const consumer = consumers.find(({ name }) => name === projection);
    const error = await consumer?.replay(tenant, id).then(
      () => undefined,
      (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
    );
    outcomes.push({ projection, tenant, id, ...(error === undefined ? {} : { error }) });
  }
  return outcomes;
};
