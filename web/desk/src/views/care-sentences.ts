import type { events } from '@parley/client';
import { type Names, refusedWords, targetName } from '../i18n/care-words.js';
import type { MessageKey, Translate } from '../i18n/translate.js';
import { clockOf, type Formats } from '../lib/format.js';
import type { CareHappening } from '../state/thread-care.js';

const ASKED_WORDS: Record<events.MessageRequested_Reason, MessageKey> = {
  REASON_UNSPECIFIED: 'askedWorkflow',
  REASON_CLOSED_HOURS: 'askedHours',
  REASON_QUEUE_FULL: 'askedFull',
  REASON_WAITED_TOO_LONG: 'askedLong',
  REASON_WORKFLOW: 'askedWorkflow',
  REASON_FAILSAFE: 'askedFailsafe',
  REASON_VISITOR: 'askedVisitor',
};

const INFORMED_WORDS: Record<events.VisitorInformed_Next, MessageKey> = {
  NEXT_UNSPECIFIED: 'lineInformedWaiting',
  NEXT_STILL_WAITING: 'lineInformedWaiting',
  NEXT_MOVED: 'lineInformedMoved',
  NEXT_PLACED: 'linePlaced',
  NEXT_ESCALATED: 'lineInformedEscalated',
  NEXT_AGENT_HELD: 'lineInformedHeld',
};

const KEPT_WORDS: Record<'held' | 'resumed' | 'parked', MessageKey> = {
  held: 'lineHeld',
  resumed: 'lineResumed',
  parked: 'lineParked',
};

const SUPERVISED_WORDS: Record<'supervisorJoined' | 'supervisorLeft' | 'tookOver', MessageKey> = {
  supervisorJoined: 'lineSupervisorJoined',
  supervisorLeft: 'lineSupervisorLeft',
  tookOver: 'lineTookOver',
};

/** What happened to the care of a chat, as a sentence. */
export const careSentence = (
  happening: CareHappening,
  t: Translate,
  formats: Formats,
  names: Names,
): string => {
  switch (happening.what) {
    case 'transferAsked':
      return t(happening.warm ? 'lineTransferAskedWarm' : 'lineTransferAsked', {
        name: names.person(happening.fromId),
        to: targetName(happening.to, names),
      });
    case 'transferred':
      return t(happening.warm ? 'lineTransferredWarm' : 'lineTransferred', {
        name: names.person(happening.fromId),
        to: targetName(happening.to, names),
      });
    case 'transferRefused': {
      const to = targetName(happening.to, names);
      if (happening.reason === 'REASON_CANCELLED') return t('lineTransferCancelled', { to });
      return t('lineTransferRefused', { to, reason: refusedWords(happening.reason, happening.note, t) });
    }
    case 'held':
    case 'resumed':
    case 'parked':
      return t(KEPT_WORDS[happening.what], { name: names.person(happening.agentId) });
    case 'supervisorJoined':
    case 'supervisorLeft':
    case 'tookOver':
      return t(SUPERVISED_WORDS[happening.what], { name: happening.name || names.person(happening.id) });
    case 'estimate': {
      const { position, seconds } = happening;
      if (!seconds) return t('lineEstimateNone', { position });
      const [low, high] = seconds;
      return t('lineEstimate', { position, low: clockOf(low * 1000), high: clockOf(high * 1000) });
    }
    case 'informed':
      return t(INFORMED_WORDS[happening.next ?? 'NEXT_UNSPECIFIED'], {
        queue: names.queue(happening.queueId),
      });
    case 'messageAsked':
      return t('lineMessageAsked', { reason: t(ASKED_WORDS[happening.reason ?? 'REASON_UNSPECIFIED']) });
    case 'messageTaken':
      return happening.dueAt
        ? t('lineMessageTaken', { time: formats.moment(happening.dueAt) })
        : t('lineMessageTakenNoTime');
    case 'followUpAssigned':
      if (happening.dueAt) return t('lineFollowUpDue', { time: formats.moment(happening.dueAt) });
      return happening.agentId
        ? t('lineFollowUpTaken', { name: names.person(happening.agentId) })
        : t('lineFollowUpQueue');
    case 'followUpAnswered':
      return t(happening.byMail ? 'lineFollowUpMailed' : 'lineFollowUpAnswered', {
        name: names.person(happening.agentId),
      });
    case 'bot':
      return t('lineBot');
  }
};
