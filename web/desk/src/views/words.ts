import type { events } from '@parley/client';
import type { Names } from '../i18n/care-words.js';
import type { MessageKey, Translate } from '../i18n/translate.js';
import type { Formats } from '../lib/format.js';
import type { Happening } from '../state/thread.js';
import { careSentence } from './care-sentences.js';

/** How a conversation ended, in words. */
export const CLOSE_WORDS: Record<events.CloseReason, MessageKey> = {
  CLOSE_REASON_UNSPECIFIED: 'closedWord',
  CLOSE_REASON_RESOLVED: 'resolved',
  CLOSE_REASON_UNRESOLVED: 'unresolved',
  CLOSE_REASON_VISITOR_ENDED: 'visitorEnded',
  CLOSE_REASON_ABANDONED: 'abandoned',
  CLOSE_REASON_EXPIRED: 'expired',
  CLOSE_REASON_SPAM: 'spam',
  CLOSE_REASON_MESSAGE_TAKEN: 'messageTaken',
};

const QUEUED_WORDS: Record<events.QueueEntered_Reason, MessageKey> = {
  REASON_UNSPECIFIED: 'lineQueued',
  REASON_STARTED: 'lineQueued',
  REASON_REOPENED: 'lineQueued',
  REASON_AGENT_LEFT: 'lineQueuedAgain',
  REASON_TRANSFERRED: 'lineQueuedTransferred',
  REASON_UNPARKED: 'lineQueuedUnparked',
  REASON_BOT_HANDOVER: 'lineQueuedBot',
  REASON_NO_REPLY: 'lineQueuedNoReply',
};

const LEFT_WORDS: Record<events.AgentLeft_Reason, MessageKey> = {
  REASON_UNSPECIFIED: 'lineLeft',
  REASON_LEFT: 'lineLeft',
  REASON_DISCONNECTED: 'lineLeftDisconnected',
  REASON_TRANSFERRED: 'lineLeftTransferred',
  REASON_TAKEN_OVER: 'lineLeftTakenOver',
  REASON_NO_REPLY: 'lineLeftNoReply',
};

/** A happening as a sentence. */
export const sentenceOf = (happening: Happening, t: Translate, formats: Formats, names: Names): string => {
  switch (happening.what) {
    case 'started':
      return happening.page ? t('lineStarted', { page: happening.page }) : t('lineStartedNowhere');
    case 'identified':
      return t(happening.verified ? 'lineVerified' : 'lineIdentified', { name: happening.name });
    case 'queued':
      return t(QUEUED_WORDS[happening.reason ?? 'REASON_UNSPECIFIED'], {
        queue: names.queue(happening.queueId),
      });
    case 'joined':
      return t('lineJoined', { name: happening.name });
    case 'left':
      return t(LEFT_WORDS[happening.reason ?? 'REASON_UNSPECIFIED'], { name: happening.name });
    case 'closed': {
      const reason = t(CLOSE_WORDS[happening.reason ?? 'CLOSE_REASON_UNSPECIFIED']);
      return happening.name
        ? t('lineClosedBy', { name: happening.name, reason })
        : t('lineClosed', { reason });
    }
    case 'reopened':
      return happening.name ? t('lineReopenedBy', { name: happening.name }) : t('lineReopened');
    case 'rated':
      return happening.comment
        ? t('lineRatedComment', { score: happening.score, comment: happening.comment })
        : t('lineRated', { score: happening.score });
    case 'converted':
      return t('lineConverted', {
        name: happening.name,
        value: formats.money(happening.value, happening.currency),
      }).trim();
    case 'erased':
      return t('lineErased');
    case 'page':
      return t('linePage', { page: happening.title });
    case 'transferAsked':
    case 'transferred':
    case 'transferRefused':
    case 'held':
    case 'resumed':
    case 'parked':
    case 'supervisorJoined':
    case 'supervisorLeft':
    case 'tookOver':
    case 'estimate':
    case 'informed':
    case 'messageAsked':
    case 'messageTaken':
    case 'followUpAssigned':
    case 'followUpAnswered':
    case 'bot':
      return careSentence(happening, t, formats, names);
  }
};
