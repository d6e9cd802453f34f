import { conversation, routing } from '@parley/contracts';
import type { Command } from '../../services/routing/src/domain.js';

const Entry = conversation.QueueEntered_Reason;
const Ended = routing.AssignmentEnded_Reason;

export interface Transfer {
  readonly id: string;
  readonly from: string;
  readonly warm: boolean;
}

/** A conversation as its own log would have it, as far as routing is concerned. */
export interface Conversation {
  readonly id: string;
  version: number;
  /** Version of its last entry into a queue: what routing asks of an earlier one comes too late. */
  enteredAt: number;
  status: 'queued' | 'active' | 'parked' | 'away' | 'bot' | 'closed';
  agents: string[];
  queueId: string;
  lastAgent: string;
  parkedBy: string;
  transfer: Transfer | undefined;
  readonly facts: Pick<
    routing.ConversationEnqueued,
    'topic' | 'language' | 'channel' | 'pageUrl' | 'priority' | 'contactId'
  >;
}

/**
 * The other side: conversations with their own logs. What they tell routing goes into `inputs` in order, as its
 * consumer reads it; what routing asks of them stands in `effects` until it is delivered.
 */
export class Conversations {
  readonly all = new Map<string, Conversation>();
  readonly inputs: Command[] = [];

  start(id: string, queueId: string, facts: Conversation['facts'], now: number): void {
    const started: Conversation = {
      id,
      version: 1,
      enteredAt: 0,
      status: 'queued',
      agents: [],
      queueId,
      lastAgent: '',
      parkedBy: '',
      transfer: undefined,
      facts,
    };
    this.all.set(id, started);
    this.#enter(started, Entry.REASON_STARTED, now);
  }

  /** By an agent or the visitor. */
  close(chat: Conversation): void {
    if (chat.status === 'closed') return;
    Object.assign(chat, { status: 'closed', agents: [], transfer: undefined });
    this.#end(chat, '', Ended.REASON_CLOSED);
  }

  reopen(chat: Conversation, now: number): void {
    if (chat.status !== 'closed') return;
    this.#enter(chat, Entry.REASON_REOPENED, now);
  }

  /** The agent goes; without another one the chat goes back to its queue. */
  leave(chat: Conversation, agentId: string, now: number, reason = Ended.REASON_AGENT_LEFT): void {
    if (chat.status !== 'active' || !chat.agents.includes(agentId)) return;
    chat.agents = chat.agents.filter((id) => id !== agentId);
    this.#end(chat, agentId, reason);
    if (chat.agents.length > 0) return;
    chat.transfer = undefined;
    const why = reason === Ended.REASON_NO_REPLY ? Entry.REASON_NO_REPLY : Entry.REASON_AGENT_LEFT;
    this.#enter(chat, why, now);
  }

  park(chat: Conversation): void {
    const [agentId, second] = chat.agents;
    if (chat.status !== 'active' || !agentId || second) return;
    Object.assign(chat, { status: 'parked', agents: [], parkedBy: agentId, transfer: undefined });
    this.#end(chat, agentId, Ended.REASON_PARKED);
  }

  unpark(chat: Conversation, now: number): void {
    if (chat.status !== 'parked') return;
    this.#enter(chat, Entry.REASON_UNPARKED, now, { preferredAgentId: chat.parkedBy });
  }

  /** To an agent, or warm to a queue: routing is asked, and nothing changes until somebody has joined. */
  requestTransfer(
    chat: Conversation,
    id: string,
    to: { agentId: string; queueId: string },
    warm: boolean,
  ): void {
    const [from] = chat.agents;
    if (chat.status !== 'active' || !from || chat.transfer || chat.agents.includes(to.agentId)) return;
    chat.transfer = { id, from, warm };
    chat.version++;
    this.inputs.push({
      kind: 'requestTransfer',
      transfer: routing.TransferRequested.fromPartial({
        conversationId: chat.id,
        transferId: id,
        fromAgentId: from,
        toAgentId: to.agentId,
        toQueueId: to.queueId,
        warm,
        sourceVersion: chat.version,
      }),
    });
  }

  /** Cold to a queue: the agent has left at once. */
  handOver(chat: Conversation, queueId: string, now: number): void {
    const [from] = chat.agents;
    if (chat.status !== 'active' || !from) return;
    Object.assign(chat, { agents: [], transfer: undefined, queueId });
    this.#enter(chat, Entry.REASON_TRANSFERRED, now, { transferredBy: from });
  }

  cancelTransfer(chat: Conversation): void {
    if (!chat.transfer) return;
    const { id } = chat.transfer;
    chat.transfer = undefined;
    this.inputs.push({ kind: 'cancelTransfer', conversationId: chat.id, transferId: id });
  }

  takeOver(chat: Conversation, supervisor: string): void {
    if (chat.status === 'closed' || chat.agents.includes(supervisor)) return;
    Object.assign(chat, {
      status: 'active',
      agents: [supervisor],
      transfer: undefined,
      lastAgent: supervisor,
    });
    chat.version++;
    this.inputs.push({
      kind: 'startAssignment',
      conversationId: chat.id,
      agentId: supervisor,
      weight: 0,
      sourceVersion: chat.version,
    });
  }

  /** Routing's acceptance carried out; false when it is refused, so that routing frees the agent's capacity. */
  join(id: string, agentId: string, transferId: string, entered: number): boolean {
    const chat = this.all.get(id);
    if (!chat) return false;
    if (chat.agents.includes(agentId)) return true;
    const { transfer } = chat;
    const byTransfer = transferId !== '' && transfer?.id === transferId;
    const answered = chat.status === 'queued' && transferId === '' && entered === chat.enteredAt;
    if (!answered && !(chat.status === 'active' && byTransfer)) return false;
    chat.version++;
    Object.assign(chat, { status: 'active', agents: [...chat.agents, agentId], lastAgent: agentId });
    if (!byTransfer || !transfer) return true;
    chat.transfer = undefined;
    if (transfer.warm) return true;
    const leaving = chat.agents.includes(transfer.from) ? transfer.from : chat.agents[0]!;
    chat.agents = chat.agents.filter((each) => each !== leaving);
    this.#end(chat, leaving, Ended.REASON_TRANSFERRED);
    return true;
  }

  /** Nobody took the transfer. */
  refuseTransfer(id: string, transferId: string): void {
    const chat = this.all.get(id);
    if (chat?.transfer?.id === transferId) chat.transfer = undefined;
  }

  /** A message is taken, or a bot has it: it does not wait any more. */
  overflow(id: string, entered: number, to: routing.Overflow): void {
    const chat = this.all.get(id);
    if (chat?.status === 'queued' && chat.enteredAt === entered)
      chat.status = to === routing.Overflow.OVERFLOW_BOT ? 'bot' : 'away';
  }

  /** A bot has done what it could. */
  handToPeople(chat: Conversation, queueId: string, now: number): void {
    if (chat.status !== 'bot') return;
    chat.queueId = queueId || chat.queueId;
    this.#enter(chat, Entry.REASON_BOT_HANDOVER, now);
  }

  #enter(
    chat: Conversation,
    reason: conversation.QueueEntered_Reason,
    now: number,
    more: Partial<routing.ConversationEnqueued> = {},
  ): void {
    chat.status = 'queued';
    chat.enteredAt = ++chat.version;
    this.inputs.push({
      kind: 'enqueue',
      entry: routing.ConversationEnqueued.fromPartial({
        ...chat.facts,
        conversationId: chat.id,
        queueId: chat.queueId,
        reason,
        enteredAt: new Date(now),
        lastAgentId: chat.lastAgent,
        sourceVersion: chat.version,
        ...more,
      }),
    });
  }

  #end(chat: Conversation, agentId: string, reason: routing.AssignmentEnded_Reason): void {
    chat.version++;
    this.inputs.push({
      kind: 'endConversation',
      conversationId: chat.id,
      agentId,
      reason,
      sourceVersion: chat.version,
    });
  }
}
