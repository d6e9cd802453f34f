import type { routingEvents } from '@parley/client';
import { useCallback } from 'react';
import { reasonOf } from '../../state/why.js';
import { useDesk, useStore } from '../../ui/hooks.js';
import { useRemote } from '../../ui/remote.js';
import { useWhyWords, type WhyWord, type WhyWords } from './words.js';

const RULES: Readonly<Record<string, WhyWord>> = {
  serves_queue: 'ruleServesQueue',
  skill: 'ruleSkill',
  language: 'ruleLanguage',
  available: 'ruleAvailable',
  free_capacity: 'ruleFreeCapacity',
  team_limit: 'ruleTeamLimit',
  reply_overdue: 'ruleReplyOverdue',
  declined_or_timed_out: 'ruleDeclined',
  preferred: 'rulePreferred',
  // What puts one candidate behind another, as the log has it.
  'less free capacity': 'orderMostFree',
  'idle for a shorter time': 'orderLongestIdle',
  'order of ids': 'orderById',
};
const REASONS: Readonly<Record<string, WhyWord>> = {
  queue: 'reasonQueue',
  skill: 'reasonSkill',
  language: 'reasonLanguage',
  last_agent: 'reasonLastAgent',
  most_free: 'reasonMostFree',
  longest_idle: 'reasonLongestIdle',
  only_candidate: 'reasonOnly',
  several_at_once: 'reasonSeveral',
  parked: 'reasonParked',
  assigned: 'reasonAssigned',
  transfer: 'reasonTransfer',
};

/** Ids and codes of routing in words. What is newer than this desk is shown as it is. */
export interface Names {
  readonly words: WhyWords;
  readonly agent: (id: string | undefined) => string;
  readonly queue: (id: string | undefined) => string;
  readonly skill: (id: string) => string;
  readonly language: (tag: string) => string;
  readonly rule: (rule: string) => string;
  readonly reason: (code: string) => string;
  /** What a chat asks for, one by one. */
  readonly needs: (requirements: routingEvents.Requirements | undefined) => readonly string[];
}

export const useNames = (): Names => {
  const { connection, people, queues } = useDesk();
  const words = useWhyWords();
  const { t, language } = words;
  const names = useStore(people);
  const known = useStore(queues);
  const load = useCallback(
    () =>
      connection.call('parley.routing.v1.RoutingService/ListSkills', {}).then(({ skills = [] }) => skills),
    [connection],
  );
  const [{ value: skills = [] }] = useRemote(load);
  const agent = (id = ''): string => names.get(id) ?? id;
  const queue = (id = ''): string => known.get(id)?.queue?.name ?? id;
  const skill = (id: string): string => skills.find(({ skillId }) => skillId === id)?.name ?? id;
  const languageName = (tag: string): string => {
    if (tag === 'visitor') return t('visitorsLanguage');
    try {
      return new Intl.DisplayNames([language], { type: 'language' }).of(tag) ?? tag;
    } catch {
      return tag;
    }
  };
  return {
    words,
    agent,
    queue,
    skill,
    language: languageName,
    rule: (rule) => (RULES[rule] ? t(RULES[rule]) : rule),
    reason: (code) => {
      const { kind, values } = reasonOf(code);
      const [first = '', second = ''] = values;
      const word = REASONS[kind];
      if (!word) return code;
      if (kind === 'queue') return t(word, { name: queue(first) });
      if (kind === 'skill') return t(word, { name: skill(first), level: second });
      if (kind === 'language') return t(word, { name: languageName(first) });
      return t(word);
    },
    needs: ({ skills: levels = {}, language: tag = '' } = {}) => [
      ...Object.entries(levels).map(([id, level]) => t('needsSkill', { name: skill(id), level })),
      ...(tag ? [t('needsLanguage', { name: languageName(tag) })] : []),
    ],
  };
};
