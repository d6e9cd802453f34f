import { conversation, type events } from '@parley/client';

const { ConversationState: State } = conversation;

/** Handing on, holding, supervising and answering later, as lines between the messages. */
export type CareHappening =
  | { readonly what: 'transferAsked'; readonly fromId: string; readonly to: Target; readonly warm: boolean }
  | { readonly what: 'transferred'; readonly fromId: string; readonly to: Target; readonly warm: boolean }
  | {
      readonly what: 'transferRefused';
      readonly to: Target;
      readonly reason: events.TransferRefused_Reason | undefined;
      readonly note: string;
    }
  | { readonly what: 'held' | 'resumed' | 'parked'; readonly agentId: string }
  | {
      readonly what: 'supervisorJoined' | 'supervisorLeft' | 'tookOver';
      readonly id: string;
      /** Empty when the event does not say it. */
      readonly name: string;
    }
  | {
      readonly what: 'estimate';
      readonly position: number;
      /** Absent: no honest estimate. */
      readonly seconds: readonly [low: number, high: number] | undefined;
    }
  | {
      readonly what: 'informed';
      readonly next: events.VisitorInformed_Next | undefined;
      readonly queueId: string;
    }
  | { readonly what: 'messageAsked'; readonly reason: events.MessageRequested_Reason | undefined }
  | { readonly what: 'messageTaken'; readonly dueAt: number }
  | { readonly what: 'followUpAssigned'; readonly agentId: string; readonly dueAt: number }
  | { readonly what: 'followUpAnswered'; readonly agentId: string; readonly byMail: boolean }
  | { readonly what: 'bot' };

/** Whom a transfer asks: one of the two is set. */
export interface Target {
  readonly agentId: string;
  readonly queueId: string;
}

/** A transfer under way, or the last one that was done. */
export interface Handing {
  readonly id: string;
  readonly fromId: string;
  readonly to: Target;
  readonly warm: boolean;
  readonly summary: string;
  /** ms. */
  readonly askedAt: number;
}

/** What was promised and who keeps it. Times in ms, 0 when there is none. */
export interface Later {
  readonly takenAt: number;
  readonly dueAt: number;
  /** Empty: its queue's. */
  readonly ownerId: string;
  readonly answeredAt: number;
}

/** The part of a thread that is about who cares for it. */
export interface Care {
  readonly supervisorIds: readonly string[];
  /** Whoever parked it; empty while it is not parked. */
  readonly parkedBy: string;
  readonly transfer: Handing | undefined;
  /** The last transfer that was done. */
  readonly handedOver: Handing | undefined;
  readonly later: Later | undefined;
}

export const noCare: Care = {
  supervisorIds: [],
  parkedBy: '',
  transfer: undefined,
  handedOver: undefined,
  later: undefined,
};

/** What an event changes; undefined when it is about something else. */
export interface CareStep {
  readonly care: Partial<Care>;
  readonly line: CareHappening;
  readonly state?: conversation.ConversationState;
  /** Agents in the chat from now on. */
  readonly agentIds?: readonly string[];
  /** The queue from now on. */
  readonly queueId?: string;
}

const msOf = (iso: string | undefined): number => Date.parse(iso ?? '') || 0;
const isWarm = (mode: events.TransferRequested_Mode | undefined): boolean => mode === 'MODE_WARM';

/** What one event means for the care of a chat. `at`: its time, ms. */
export const careStep = (before: Care, event: events.ConversationEvent, at: number): CareStep | undefined =>
  handing(before, event, at) ?? keeping(event) ?? supervising(before, event) ?? later(before, event, at);

const handing = (before: Care, event: events.ConversationEvent, at: number): CareStep | undefined => {
  if (event.transferRequested) {
    const asked = event.transferRequested;
    const transfer: Handing = {
      id: asked.transferId ?? '',
      fromId: asked.fromAgentId ?? '',
      to: { agentId: asked.toAgentId ?? '', queueId: asked.toQueueId ?? '' },
      warm: isWarm(asked.mode),
      summary: asked.summary ?? '',
      askedAt: at,
    };
    const { fromId, to, warm } = transfer;
    return { care: { transfer }, line: { what: 'transferAsked', fromId, to, warm } };
  }
  if (event.transferred) {
    const done = event.transferred;
    const to = { agentId: done.toAgentId ?? '', queueId: done.toQueueId ?? '' };
    const fromId = done.fromAgentId ?? '';
    const warm = isWarm(done.mode);
    const asked = before.transfer?.id === done.transferId ? before.transfer : undefined;
    const handedOver = asked && { ...asked, to };
    return { care: { transfer: undefined, handedOver }, line: { what: 'transferred', fromId, to, warm } };
  }
  if (event.transferRefused) {
    const { transferId, reason, note = '' } = event.transferRefused;
    const to =
      before.transfer?.id === transferId && before.transfer
        ? before.transfer.to
        : { agentId: '', queueId: '' };
    return { care: { transfer: undefined }, line: { what: 'transferRefused', to, reason, note } };
  }
  return undefined;
};

const keeping = (event: events.ConversationEvent): CareStep | undefined => {
  if (event.held)
    return {
      care: {},
      line: { what: 'held', agentId: event.held.agentId ?? '' },
      state: State.CONVERSATION_STATE_ON_HOLD,
    };
  if (event.resumed)
    return {
      care: {},
      line: { what: 'resumed', agentId: event.resumed.agentId ?? '' },
      state: State.CONVERSATION_STATE_ACTIVE,
    };
  if (event.parked) {
    const { agentId = '' } = event.parked;
    return {
      care: { parkedBy: agentId, transfer: undefined },
      line: { what: 'parked', agentId },
      state: State.CONVERSATION_STATE_PARKED,
      agentIds: [],
    };
  }
  if (event.handedToBot) return { care: {}, line: { what: 'bot' }, state: State.CONVERSATION_STATE_BOT };
  return undefined;
};

const supervising = ({ supervisorIds }: Care, event: events.ConversationEvent): CareStep | undefined => {
  if (event.supervisorJoined) {
    const { supervisorId: id = '', supervisorName: name = '' } = event.supervisorJoined;
    return {
      care: { supervisorIds: [...supervisorIds.filter((known) => known !== id), id] },
      line: { what: 'supervisorJoined', id, name },
    };
  }
  if (event.supervisorLeft) {
    const { supervisorId: id = '' } = event.supervisorLeft;
    return {
      care: { supervisorIds: supervisorIds.filter((known) => known !== id) },
      line: { what: 'supervisorLeft', id, name: '' },
    };
  }
  if (event.takenOver) {
    const { supervisorId: id = '', supervisorName: name = '' } = event.takenOver;
    return { care: {}, line: { what: 'tookOver', id, name } };
  }
  return undefined;
};

const later = (before: Care, event: events.ConversationEvent, at: number): CareStep | undefined => {
  if (event.waitEstimateShown) {
    const { position = 0, lowSeconds, highSeconds } = event.waitEstimateShown;
    const seconds = highSeconds === undefined ? undefined : ([lowSeconds ?? 0, highSeconds] as const);
    return { care: {}, line: { what: 'estimate', position, seconds } };
  }
  if (event.visitorInformed) {
    const { next, queueId = '' } = event.visitorInformed;
    return { care: {}, line: { what: 'informed', next, queueId }, ...(queueId ? { queueId } : {}) };
  }
  if (event.messageRequested)
    return {
      care: {},
      line: { what: 'messageAsked', reason: event.messageRequested.reason },
      state: State.CONVERSATION_STATE_TAKING_MESSAGE,
    };
  if (event.messageTaken) {
    const { queueId = '', replyBy } = event.messageTaken;
    const dueAt = msOf(replyBy);
    return {
      care: { later: { takenAt: at, dueAt, ownerId: '', answeredAt: 0 } },
      line: { what: 'messageTaken', dueAt },
      ...(queueId ? { queueId } : {}),
    };
  }
  if (event.followUpAssigned) {
    const { agentId = '', dueAt: due } = event.followUpAssigned;
    const dueAt = msOf(due);
    const known = before.later;
    return {
      care: { later: known && { ...known, ownerId: agentId, dueAt: dueAt || known.dueAt } },
      line: { what: 'followUpAssigned', agentId, dueAt: dueAt === known?.dueAt ? 0 : dueAt },
    };
  }
  if (event.followUpAnswered) {
    const { agentId = '', byMail = false } = event.followUpAnswered;
    const known = before.later;
    return {
      care: { later: known && { ...known, ownerId: known.ownerId || agentId, answeredAt: at } },
      line: { what: 'followUpAnswered', agentId, byMail },
    };
  }
  return undefined;
};
