import type { routingEvents } from '@parley/client';
import type { Names } from './names.js';
import type { WhyWord } from './words.js';

const CAUSES: Readonly<Record<string, WhyWord>> = {
  CAUSE_TIMED_OUT: 'stageTimedOut',
  CAUSE_QUEUE_CLOSED: 'stageClosed',
  CAUSE_FAILSAFE: 'stageFailsafe',
  CAUSE_MOVED: 'stageMoved',
};
const SKIPPED: Readonly<Record<string, WhyWord>> = {
  skip_if: 'skippedCondition',
  closed: 'skippedClosed',
  full: 'skippedFull',
  no_agents: 'skippedNoAgents',
};
const FAILSAFE: Readonly<Record<routingEvents.FailsafeAction, WhyWord>> = {
  FAILSAFE_ACTION_UNSPECIFIED: 'failsafeTold',
  FAILSAFE_ACTION_TELL: 'failsafeTold',
  FAILSAFE_ACTION_MOVE: 'failsafeMoved',
  FAILSAFE_ACTION_ESCALATE: 'failsafeEscalated',
  FAILSAFE_ACTION_OVERFLOW: 'failsafeOverflowed',
};
const OVERFLOW: Readonly<Record<string, WhyWord>> = {
  REASON_CLOSED_HOURS: 'overflowClosed',
  REASON_QUEUE_FULL: 'overflowFull',
  REASON_WAITED_TOO_LONG: 'overflowLong',
  REASON_WORKFLOW: 'overflowWorkflow',
  REASON_FAILSAFE: 'overflowFailsafe',
};
const RESCINDED: Readonly<Record<string, WhyWord>> = {
  REASON_CONVERSATION_ENDED: 'rescindedEnded',
  REASON_AGENT_GONE: 'rescindedGone',
  REASON_REQUEUED: 'rescindedRequeued',
  REASON_CAPACITY_LOWERED: 'rescindedCapacity',
  REASON_ACCEPTED_BY_OTHER: 'rescindedByOther',
  REASON_MOVED: 'rescindedMoved',
  REASON_TRANSFER_ENDED: 'rescindedTransfer',
  REASON_REASSIGNED: 'rescindedReassigned',
};
const ENDED: Readonly<Record<string, WhyWord>> = {
  REASON_CLOSED: 'endedClosed',
  REASON_AGENT_LEFT: 'endedLeft',
  REASON_JOIN_REFUSED: 'endedRefused',
  REASON_PARKED: 'endedParked',
  REASON_TRANSFERRED: 'endedTransferred',
  REASON_TAKEN_OVER: 'endedTakenOver',
  REASON_NO_REPLY: 'endedNoReply',
};
const TRANSFERS: Readonly<Record<string, WhyWord>> = {
  OUTCOME_ACCEPTED: 'transferAccepted',
  OUTCOME_DECLINED: 'transferDeclined',
  OUTCOME_TIMED_OUT: 'transferTimedOut',
  OUTCOME_UNAVAILABLE: 'transferUnavailable',
  OUTCOME_CANCELLED: 'transferCancelled',
  OUTCOME_CONVERSATION_ENDED: 'transferOver',
};

/** A step of routing as a sentence; empty for what says nothing about the chat. */
export const stepWords = (event: routingEvents.RoutingEvent, names: Names): string =>
  waitingWords(event, names) || offerWords(event, names) || workWords(event, names);

const waitingWords = (event: routingEvents.RoutingEvent, { words: { t }, queue }: Names): string => {
  if (event.conversationEnqueued) {
    const { queueId, filterName } = event.conversationEnqueued;
    return t(filterName ? 'stepEnqueuedBy' : 'stepEnqueued', {
      queue: queue(queueId),
      filter: filterName ?? '',
    });
  }
  if (event.targetEntered) {
    const { target = 0, queueId, cause = '', skipped = [] } = event.targetEntered;
    const why = CAUSES[cause];
    return [
      t('stepStage', { number: target + 1, queue: queue(queueId) }),
      ...(why ? [t(why)] : []),
      ...skipped.map(({ target: past = 0, reason = '' }) =>
        t('stepSkipped', { number: past + 1, why: SKIPPED[reason] ? t(SKIPPED[reason]) : reason }),
      ),
    ].join(' ');
  }
  if (event.failsafeActed) {
    const { action = 'FAILSAFE_ACTION_UNSPECIFIED', queueId } = event.failsafeActed;
    return t(FAILSAFE[action], { queue: queue(queueId) });
  }
  if (event.overflowReached) {
    const { to, reason = '' } = event.overflowReached;
    const why = OVERFLOW[reason];
    return [t(to === 'OVERFLOW_BOT' ? 'stepToBot' : 'stepToMessage'), ...(why ? [t(why)] : [])].join(' ');
  }
  if (event.conversationDequeued) return t('stepDequeued');
  return '';
};

const offerWords = (event: routingEvents.RoutingEvent, { words: { t }, agent }: Names): string => {
  if (event.offerMade) {
    const { agentId, kind, autoAccept } = event.offerMade;
    const key =
      kind === 'KIND_TRANSFER'
        ? 'stepOfferedTransfer'
        : kind === 'KIND_ASSIGNED'
          ? 'stepAssigned'
          : 'stepOffered';
    return t(autoAccept ? 'stepAutoAccept' : key, { name: agent(agentId) });
  }
  if (event.offerAccepted) return t('stepAccepted', { name: agent(event.offerAccepted.agentId) });
  if (event.offerDeclined) {
    const { agentId, reason = '' } = event.offerDeclined;
    return t(reason ? 'stepDeclinedBecause' : 'stepDeclined', { name: agent(agentId), reason });
  }
  if (event.offerTimedOut) return t('stepTimedOut', { name: agent(event.offerTimedOut.agentId) });
  if (event.offerRescinded) {
    const { agentId, reason = '' } = event.offerRescinded;
    const why = RESCINDED[reason];
    return [t('stepRescinded', { name: agent(agentId) }), ...(why ? [t(why)] : [])].join(' ');
  }
  if (event.exclusionEnded) return t('stepAdmitted', { name: agent(event.exclusionEnded.agentId) });
  return '';
};

const workWords = (event: routingEvents.RoutingEvent, { words: { t }, agent, queue }: Names): string => {
  if (event.assignmentStarted) return t('stepTookOver', { name: agent(event.assignmentStarted.agentId) });
  if (event.assignmentEnded) {
    const { agentId, reason = '' } = event.assignmentEnded;
    const why = ENDED[reason];
    return [t('stepEnded', { name: agent(agentId) }), ...(why ? [t(why)] : [])].join(' ');
  }
  if (event.transferRequested) {
    const { fromAgentId, toAgentId, toQueueId } = event.transferRequested;
    return t('stepTransfer', {
      from: agent(fromAgentId),
      to: toAgentId ? agent(toAgentId) : queue(toQueueId),
    });
  }
  if (event.transferEnded) {
    const word = TRANSFERS[event.transferEnded.outcome ?? ''];
    return word ? t(word) : '';
  }
  if (event.replyOverdue) return t('stepOverdue', { name: agent(event.replyOverdue.agentId) });
  if (event.replyCaughtUp) return t('stepCaughtUp', { name: agent(event.replyCaughtUp.agentId) });
  if (event.wrapUpStarted) return t('stepWrapUp', { name: agent(event.wrapUpStarted.agentId) });
  if (event.agentNotResponding)
    return t('stepNotResponding', { name: agent(event.agentNotResponding.agentId) });
  return '';
};
