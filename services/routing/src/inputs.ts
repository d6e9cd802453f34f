import { common, conversation, type routing } from '@parley/contracts';
import type { Run, StoredCommit } from '@parley/eventlog';
import { commandOf, type Input, type Told } from './inputs-commands.js';
import { EMPTY_REPLIES, repliesAfter } from './replies.js';
import type { InputDoc } from './store.js';

const emptyInput = (id: string): InputDoc => ({
  id,
  version: 0,
  tenant: '',
  contactId: '',
  locale: '',
  topic: '',
  pageUrl: '',
  pageTitle: '',
  channel: '',
  lastAgentId: '',
  closedAt: 0,
  serving: false,
  ...EMPTY_REPLIES,
});

/**
 * What the commits of a run mean to routing: the commands in order, and what to remember of the conversation. `idle`:
 * nothing but its version is new. `replies`: who waits for whose reply has changed.
 */
export const inputsOf = (
  run: Run,
  id: string,
  known: InputDoc | undefined,
): { doc: InputDoc; inputs: Input[]; idle: boolean; replies: boolean } => {
  const before: InputDoc = { ...emptyInput(id), ...known, tenant: run.tenant };
  let doc = before;
  let idle = true;
  const inputs: Input[] = [];
  for (const told of run.commits.flatMap(eventsOf)) {
    if (told.version <= doc.version) continue;
    const remembered = remember(doc, told);
    if (remembered !== doc) idle = false;
    doc = { ...remembered, version: told.version };
    const input = commandOf(run.id, doc, told);
    if (input) inputs.push(input);
  }
  const replies = doc.agents !== before.agents || doc.awaitingSince !== before.awaitingSince;
  return { doc, inputs, idle: idle && inputs.length === 0, replies };
};

const { KIND_AGENT, KIND_VISITOR } = common.Actor_Kind;

const eventsOf = ({ commit }: StoredCommit): Told[] => {
  const events = commit.events.map((bytes) => conversation.ConversationEvent.decode(bytes).event);
  const together = new Set(events.map((event) => event?.$case ?? ''));
  return events.map((event, i) => ({
    version: commit.firstVersion + i,
    time: commit.time?.getTime() ?? 0,
    byAgent: commit.actor?.kind === KIND_AGENT ? commit.actor.id : '',
    byVisitor: commit.actor?.kind === KIND_VISITOR,
    event,
    together,
  }));
};

const remember = (doc: InputDoc, told: Told): InputDoc => {
  const replies = repliesAfter(doc, told);
  const known = replies === doc ? doc : { ...doc, ...replies, serving: replies.agents.length > 0 };
  return attributesAfter(known, told);
};

const attributesAfter = (doc: InputDoc, { event, time }: Told): InputDoc => {
  if (event?.$case === 'started') {
    const { contactId, locale, topic, page, channel } = event.value;
    return {
      ...doc,
      contactId,
      locale,
      topic,
      pageUrl: page?.url ?? '',
      pageTitle: page?.title ?? '',
      channel: conversation.Channel[channel]?.replace('CHANNEL_', '') ?? '',
    };
  }
  if (event?.$case === 'pageChanged') {
    const { page } = event.value;
    return { ...doc, pageUrl: page?.url ?? '', pageTitle: page?.title ?? '' };
  }
  if (event?.$case === 'agentJoined') return { ...doc, lastAgentId: event.value.agentId };
  if (event?.$case === 'closed') return { ...doc, closedAt: time };
  if (event?.$case === 'reopened') return { ...doc, closedAt: 0 };
  // What was erased from the conversation is not kept here either.
  if (event?.$case === 'contentErased') return { ...doc, topic: '', pageUrl: '', pageTitle: '' };
  return doc;
};

/** What the tenant's owner is told of a chat's replies. */
export const reportOf = (conversationId: string, doc: InputDoc): routing.ReplyReport => ({
  conversationId,
  version: doc.version,
  agents: doc.agents.map(({ agentId, joinedAt, joinedVersion, replied }) => ({
    agentId,
    joinedAt: new Date(joinedAt),
    joinedVersion,
    replied,
  })),
  awaitingSince: doc.awaitingSince ? new Date(doc.awaitingSince) : undefined,
  lastReply: doc.lastReply ? { ...doc.lastReply, at: new Date(doc.lastReply.at) } : undefined,
});
