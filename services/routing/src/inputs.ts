import { conversation, routing } from '@parley/contracts';
import type { Run, StoredCommit } from '@parley/eventlog';
import type { InputDoc } from './store.js';

/** A command that a conversation's event leads to. Its id is made of the event: repeating it does no harm. */
export type Input =
  | { readonly kind: 'enqueue'; readonly commandId: string; readonly entry: routing.ConversationEnqueued }
  | {
      readonly kind: 'end';
      readonly commandId: string;
      readonly reason: routing.AssignmentEnded_Reason;
      readonly agentId: string;
      readonly sourceVersion: number;
    };

const Ended = routing.AssignmentEnded_Reason;

const emptyInput = (id: string): InputDoc => ({
  id,
  version: 0,
  contactId: '',
  locale: '',
  topic: '',
  pageUrl: '',
  lastAgentId: '',
  closedAt: 0,
});

/**
 * What the commits of a run mean to routing: the commands in order, and what to remember of the conversation. `idle`:
 * nothing but its version is new.
 */
export const inputsOf = (
  run: Run,
  id: string,
  known: InputDoc | undefined,
): { doc: InputDoc; inputs: Input[]; idle: boolean } => {
  let doc = known ?? emptyInput(id);
  let idle = true;
  const inputs: Input[] = [];
  for (const { version, time, event } of run.commits.flatMap(eventsOf)) {
    if (version <= doc.version) continue;
    const remembered = remember(doc, event, time);
    if (remembered !== doc) idle = false;
    doc = { ...remembered, version };
    const input = inputOf(run.id, doc, event, version, time);
    if (input) inputs.push(input);
  }
  return { doc, inputs, idle: idle && inputs.length === 0 };
};

type Fact = conversation.ConversationEvent['event'];

const eventsOf = ({ commit }: StoredCommit) =>
  commit.events.map((bytes, i) => ({
    version: commit.firstVersion + i,
    time: commit.time?.getTime() ?? 0,
    event: conversation.ConversationEvent.decode(bytes).event,
  }));

const remember = (doc: InputDoc, event: Fact, time: number): InputDoc => {
  if (event?.$case === 'started') {
    const { contactId, locale, topic, page } = event.value;
    return { ...doc, contactId, locale, topic, pageUrl: page?.url ?? '' };
  }
  if (event?.$case === 'pageChanged') return { ...doc, pageUrl: event.value.page?.url ?? '' };
  if (event?.$case === 'agentJoined') return { ...doc, lastAgentId: event.value.agentId };
  if (event?.$case === 'closed') return { ...doc, closedAt: time };
  if (event?.$case === 'reopened') return { ...doc, closedAt: 0 };
  return doc;
};

const inputOf = (
  conversationId: string,
  doc: InputDoc,
  event: Fact,
  sourceVersion: number,
  time: number,
): Input | undefined => {
  const id = (what: string): string => `${conversationId}-v${sourceVersion}-${what}`;
  if (event?.$case === 'agentLeft') {
    const { agentId } = event.value;
    return { kind: 'end', commandId: id('left'), reason: Ended.REASON_AGENT_LEFT, agentId, sourceVersion };
  }
  if (event?.$case === 'closed')
    return { kind: 'end', commandId: id('end'), reason: Ended.REASON_CLOSED, agentId: '', sourceVersion };
  if (event?.$case !== 'queueEntered') return undefined;
  return {
    kind: 'enqueue',
    commandId: id('enqueue'),
    entry: routing.ConversationEnqueued.fromPartial({
      conversationId,
      queueId: event.value.queueId,
      weight: 1,
      priority: 0,
      enteredAt: new Date(time),
      contactId: doc.contactId,
      lastAgentId: doc.lastAgentId,
      language: doc.locale,
      topic: doc.topic,
      pageUrl: doc.pageUrl,
      sourceVersion,
      reason: event.value.reason,
      preferredAgentId: event.value.preferredAgentId,
      transferredBy: event.value.transferredBy,
    }),
  };
};
