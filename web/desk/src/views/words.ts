import type { events } from '@parley/client';
import type { MessageKey, Translate } from '../i18n/translate.js';
import type { Formats } from '../lib/format.js';
import type { Happening } from '../state/thread.js';

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

/** A happening as a sentence. */
export const sentenceOf = (
  happening: Happening,
  t: Translate,
  formats: Formats,
  queueName: (id: string) => string,
): string => {
  switch (happening.what) {
    case 'started':
      return happening.page ? t('lineStarted', { page: happening.page }) : t('lineStartedNowhere');
    case 'identified':
      return t(happening.verified ? 'lineVerified' : 'lineIdentified', { name: happening.name });
    case 'queued':
      return t(happening.reason === 'REASON_AGENT_LEFT' ? 'lineQueuedAgain' : 'lineQueued', {
        queue: queueName(happening.queueId),
      });
    case 'joined':
      return t('lineJoined', { name: happening.name });
    case 'left':
      return t('lineLeft', { name: happening.name });
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
  }
};
