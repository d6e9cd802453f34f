import type { Client } from '@parley/contracts';
import { aggregateKey, type Projection, type Run } from '@parley/eventlog';
import { type Clock } from '@parley/kernel';
import type { Collection } from '@parley/store';
import { ownContext } from './context.js';
import { inputsOf, type Input } from './inputs.js';
import type { InputDoc } from './store.js';

const PARALLEL = 64;

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
      await routing.enqueueConversation({ commandId: input.commandId, entry: input.entry }, context);
      return;
    }
    const { commandId, reason, agentId, sourceVersion } = input;
    await routing.endConversation(
      { commandId, conversationId: run.id, reason, agentId, sourceVersion },
      context,
    );
  };

  return {
    name: 'routing-input',
    async applied(keys) {
      const known = keys.map(({ tenant, id }) => aggregateKey(tenant, id));
      const docs = await inputs.getMany(known);
      return new Map(known.map((key) => [key, docs.get(key)?.version ?? 0]));
    },
    async apply(runs) {
      const known = await inputs.getMany(runs.map(({ tenant, id }) => aggregateKey(tenant, id)));
      const docs: InputDoc[] = [];
      const waiting = [...runs];
      const next = async (): Promise<void> => {
        for (let run = waiting.shift(); run; run = waiting.shift()) {
          const key = aggregateKey(run.tenant, run.id);
          const { doc, inputs: commands } = inputsOf(run, key, known.get(key));
          // In their order: an end must not overtake the entry before it.
          for (const command of commands) await send(run, command);
          docs.push(doc);
        }
      };
      await Promise.all(Array.from({ length: PARALLEL }, next));
      await inputs.upsertNewer(docs);
    },
  };
};
