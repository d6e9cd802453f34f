import type { Client } from '@parley/contracts';
import { aggregateKey, type Projection, type Run } from '@parley/eventlog';
import { type Clock } from '@parley/kernel';
import type { Collection } from '@parley/store';
import { ownContext } from './context.js';
import { inputsOf, type Input } from './inputs.js';
import type { InputDoc } from './store.js';

const PARALLEL = 64;
/** Conversations kept in memory. */
const MOST_RECENT = 20_000;

export interface ForwarderOptions {
  /** Reaches the owner of the tenant's domain, wherever it runs. */
  readonly routing: Pick<
    Client<'parley.routing.v1.RoutingInternalService'>,
    'enqueueConversation' | 'endConversation'
  >;
  readonly inputs: Collection<InputDoc>;
  readonly clock: Clock;
}

/** Tells routing what happens in conversations. What was told and not remembered is told again, which is harmless. */
export const createForwarder = ({ routing, inputs, clock }: ForwarderOptions): Projection => {
  const send = async (run: Run, input: Input): Promise<void> => {
    const context = ownContext(run.tenant, clock, 10_000);
    if (input.kind === 'enqueue') {
      await routing.enqueueConversation(
        { commandId: input.commandId, entry: input.entry, attributes: undefined },
        context,
      );
      return;
    }
    const { commandId, reason, agentId, sourceVersion } = input;
    await routing.endConversation(
      { commandId, conversationId: run.id, reason, agentId, sourceVersion },
      context,
    );
  };

  // Most commits are messages, which mean nothing here: their versions are remembered in memory alone. After a restart
  // the log is read from the stored version on, and leads to nothing again.
  const recent = new Map<string, InputDoc>();
  const keep = (doc: InputDoc): void => {
    recent.delete(doc.id);
    recent.set(doc.id, doc);
    const [oldest] = recent.keys();
    if (recent.size > MOST_RECENT && oldest !== undefined) recent.delete(oldest);
  };
  /** What stands right before each run; from the store where this process did not handle what came before. */
  const before = async (runs: readonly Run[]): Promise<ReadonlyMap<string, InputDoc>> => {
    const found = new Map<string, InputDoc>();
    const missing: string[] = [];
    for (const { tenant, id, commits } of runs) {
      const key = aggregateKey(tenant, id);
      const doc = recent.get(key);
      if (doc && doc.version + 1 === commits[0]?.commit.firstVersion) found.set(key, doc);
      else missing.push(key);
    }
    if (missing.length > 0) for (const [key, doc] of await inputs.getMany(missing)) found.set(key, doc);
    return found;
  };

  return {
    name: 'routing-input',
    async applied(keys) {
      const known = keys.map(({ tenant, id }) => aggregateKey(tenant, id));
      const docs = await inputs.getMany(known);
      return new Map(known.map((key) => [key, docs.get(key)?.version ?? 0]));
    },
    async apply(runs) {
      const known = await before(runs);
      const docs: InputDoc[] = [];
      const waiting = [...runs];
      const next = async (): Promise<void> => {
        for (let run = waiting.shift(); run; run = waiting.shift()) {
          const key = aggregateKey(run.tenant, run.id);
          const { doc, inputs: commands, idle } = inputsOf(run, key, known.get(key));
          // In their order: an end must not overtake the entry before it.
          for (const command of commands) await send(run, command);
          if (!idle) docs.push(doc);
          keep(doc);
        }
      };
      await Promise.all(Array.from({ length: PARALLEL }, next));
      if (docs.length > 0) await inputs.upsertNewer(docs);
    },
  };
};
