import type { routing, routingEvents } from '@parley/client';
import { type ReactElement, useCallback } from 'react';
import { sieveOf, toneOf } from '../../state/why.js';
import { useDesk } from '../../ui/hooks.js';
import { Skeleton } from '../../ui/parts.js';
import { useRemote } from '../../ui/remote.js';
import type { Names } from './names.js';
import { Sieve } from './sieve.js';
import { stepWords } from './step-words.js';

/** Offers come and go while a chat waits. */
const WAITING_EVERY_MS = 5_000;

/** Every decision about a chat with its reasons. `version`: loads again when it changes. */
export const WhyAgent = ({
  id,
  waiting,
  version,
  names,
}: {
  id: string;
  waiting: boolean;
  version: string;
  names: Names;
}): ReactElement => {
  const { connection } = useDesk();
  const load = useCallback(
    () =>
      connection
        .call('parley.routing.v1.RoutingService/ExplainRouting', { conversationId: id })
        .then(({ steps = [] }) => ({ steps, version })),
    [connection, id, version],
  );
  const [remote] = useRemote(load, waiting ? WAITING_EVERY_MS : undefined);
  if (remote.status === 'failed' && !remote.value) return <p className="quiet">{remote.message}</p>;
  if (!remote.value) return <Skeleton lines={3} />;
  const { steps } = remote.value;
  if (steps.length === 0) return <p className="quiet">{names.words.t('routingNothing')}</p>;
  return (
    <ol className="steps">
      {steps.map((step, index) => (
        <Step key={`${step.version}-${index}`} step={step} names={names} />
      ))}
    </ol>
  );
};

const Step = ({ step, names }: { step: routing.RoutingStep; names: Names }): ReactElement | null => {
  const { formats } = names.words;
  const event = step.event ?? {};
  const words = stepWords(event, names);
  if (!words) return null;
  const explanation = event.offerMade?.explanation;
  const needs = names.needs(event.targetEntered?.requirements ?? event.conversationEnqueued?.requirements);
  return (
    <li data-tone={toneOf(event)}>
      <time>{step.time ? formats.time(Date.parse(step.time)) : ''}</time>
      <span className="step-words">
        <span>{words}</span>
        {needs.length > 0 && <span className="quiet">{needs.join(', ')}</span>}
        {explanation && <Reasons explanation={explanation} names={names} />}
      </span>
    </li>
  );
};

const Reasons = ({
  explanation: { considered = 0, excluded = [], candidates = [], reasons = [], filterName },
  names,
}: {
  explanation: routingEvents.Explanation;
  names: Names;
}): ReactElement => {
  const { t, formats } = names.words;
  return (
    <>
      {reasons.length > 0 && (
        <ul className="why-tags" aria-label={t('whyThem')}>
          {reasons.map((code) => (
            <li key={code} className="tag tag-ok">
              {names.reason(code)}
            </li>
          ))}
        </ul>
      )}
      <details className="reasons">
        <summary>{t('ruleByRule')}</summary>
        {filterName && <p>{t('byFilter', { name: filterName })}</p>}
        <Sieve considered={considered} steps={sieveOf(considered, excluded)} names={names} />
        {candidates.length > 0 && <h4>{t('candidates')}</h4>}
        <ol className="candidates">
          {candidates.map(({ agentId, freeShare = 0, idleSince, behindBecause, skills = {} }) => (
            <li key={agentId}>
              <strong dir="auto">{names.agent(agentId)}</strong>{' '}
              {[
                t('freeShare', { share: formats.percent(freeShare) }),
                idleSince ? t('idleSince', { time: formats.time(Date.parse(idleSince)) }) : '',
                ...Object.entries(skills).map(([skill, level]) =>
                  t('hasSkill', { name: names.skill(skill), level }),
                ),
                behindBecause ? t('behindBecause', { rule: names.rule(behindBecause) }) : '',
              ]
                .filter(Boolean)
                .join(' · ')}
            </li>
          ))}
        </ol>
      </details>
    </>
  );
};
