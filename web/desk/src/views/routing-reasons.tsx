import type { routing, routingEvents } from '@parley/client';
import { type ReactElement, useCallback } from 'react';
import type { MessageKey, Translate } from '../i18n/translate.js';
import { useDesk, useStore, useWords } from '../ui/hooks.js';
import { Skeleton } from '../ui/parts.js';
import { useRemote } from '../ui/remote.js';
import { Section } from './section.js';

/** Why this agent: every decision about the chat with its reasons. `version`: loads again when it changes. */
export const RoutingReasons = ({ id, version }: { id: string; version: number }): ReactElement => {
  const { connection } = useDesk();
  const { t } = useWords();
  const load = useCallback(
    () =>
      connection
        .call('parley.routing.v1.RoutingService/ExplainRouting', { conversationId: id })
        .then(({ steps = [] }) => ({ steps, version })),
    [connection, id, version],
  );
  const [remote] = useRemote(load);
  return (
    <Section title={t('routing')}>
      {remote.status === 'loading' && <Skeleton lines={3} />}
      {remote.status === 'failed' && <p className="quiet">{remote.message}</p>}
      {remote.value?.steps.length === 0 && <p className="quiet">{t('routingNothing')}</p>}
      <ol className="steps">
        {remote.value?.steps.map((step, index) => (
          <Step key={`${step.version}-${index}`} step={step} />
        ))}
      </ol>
    </Section>
  );
};

const RULES: Readonly<Record<string, MessageKey>> = {
  serves_queue: 'ruleServesQueue',
  available: 'ruleAvailable',
  free_capacity: 'ruleFreeCapacity',
  declined_or_timed_out: 'ruleDeclined',
};

/** A rule in words; its own name when it is newer than this desk. */
const ruleOf = (rule: string | undefined, t: Translate): string => {
  const words = RULES[rule ?? ''];
  return words ? t(words) : (rule ?? '');
};

const Step = ({ step }: { step: routing.RoutingStep }): ReactElement | null => {
  const { people, queues } = useDesk();
  const { t, formats } = useWords();
  const names = useStore(people);
  const known = useStore(queues);
  const nameOf = (agentId = ''): string => names.get(agentId) ?? agentId;
  const words = wordsOf(
    step.event ?? {},
    t,
    nameOf,
    (queueId = '') => known.get(queueId)?.queue?.name ?? queueId,
  );
  if (!words) return null;
  const explanation = step.event?.offerMade?.explanation;
  return (
    <li>
      <time>{step.time ? formats.time(Date.parse(step.time)) : ''}</time>
      <span className="step-words">
        <span>{words}</span>
        {explanation && <Reasons explanation={explanation} nameOf={nameOf} />}
      </span>
    </li>
  );
};

const Reasons = ({
  explanation: { considered = 0, excluded = [], candidates = [] },
  nameOf,
}: {
  explanation: routingEvents.Explanation;
  nameOf: (agentId?: string) => string;
}): ReactElement => {
  const { t, formats } = useWords();
  return (
    <details className="reasons">
      <summary>{t('considered', { count: considered })}</summary>
      <ul>
        {excluded
          .filter(({ agents = 0 }) => agents > 0)
          .map(({ rule, agents = 0 }) => (
            <li key={rule}>{t('excludedBy', { rule: ruleOf(rule, t), count: agents })}</li>
          ))}
        {candidates.map(({ agentId, freeShare = 0, idleSince, behindBecause }, index) => (
          <li key={agentId}>
            <strong>
              {index + 1}. {nameOf(agentId)}
            </strong>{' '}
            {t('freeShare', { share: formats.percent(freeShare) })}
            {idleSince ? ` · ${t('idleSince', { time: formats.time(Date.parse(idleSince)) })}` : ''}
            {behindBecause ? ` · ${t('behindBecause', { rule: ruleOf(behindBecause, t) })}` : ''}
          </li>
        ))}
      </ul>
    </details>
  );
};

const wordsOf = (
  event: routingEvents.RoutingEvent,
  t: Translate,
  nameOf: (agentId?: string) => string,
  queueOf: (queueId?: string) => string,
): string => {
  if (event.conversationEnqueued)
    return t('stepEnqueued', { queue: queueOf(event.conversationEnqueued.queueId) });
  if (event.offerMade) return t('stepOffered', { name: nameOf(event.offerMade.agentId) });
  if (event.offerAccepted) return t('stepAccepted', { name: nameOf(event.offerAccepted.agentId) });
  if (event.offerDeclined) return t('stepDeclined', { name: nameOf(event.offerDeclined.agentId) });
  if (event.offerTimedOut) return t('stepTimedOut', { name: nameOf(event.offerTimedOut.agentId) });
  if (event.offerRescinded) return t('stepRescinded', { name: nameOf(event.offerRescinded.agentId) });
  if (event.conversationDequeued) return t('stepDequeued');
  if (event.assignmentEnded) return t('stepEnded', { name: nameOf(event.assignmentEnded.agentId) });
  if (event.wrapUpStarted) return t('stepWrapUp', { name: nameOf(event.wrapUpStarted.agentId) });
  if (event.agentNotResponding)
    return t('stepNotResponding', { name: nameOf(event.agentNotResponding.agentId) });
  return '';
};
