import { analytics } from '@parley/client';
import { type ReactElement, useCallback } from 'react';
import { goUp, linkTo, navigate } from '../desk/navigation.js';
import type { MessageKey } from '../i18n/translate.js';
import { secondsOf } from '../lib/format.js';
import { type Route } from '../state/route.js';
import { useDesk, useStore, useWords } from '../ui/hooks.js';
import { Avatar, Empty, Failure, IconButton, Skeleton } from '../ui/parts.js';
import { useRemote } from '../ui/remote.js';

const AT_ONCE = 100;
const { Fact_Outcome: Outcome } = analytics;

const OUTCOMES: Readonly<Record<analytics.Fact_Outcome, MessageKey>> = {
  [Outcome.OUTCOME_UNSPECIFIED]: 'outcomeOther',
  [Outcome.OUTCOME_WAITING]: 'waiting',
  [Outcome.OUTCOME_ANSWERED]: 'figAnswered',
  [Outcome.OUTCOME_ABANDONED]: 'figAbandoned',
  [Outcome.OUTCOME_MESSAGE_TAKEN]: 'outcomeMessageTaken',
  [Outcome.OUTCOME_FLOWED_OUT]: 'outcomeFlowedOut',
};

/** The chats that a point of a chart counts. */
export const ChatsBehind = ({
  from,
  to,
  openId,
}: {
  from: string;
  to: string;
  openId: string;
}): ReactElement => {
  const { connection } = useDesk();
  const { t, formats } = useWords();
  const load = useCallback(async () => {
    const request = { from, to, page: { limit: AT_ONCE } };
    return connection.call('parley.analytics.v1.AnalyticsService/ListFacts', request);
  }, [connection, from, to]);
  const [found, again] = useRemote(load);
  const facts = found.value?.facts ?? [];
  return (
    <section className="list" aria-labelledby="list-title">
      <div className="list-head">
        <IconButton
          icon="back"
          label={t('reports')}
          onClick={openId ? () => navigate({ view: 'reports' }) : goUp}
        />
        <h2 id="list-title">{t('chatsBehind', { time: formats.span(Date.parse(from), Date.parse(to)) })}</h2>
        <span className="count" role="status">
          {found.status === 'ready' &&
            t(found.value.nextCursor ? 'firstCount' : 'foundCount', { count: facts.length })}
        </span>
      </div>
      {found.status === 'loading' && <Skeleton kind="row" lines={6} />}
      {found.status === 'failed' && (
        <Failure title={t('reportsFailed')} message={found.message} retry={t('tryAgain')} again={again} />
      )}
      {found.status === 'ready' && facts.length === 0 && <Empty icon="reports" title={t('nothingFound')} />}
      {facts.length > 0 && (
        <ul className="list-scroll plain">
          {facts.map((fact) => (
            <FactRow key={fact.conversationId} fact={fact} from={from} to={to} openId={openId} />
          ))}
        </ul>
      )}
    </section>
  );
};

const FactRow = ({
  fact,
  from,
  to,
  openId,
}: {
  fact: analytics.Fact;
  from: string;
  to: string;
  openId: string;
}): ReactElement => {
  const { queues, people, inbox } = useDesk();
  const { t, formats } = useWords();
  const queueNames = useStore(queues);
  const names = useStore(people);
  const { conversationId: id = '', queueId = '', agentId = '' } = fact;
  const row = useStore(inbox).rows.get(id);
  const point: Route = { view: 'behind', id, from, to };
  const entered = Date.parse(fact.enteredAt ?? '');
  return (
    <li>
      <a className="row" {...linkTo(point)} aria-current={id === openId ? 'true' : undefined}>
        <Avatar id={row?.contactId ?? id} name={row?.contactName ?? ''} size={32} />
        <span className="row-body">
          <span className="row-top">
            <span className="row-name">{row?.contactName || t('visitor')}</span>
            <span className="row-time">{entered ? formats.time(entered) : ''}</span>
          </span>
          <span className="row-text">
            <span className="row-last">
              {t(OUTCOMES[fact.outcome ?? Outcome.OUTCOME_UNSPECIFIED])}
              {fact.waitSeconds !== undefined &&
                ` · ${t('waitedFor', { time: secondsOf(fact.waitSeconds, formats) })}`}
            </span>
          </span>
          <span className="row-foot">
            <span>{queueNames.get(queueId)?.queue?.name ?? queueId}</span>
            <span>{names.get(agentId) ?? agentId}</span>
            <span>
              {t('messageCount', { count: (fact.visitorMessages ?? 0) + (fact.agentMessages ?? 0) })}
            </span>
          </span>
        </span>
      </a>
    </li>
  );
};
