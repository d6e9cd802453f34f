import type { Client, conversation, routing } from '@parley/contracts';
import { aggregateKey, type Projection, type Run } from '@parley/eventlog';
import { ApiError, ErrorCode, type Clock } from '@parley/kernel';
import type { Collection } from '@parley/store';
import { ownContext } from './context.js';
import type { Input } from './inputs-commands.js';
import { inputsOf, reportOf } from './inputs.js';
import type { InputDoc, LastAgentDoc } from './store.js';

type Kind = NonNullable<conversation.ConversationEvent['event']>['$case'];

const WITHOUT: readonly number[] = [ErrorCode.notFound, ErrorCode.unimplemented];
const PARALLEL = 64;
/** Conversations kept in memory. */
const MOST_RECENT = 20_000;
/**
 * What is said in a chat matters here for who waits for whose reply, which is a matter of seconds; it comes far more often
 * than all else.
 */
const REST_MS = 200;
const TALK: ReadonlySet<string> = new Set<Kind>(['messageSent', 'noteAdded', 'whisperSent', 'readUpTo']);
/** Reports of replies in one request at most. */
const REPORTS = 500;

export interface ForwarderOptions {
  /** Reaches the owner of the tenant's domain, wherever it runs. */
  readonly routing: Pick<
    Client<'parley.routing.v1.RoutingInternalService'>,
    | 'enqueueConversation'
    | 'endConversation'
    | 'requestTransfer'
    | 'cancelTransfer'
    | 'startAssignment'
    | 'reportReplies'
  >;
  readonly conversations: Pick<
    Client<'parley.conversation.v1.ConversationInternalService'>,
    'getRoutingAttributes'
  >;
  readonly inputs: Collection<InputDoc>;
  readonly lastAgents: Collection<LastAgentDoc>;
  readonly clock: Clock;
}

/** Tells routing what happens in conversations. What was told and not remembered is told again, which is harmless. */
export const createForwarder = (options: ForwarderOptions): Projection => {
  const { routing, inputs, lastAgents, clock } = options;

  const send = async (run: Run, input: Input): Promise<void> => {
    const context = ownContext(run.tenant, clock, 10_000, run.traceparent);
    const { commandId } = input;
    const conversationId = run.id;
    switch (input.kind) {
      case 'enqueue': {
        const [entry, attributes] = await Promise.all([
          withLastAgent(run.tenant, input.entry),
          attributesOf(run.tenant, conversationId),
        ]);
        return void (await routing.enqueueConversation({ commandId, entry, attributes }, context));
      }
      case 'end': {
        const { reason, agentId, sourceVersion } = input;
        const end = { commandId, conversationId, reason, agentId, sourceVersion };
        return void (await routing.endConversation(end, context));
      }
      case 'transfer':
        return void (await routing.requestTransfer({ commandId, transfer: input.transfer }, context));
      case 'cancelTransfer': {
        const { transferId } = input;
        return void (await routing.cancelTransfer({ commandId, conversationId, transferId }, context));
      }
      case 'takeOver': {
        const { agentId, sourceVersion } = input;
        const start = { commandId, conversationId, agentId, sourceVersion };
        return void (await routing.startAssignment(start, context));
      }
    }
  };

  /** What filters may ask about; nothing of it gets into routing's log. */
  const attributesOf = async (
    tenant: string,
    conversationId: string,
  ): Promise<routing.EntryAttributes | undefined> => {
    try {
      return await options.conversations.getRoutingAttributes({ conversationId }, ownContext(tenant, clock));
    } catch (error) {
      // Purged meanwhile, or asked of an older release: it waits without them. When the service is away it is asked again.
      if (error instanceof ApiError && WITHOUT.includes(error.code)) return undefined;
      throw error;
    }
  };

  /** With the agent of the contact's conversation before, when this one has had none. */
  const withLastAgent = async (
    tenant: string,
    entry: routing.ConversationEnqueued,
  ): Promise<routing.ConversationEnqueued> => {
    if (entry.lastAgentId || !entry.contactId) return entry;
    const last = await lastAgents.get(aggregateKey(tenant, entry.contactId));
    return last ? { ...entry, lastAgentId: last.agentId } : entry;
  };

  // Many commits are messages that mean nothing here: their versions are remembered in memory alone. After a restart
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

  /** Told before it is stored: a crash in between tells it again. */
  const tellReplies = async (reports: ReadonlyMap<string, routing.ReplyReport[]>): Promise<void> => {
    for (const [tenant, all] of reports)
      for (let from = 0; from < all.length; from += REPORTS) {
        const some = all.slice(from, from + REPORTS);
        await routing.reportReplies({ reports: some }, ownContext(tenant, clock, 10_000));
      }
  };

  return {
    name: 'routing-input',
    restMs: REST_MS,
    patientWith: TALK,
    async applied(keys) {
      const known = keys.map(({ tenant, id }) => aggregateKey(tenant, id));
      const docs = await inputs.getMany(known);
      return new Map(known.map((key) => [key, docs.get(key)?.version ?? 0]));
    },
    async apply(runs) {
      const known = await before(runs);
      const docs: InputDoc[] = [];
      const spoke: LastAgentDoc[] = [];
      const reports = new Map<string, routing.ReplyReport[]>();
      const reportsOf = (tenant: string): routing.ReplyReport[] => {
        const known = reports.get(tenant) ?? [];
        reports.set(tenant, known);
        return known;
      };
      const waiting = [...runs];
      const next = async (): Promise<void> => {
        for (let run = waiting.shift(); run; run = waiting.shift()) {
          const { tenant } = run;
          const key = aggregateKey(tenant, run.id);
          const was = known.get(key);
          const { doc, inputs: commands, idle, replies } = inputsOf(run, key, was);
          // In their order: an end must not overtake the entry before it.
          for (const command of commands) await send(run, command);
          if (!idle) docs.push(doc);
          if (replies) reportsOf(tenant).push(reportOf(run.id, doc));
          const newest = doc.agents.at(-1);
          if (newest && doc.contactId && doc.lastAgentId !== was?.lastAgentId) {
            const id = aggregateKey(tenant, doc.contactId);
            spoke.push({ id, version: newest.joinedAt, agentId: newest.agentId });
          }
          keep(doc);
        }
      };
      await Promise.all(Array.from({ length: PARALLEL }, next));
      await tellReplies(reports);
      if (spoke.length > 0) await lastAgents.upsertNewer(spoke);
      if (docs.length > 0) await inputs.upsertNewer(docs);
    },
  };
};
