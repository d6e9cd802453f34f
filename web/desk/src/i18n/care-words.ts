import type { events } from '@parley/client';
import { declineReasonOf, type DeclineReason, reasonOf } from '../state/reasons.js';
import type { TransferNews } from '../state/news.js';
import type { Target } from '../state/thread-care.js';
import type { MessageKey, Translate } from './translate.js';

/** Names for ids. */
export interface Names {
  readonly person: (id: string) => string;
  readonly queue: (id: string) => string;
}

/** Whom a transfer asks, by name. */
export const targetName = ({ agentId, queueId }: Target, names: Names): string =>
  agentId ? names.person(agentId) : names.queue(queueId);

export const DECLINE_WORDS: Record<DeclineReason, MessageKey> = {
  busy: 'declineBusy',
  not_my_area: 'declineArea',
  break: 'declineBreak',
};

/** What somebody gave as their reason, in the reader's language where it is one of the list. */
export const declineWords = (text: string, t: Translate): string => {
  const known = declineReasonOf(text);
  return known ? t(DECLINE_WORDS[known]) : text;
};

const REFUSED_WORDS: Record<events.TransferRefused_Reason, MessageKey> = {
  REASON_UNSPECIFIED: 'refusedUnavailable',
  REASON_DECLINED: 'refusedDeclined',
  REASON_TIMED_OUT: 'refusedTimedOut',
  REASON_UNAVAILABLE: 'refusedUnavailable',
  REASON_CANCELLED: 'refusedCancelled',
};

/** Why a transfer came back, with the other agent's own words. */
export const refusedWords = (
  reason: events.TransferRefused_Reason | undefined,
  note: string,
  t: Translate,
): string => {
  const words = t(REFUSED_WORDS[reason ?? 'REASON_UNSPECIFIED']);
  return note ? `${words}: ${declineWords(note, t)}` : words;
};

/** How the viewer's transfer ended, as a sentence. */
export const transferOutcome = (
  { name, news }: { name: string; news: TransferNews },
  t: Translate,
  names: Names,
): string => {
  const visitor = name || t('visitor');
  const to = targetName(news.to, names);
  if (news.kind === 'taken') return t(news.warm ? 'newsJoined' : 'newsTaken', { visitor, to });
  return t('newsRefused', { visitor, to, reason: refusedWords(news.reason, news.note, t) });
};

const REASON_WORDS: Readonly<Record<string, MessageKey>> = {
  queue: 'whyQueue',
  skill: 'whySkill',
  language: 'whyLanguage',
  last_agent: 'whyLastAgent',
  parked: 'whyParked',
  most_free: 'whyMostFree',
  longest_idle: 'whyLongestIdle',
  only_candidate: 'whyOnly',
  assigned: 'whyAssigned',
  transfer: 'whyTransfer',
  several_at_once: 'whySeveral',
};

/** A reason code of the routing as a sentence to the agent; undefined when it is newer than this desk. */
export const whyYou = (
  code: string,
  t: Translate,
  names: { queue(id: string): string; skill(id: string): string; language(tag: string): string },
): string | undefined => {
  const { kind, id, level } = reasonOf(code);
  const key = REASON_WORDS[kind];
  if (!key) return undefined;
  const name =
    kind === 'queue'
      ? names.queue(id)
      : kind === 'skill'
        ? names.skill(id)
        : kind === 'language'
          ? names.language(id)
          : '';
  return t(key, { name, level });
};
