import { routingEvents } from '@parley/client';
import { type ReactElement, type ReactNode, useCallback, useMemo, useState } from 'react';
import { clockOf } from '../lib/format.js';
import { type AgentTarget, agentTargets, nobody, type QueueTarget, queueTargets } from '../state/targets.js';
import type { Target } from '../state/thread-care.js';
import type { Thread } from '../state/thread.js';
import { useDesk, useStore, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { Avatar, Skeleton } from '../ui/parts.js';
import { useRemote } from '../ui/remote.js';
import { STATUS_WORDS, StatusDot } from './presence-switch.js';

/** Presence and queues come live; what agents hold is asked for while the list is open, ms. */
const AGENTS_EVERY_MS = 3_000;

interface TargetsProps {
  readonly thread: Thread;
  readonly to: Target;
  readonly warm: boolean;
  readonly onChoose: (to: Target) => void;
}

/** Whom a chat may be given to, with how they stand now. */
export const TransferTargets = ({ thread, to, warm, onChoose }: TargetsProps): ReactElement => {
  const { t } = useWords();
  const [kind, setKind] = useState<'agent' | 'queue'>('agent');
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLocaleLowerCase();
  const fits = (name: string): boolean => name.toLocaleLowerCase().includes(wanted);
  const turn = (next: typeof kind): void => {
    setKind(next);
    onChoose(nobody);
  };
  return (
    <fieldset className="targets">
      <legend className="transfer-label">{t('transferTo')}</legend>
      <div className="targets-head">
        <div className="segments">
          <button type="button" aria-pressed={kind === 'agent'} onClick={() => turn('agent')}>
            {t('toAgent')}
          </button>
          <button type="button" aria-pressed={kind === 'queue'} onClick={() => turn('queue')}>
            {t(warm ? 'toSpecialist' : 'toQueue')}
          </button>
        </div>
        <input
          type="search"
          className="input"
          autoFocus
          aria-label={t('findTarget')}
          placeholder={t('findTarget')}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      {kind === 'agent' ? (
        <Agents inChat={thread.agentIds} fits={fits} chosen={to.agentId} onChoose={onChoose} />
      ) : (
        <Queues thread={thread} warm={warm} fits={fits} chosen={to.queueId} onChoose={onChoose} />
      )}
    </fieldset>
  );
};

interface ListProps {
  readonly fits: (name: string) => boolean;
  readonly chosen: string;
  readonly onChoose: (to: Target) => void;
}

const Agents = ({
  inChat,
  fits,
  chosen,
  onChoose,
}: ListProps & { inChat: readonly string[] }): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const { connection } = desk;
  const live = useStore(desk.agents);
  const load = useCallback(
    () =>
      connection.call('parley.routing.v1.RoutingService/ListAgents', {}).then(({ agents = [] }) => agents),
    [connection],
  );
  const [remote] = useRemote(load, AGENTS_EVERY_MS);
  const all = useMemo(
    () => agentTargets(remote.value ?? [], live, inChat).filter(({ id }) => id !== desk.viewer.userId),
    [remote.value, live, inChat, desk.viewer.userId],
  );
  if (!remote.value)
    return remote.status === 'failed' ? <p className="quiet">{remote.message}</p> : <Skeleton lines={4} />;
  const shown = all.filter(({ name }) => fits(name));
  return (
    <List empty={shown.length === 0}>
      {shown.map((target) => (
        <Choice
          key={target.id}
          name={target.name}
          checked={chosen === target.id}
          ready={target.ready}
          picture={<Avatar id={target.id} name={target.name} size={26} />}
          onChoose={() => onChoose({ agentId: target.id, queueId: '' })}
        >
          <StatusDot status={target.status} /> {t(STATUS_WORDS[target.status])}
          <Slots target={target} />
        </Choice>
      ))}
    </List>
  );
};

const Slots = ({ target }: { target: AgentTarget }): ReactElement | null => {
  const { t } = useWords();
  const { inChat, free, wrapsUp, behind, status } = target;
  if (inChat) return <> · {t('isYou')}</>;
  // Of whoever is not available the status says why.
  if (status !== routingEvents.AgentStatus.AGENT_STATUS_AVAILABLE) return null;
  if (free > 0) return <> · {t('freeSlots', { count: free })}</>;
  return <> · {t(behind ? 'repliesOverdue' : wrapsUp ? 'inWrapUpWord' : 'noFreeSlot')}</>;
};

const Queues = ({
  thread,
  warm,
  fits,
  chosen,
  onChoose,
}: ListProps & { thread: Thread; warm: boolean }): ReactElement => {
  const queues = useStore(useDesk().queues);
  const all = useMemo(() => queueTargets(queues.values()), [queues]);
  // Handing it to the queue where it is makes no sense; asking a specialist of it does.
  const shown = all.filter(
    ({ id, state }) => (warm || id !== thread.queueId) && fits(state.queue?.name || id),
  );
  return (
    <List empty={shown.length === 0}>
      {shown.map((target) => (
        <Choice
          key={target.id}
          name={target.state.queue?.name || target.id}
          checked={chosen === target.id}
          ready={target.ready}
          disabled={target.closed}
          picture={<Icon name="queue" />}
          onChoose={() => onChoose({ agentId: '', queueId: target.id })}
        >
          <QueueWords target={target} />
        </Choice>
      ))}
    </List>
  );
};

const QueueWords = ({ target: { state, closed } }: { target: QueueTarget }): ReactElement => {
  const { t } = useWords();
  const { waiting = 0, agentsAvailable = 0, estimate } = state;
  const parts = [
    ...(closed ? [t('queueClosed')] : []),
    t('queueAgents', { count: agentsAvailable }),
    t('waitingHere', { count: waiting }),
    ...(estimate?.highSeconds
      ? [
          t('queueWait', {
            low: clockOf((estimate.lowSeconds ?? 0) * 1000),
            high: clockOf(estimate.highSeconds * 1000),
          }),
        ]
      : []),
  ];
  return <>{parts.join(' · ')}</>;
};

const List = ({ empty, children }: { empty: boolean; children: ReactNode }): ReactElement => {
  const { t } = useWords();
  return (
    <div className="targets-list">
      {empty && (
        <p className="quiet" role="status">
          {t('noTarget')}
        </p>
      )}
      {children}
    </div>
  );
};

const Choice = ({
  name,
  checked,
  ready,
  disabled = false,
  picture,
  onChoose,
  children,
}: {
  name: string;
  checked: boolean;
  ready: boolean;
  disabled?: boolean;
  picture: ReactElement;
  onChoose: () => void;
  children: ReactNode;
}): ReactElement => (
  <label className="target" data-ready={ready}>
    <input type="radio" name="target" checked={checked} disabled={disabled} onChange={onChoose} />
    {picture}
    <span className="target-words">
      <span className="target-name" dir="auto">
        {name}
      </span>
      <span className="target-state">{children}</span>
    </span>
    {checked && <Icon name="check" />}
  </label>
);
