import { partitionOfTenant } from '@parley/contracts';
import { everyDoc, type Collection, type Doc, type Store } from '@parley/store';
import type { EstimatesRecord } from './estimates/wait-estimates.js';
import type { Snapshot } from './domain.js';
import type { Replies } from './replies.js';

/** What routing remembers of a conversation between its events. */
export interface InputDoc extends Doc, Replies {
  readonly tenant: string;
  /** An agent is in it. */
  readonly serving: boolean;
  readonly contactId: string;
  readonly locale: string;
  readonly topic: string;
  readonly pageUrl: string;
  readonly pageTitle: string;
  /** By name, as in RoutingSettings. */
  readonly channel: string;
  readonly lastAgentId: string;
  /** When it closed, ms; 0 while it is open. */
  readonly closedAt: number;
}

/** Who spoke with a contact last; its version is the time, ms. */
export interface LastAgentDoc extends Doc {
  readonly agentId: string;
}

/** Up to which version of a domain everything that follows from its events is done. */
export interface DoneDoc extends Doc {
  readonly at: number;
}

/** What was learned of a domain's waits. */
export interface EstimatesDoc extends Doc {
  readonly record: EstimatesRecord;
}

/** An event of routing about a conversation, for explanations. */
export interface StepDoc extends Doc {
  /** Tenant and conversation. */
  readonly of: string;
  readonly at: number;
  /** The encoded event, base64. */
  readonly body: string;
}

/** How far the steps of a domain have been written. */
export interface StepsHeadDoc extends Doc {
  readonly seq: number;
}

interface HeaderDoc extends Doc {
  readonly partition: number;
  /** Stream sequence of the last commit in the snapshot; 0: there is none yet. */
  readonly seq: number;
  readonly parts: number;
  readonly commandIds: readonly string[];
}

interface PartDoc extends Doc {
  readonly tenant: string;
  readonly body: string;
}

/** A snapshot with what its writer remembers beside the state. */
export interface StoredSnapshot {
  readonly snapshot: Snapshot;
  readonly seq: number;
  readonly commandIds: readonly string[];
}

/** Characters of a snapshot in one document: far below MongoDB's limit, whatever the alphabet. */
const PART = 2_000_000;

export interface RoutingStore {
  readonly inputs: Collection<InputDoc>;
  readonly lastAgents: Collection<LastAgentDoc>;
  readonly done: Collection<DoneDoc>;
  readonly estimates: Collection<EstimatesDoc>;
  readonly steps: Collection<StepDoc>;
  readonly stepsHeads: Collection<StepsHeadDoc>;
  /** Chats of a tenant that have an agent. */
  serving(tenant: string): Promise<readonly InputDoc[]>;
  /** Stream sequence of the last commit in the tenant's stored snapshot; 0: there is none. */
  snapshotSeq(tenant: string): Promise<number>;
  /** The tenants with a routing log in this partition. */
  tenantsOf(partition: number): Promise<readonly string[]>;
  /** Makes the tenant known, before its first commit. */
  know(tenant: string): Promise<void>;
  loadSnapshot(tenant: string): Promise<StoredSnapshot | undefined>;
  saveSnapshot(tenant: string, stored: StoredSnapshot): Promise<void>;
}

/** Routing's documents in a store: snapshots, the tenants it has, and what its consumer remembers. */
export const createRoutingStore = async (store: Store): Promise<RoutingStore> => {
  const inputs = await store.collection<InputDoc>({
    name: 'inputs',
    indexes: [
      { name: 'closed', fields: ['closedAt'] },
      { name: 'serving', fields: ['tenant', 'serving'] },
    ],
  });
  const lastAgents = await store.collection<LastAgentDoc>({
    name: 'last_agents',
    indexes: [{ name: 'age', fields: ['version'] }],
  });
  const done = await store.collection<DoneDoc>({ name: 'done', indexes: [] });
  const estimates = await store.collection<EstimatesDoc>({ name: 'estimates', indexes: [] });
  const steps = await store.collection<StepDoc>({
    name: 'steps',
    indexes: [
      { name: 'of', fields: ['of', 'version'] },
      { name: 'age', fields: ['at'] },
    ],
  });
  const stepsHeads = await store.collection<StepsHeadDoc>({ name: 'steps_heads', indexes: [] });
  const headers = await store.collection<HeaderDoc>({
    name: 'domains',
    indexes: [{ name: 'partition', fields: ['partition'] }],
  });
  const parts = await store.collection<PartDoc>({
    name: 'snapshots',
    indexes: [{ name: 'tenant', fields: ['tenant', 'version'] }],
  });
  const partId = (tenant: string, version: number, i: number): string => `${tenant}/${version}/${i}`;

  return {
    inputs,
    lastAgents,
    done,
    estimates,
    steps,
    stepsHeads,
    serving: (tenant) => Array.fromAsync(everyDoc(inputs, { tenant, serving: true })),
    snapshotSeq: async (tenant) => (await headers.get(tenant))?.seq ?? 0,
    tenantsOf: (partition) => Array.fromAsync(everyDoc(headers, { partition }), ({ id }) => id),
    async know(tenant) {
      const partition = partitionOfTenant(tenant);
      await headers.insert({ id: tenant, version: 0, partition, seq: 0, parts: 0, commandIds: [] });
    },
    async loadSnapshot(tenant) {
      const header = await headers.get(tenant);
      if (!header || header.parts === 0) return undefined;
      const ids = Array.from({ length: header.parts }, (_, i) => partId(tenant, header.version, i));
      const found = await parts.getMany(ids);
      // Another owner may be replacing it at this moment: the log holds everything, too.
      if (found.size < ids.length) return undefined;
      const body = ids.map((id) => found.get(id)?.body ?? '').join('');
      return { snapshot: JSON.parse(body) as Snapshot, seq: header.seq, commandIds: header.commandIds };
    },
    async saveSnapshot(tenant, { snapshot, seq, commandIds }) {
      const body = JSON.stringify(snapshot);
      const { version } = snapshot;
      const docs: PartDoc[] = [];
      for (let at = 0; at < body.length; at += PART)
        docs.push({
          id: partId(tenant, version, docs.length),
          version,
          tenant,
          body: body.slice(at, at + PART),
        });
      await parts.put(docs);
      const partition = partitionOfTenant(tenant);
      await headers.upsertNewer([{ id: tenant, version, partition, seq, parts: docs.length, commandIds }]);
      const kept = (await headers.get(tenant))?.version ?? version;
      await parts.deleteWhere({ tenant, version: { lt: kept } });
    },
  };
};
