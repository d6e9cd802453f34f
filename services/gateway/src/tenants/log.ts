import { common, gateway, partitionOfTenant } from '@parley/contracts';
import { createOwner, type EventLog, type Owner } from '@parley/eventlog';
import { newUlid, type Clock, type Principal, type RequestContext } from '@parley/kernel';
import { chainIntact, sealFact } from './chain.js';
import { tenantDecider, type TenantCommand, type TenantFact, type TenantState } from './domain.js';

interface AuditEntries {
  readonly entries: gateway.AuditEntry[];
  readonly intact: boolean;
}

/** The audit log of the tenants: appends facts and reads them back with their chain checked. */
export interface TenantLog {
  /**
   * Appends a fact and returns the tenant's state after it, once it is durable. The same `commandId` is written once.
   * Throws the ApiError of the rule that refuses it, or `unavailable`.
   */
  record(tenant: string, fact: TenantFact, by: RequestContext, commandId?: string): Promise<TenantState>;
  /** The tenant's state; undefined when there is no such tenant. */
  state(tenant: string): Promise<TenantState | undefined>;
  /** Entries after a version, oldest first, `limit` at most; `intact` is false when the chain to them is broken. */
  list(tenant: string, afterVersion: number, limit: number): Promise<AuditEntries>;
  /** The latest entries before a version (0: of all), newest first. */
  latest(tenant: string, beforeVersion: number, limit: number): Promise<AuditEntries>;
}

/** The one aggregate of a tenant's log. */
const AGGREGATE = 'audit';

/** Opens the tenant log. Every gateway may append: the log's expected sequence keeps the chain straight. */
export const openTenantLog = (log: EventLog, clock: Clock): TenantLog => {
  const owner: Owner<TenantState, TenantCommand> = createOwner<
    TenantState,
    TenantCommand,
    gateway.TenantEvent
  >({
    log,
    decider: tenantDecider,
    codec: {
      encode: (event) => gateway.TenantEvent.encode(event).finish(),
      decode: (bytes) => {
        const event = gateway.TenantEvent.decode(bytes);
        return event.event ? event : undefined;
      },
    },
  });

  const list = async (tenant: string, afterVersion: number, limit: number): Promise<AuditEntries> => {
    // The entry before the first one returned is the anchor of the chain.
    const commits = await log.loadRange(
      tenant,
      aggregateOf(tenant),
      Math.max(0, afterVersion - 1),
      afterVersion + limit,
    );
    const all = commits.flatMap(({ commit }) =>
      commit.events.map((bytes, i) => ({
        bytes,
        entry: gateway.AuditEntry.fromPartial({
          version: commit.firstVersion + i,
          time: commit.time,
          actor: commit.actor,
          event: gateway.TenantEvent.decode(bytes),
        }),
      })),
    );
    const anchor = all.find(({ entry }) => entry.version === afterVersion)?.entry.event?.hash;
    const wanted = all.filter(({ entry }) => entry.version > afterVersion);
    const dense = wanted.every(({ entry }, i) => entry.version === afterVersion + i + 1);
    const stored = wanted.map(({ bytes }) => bytes);
    return {
      entries: wanted.map(({ entry }) => entry),
      intact: dense && chainIntact(stored, anchor ?? new Uint8Array()),
    };
  };

  return {
    record: async (tenant, fact, by, commandId = newUlid(clock.now())) => {
      const { envelope } = await owner.execute({
        tenant,
        id: aggregateOf(tenant),
        commandId,
        context: by,
        actor: actorOf(by.principal),
        command: () => ({ fact, seal: sealFact }),
      });
      return envelope.state;
    },
    state: async (tenant) => {
      const envelope = await owner.read(tenant, aggregateOf(tenant));
      return envelope?.state.created ? envelope.state : undefined;
    },
    list,
    latest: async (tenant, beforeVersion, limit) => {
      const { version } = await log.head(tenant, aggregateOf(tenant));
      const last = Math.min(version, beforeVersion ? beforeVersion - 1 : version);
      const first = Math.max(0, last - limit);
      const { entries, intact } = await list(tenant, first, last - first);
      return { entries: entries.reverse(), intact };
    },
  };
};

/** Tenant-owned logs carry the tenant's partition in their aggregate's id, like all aggregates. */
const aggregateOf = (tenant: string): string => `${partitionOfTenant(tenant)}-${AGGREGATE}`;

const KINDS = {
  visitor: common.Actor_Kind.KIND_VISITOR,
  agent: common.Actor_Kind.KIND_AGENT,
  supervisor: common.Actor_Kind.KIND_AGENT,
  admin: common.Actor_Kind.KIND_AGENT,
  integration: common.Actor_Kind.KIND_INTEGRATION,
  system: common.Actor_Kind.KIND_SYSTEM,
} as const;

// Without the name: the audit log holds ids only.
const actorOf = (principal: Principal): common.Actor =>
  common.Actor.fromPartial({ kind: KINDS[principal.role], id: principal.id });
