import type { routing } from '@parley/client';
import { type ReactElement, useCallback } from 'react';
import { clockOf } from '../../lib/format.js';
import { sieveOf } from '../../state/why.js';
import { useDesk, useNow } from '../../ui/hooks.js';
import { Icon } from '../../ui/icons.js';
import { Skeleton } from '../../ui/parts.js';
import { useRemote } from '../../ui/remote.js';
import type { Names } from './names.js';
import { Sieve } from './sieve.js';
import type { WhyWord } from './words.js';

const EVERY_MS = 5_000;
const NEXT: Readonly<Record<string, WhyWord>> = {
  target: 'nextTarget',
  offer: 'nextOffer',
  failsafe: 'nextFailsafe',
  exclusion: 'nextExclusion',
  hours: 'nextHours',
  preferred: 'nextPreferred',
};

/** Rules by which an agent could not have it whatever happens. */
const UNFIT = ['skill', 'language'];

/** Why a chat waits at this moment: who could take it, what keeps each from it, and what happens next. */
export const WhyWaiting = ({ id, names }: { id: string; names: Names }): ReactElement | null => {
  const { connection } = useDesk();
  const load = useCallback(
    () => connection.call('parley.routing.v1.RoutingService/ExplainWaiting', { conversationId: id }),
    [connection, id],
  );
  const [remote] = useRemote(load, EVERY_MS);
  if (remote.value) return remote.value.waiting ? <Waiting answer={remote.value} names={names} /> : null;
  return remote.status === 'failed' ? <p className="quiet">{remote.message}</p> : <Skeleton lines={3} />;
};

const Waiting = ({
  answer,
  names,
}: {
  answer: routing.ExplainWaitingResponse;
  names: Names;
}): ReactElement => {
  const { t, formats } = names.words;
  const now = useNow();
  const { entry = {}, target, position = 0, agents = [], excluded = [], offers = [] } = answer;
  const { considered = 0, estimate } = answer;
  const needs = names.needs(target?.requirements ?? entry.requirements);
  const since = entry.firstEnteredAt ?? entry.enteredAt;
  const queueId = target?.queueId || entry.queueId;
  return (
    <div className="why-waiting">
      <p className="why-place">
        <strong>{t('place', { position: formats.number(position), queue: names.queue(queueId) })}</strong>
        {since && (
          <span className="waiting">
            {' · '}
            {clockOf(now - Date.parse(since))}
          </span>
        )}
      </p>
      {estimate && (
        <p className="quiet">
          {t('estimated', {
            low: clockOf((estimate.lowSeconds ?? 0) * 1000),
            high: clockOf((estimate.highSeconds ?? 0) * 1000),
          })}
        </p>
      )}
      <p className="why-tags">
        {entry.filterName && <span className="tag">{t('byFilter', { name: entry.filterName })}</span>}
        {needs.map((need) => (
          <span key={need} className="tag">
            {need}
          </span>
        ))}
        {(target?.priority ?? entry.priority ?? 0) > 0 && (
          <span className="tag">{t('priorityOf', { value: target?.priority ?? entry.priority ?? 0 })}</span>
        )}
      </p>
      {offers.map(({ offerId, agentId, expiresAt }) => (
        <p key={offerId} className="why-next">
          <Icon name="bell" size={13} />{' '}
          {t('ringsAt', {
            name: names.agent(agentId),
            time: clockOf(Date.parse(expiresAt ?? '') - now),
          })}
        </p>
      ))}
      <Next answer={answer} names={names} now={now} />
      <h4>{t('whoCould')}</h4>
      {agents.every(({ rule = '' }) => UNFIT.includes(rule)) && (
        <p className="why-nobody">
          <Icon name="alert" size={13} /> {t('nobodyCould')}
        </p>
      )}
      {agents.length > 0 && (
        <ul className="blocked">
          {agents.map(({ agentId, name, rule = '' }) => (
            <li key={agentId}>
              <span dir="auto">{name || names.agent(agentId)}</span>
              <span className={rule ? 'quiet' : 'why-turn'}>
                {rule ? names.rule(rule) : t('othersBefore')}
              </span>
            </li>
          ))}
        </ul>
      )}
      {excluded.length > 0 && (
        <details className="reasons">
          <summary>{t('ruleByRule')}</summary>
          <Sieve considered={considered} steps={sieveOf(considered, excluded)} names={names} />
        </details>
      )}
    </div>
  );
};

const Next = ({
  answer: { next = '', nextAt },
  names: { words },
  now,
}: {
  answer: routing.ExplainWaitingResponse;
  names: Names;
  now: number;
}): ReactElement | null => {
  const word = NEXT[next];
  if (!word || !nextAt) return null;
  return (
    <p className="why-next">
      <Icon name="clock" size={13} /> {words.t(word, { time: clockOf(Date.parse(nextAt) - now) })}
    </p>
  );
};
