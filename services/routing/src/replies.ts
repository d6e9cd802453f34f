import type { conversation } from '@parley/contracts';

/** An agent of a chat, and whether they have written since they came. */
export interface ReplyingAgent {
  readonly agentId: string;
  /** ms. */
  readonly joinedAt: number;
  /** Version of the event with which they came. */
  readonly joinedVersion: number;
  readonly replied: boolean;
}

/** Who waits for whose reply in a chat. Times are ms, 0 for none. */
export interface Replies {
  /** Who came first in front. */
  readonly agents: readonly ReplyingAgent[];
  /** The visitor's first message since an agent's last. */
  readonly awaitingSince: number;
  readonly lastReply: { readonly agentId: string; readonly at: number; readonly seconds: number } | null;
}

interface Happened {
  readonly version: number;
  /** ms. */
  readonly time: number;
  /** Id of the agent whose doing it is; empty: nobody's. */
  readonly byAgent: string;
  readonly byVisitor: boolean;
  readonly event: conversation.ConversationEvent['event'];
}

export const EMPTY_REPLIES: Replies = { agents: [], awaitingSince: 0, lastReply: null };

/** The state of replies after an event; the same object when it means nothing to them. */
export const repliesAfter = <R extends Replies>(before: R, happened: Happened): R | Replies => {
  const { version, time, event } = happened;
  const { agents, awaitingSince, lastReply } = before;
  if (event?.$case === 'messageSent') return messageAfter(before, happened);
  if (event?.$case === 'agentJoined') {
    const { agentId } = event.value;
    const joined = { agentId, joinedAt: time, joinedVersion: version, replied: false };
    const others = agents.filter((each) => each.agentId !== agentId);
    return { agents: [...others, joined], awaitingSince, lastReply };
  }
  if (event?.$case === 'agentLeft') {
    const left = agents.filter(({ agentId }) => agentId !== event.value.agentId);
    return left.length === agents.length ? before : { agents: left, awaitingSince, lastReply };
  }
  if (event?.$case === 'queueEntered' || event?.$case === 'parked')
    return agents.length > 0 ? { agents: [], awaitingSince, lastReply } : before;
  if (event?.$case === 'closed')
    return agents.length > 0 || awaitingSince > 0 ? { ...EMPTY_REPLIES, lastReply } : before;
  return before;
};

const messageAfter = <R extends Replies>(before: R, { byAgent, byVisitor, time }: Happened): R | Replies => {
  const { agents, awaitingSince, lastReply } = before;
  if (byVisitor) return awaitingSince > 0 ? before : { agents, awaitingSince: time, lastReply };
  const agent = agents.find(({ agentId }) => agentId === byAgent);
  if (!byAgent || !agent || (agent.replied && awaitingSince === 0)) return before;
  const replied = agent.replied
    ? agents
    : agents.map((each) => (each === agent ? { ...agent, replied: true } : each));
  const since = Math.max(awaitingSince, agent.joinedAt);
  const reply =
    awaitingSince > 0 ? { agentId: byAgent, at: time, seconds: Math.max(0, time - since) / 1000 } : lastReply;
  return { agents: replied, awaitingSince: 0, lastReply: reply };
};
