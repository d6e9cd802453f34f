import { type ReactElement, useMemo, useState } from 'react';
import { agentRows, type AgentState, type Moving } from '../../state/wall.js';
import type { Inbox } from '../../state/inbox.js';
import { useDesk, useStore } from '../../ui/hooks.js';
import { AgentRow } from './agent-row.js';
import { useWallRows } from './wall-context.js';
import { useWallWords } from './words.js';

/** Rows that are drawn at first: each counts seconds. */
const FIRST = 150;

/** Everybody who takes chats, whoever needs a look first. */
export const AgentTable = ({ teams }: { teams: readonly (readonly [string, string])[] }): ReactElement => {
  const { agents } = useWallRows();
  const { t, formats } = useWallWords();
  const inbox = useStore(useDesk().inbox);
  const [teamId, setTeamId] = useState('');
  const [withOffline, setWithOffline] = useState(false);
  const [shown, setShown] = useState(FIRST);
  const rows = useMemo(
    () => agentRows(agents.values(), { teamId, withOffline }),
    [agents, teamId, withOffline],
  );
  return (
    <section className="card wall-card wall-agents" aria-labelledby="wall-agents">
      <div className="wall-card-head">
        <h3 id="wall-agents">{t('agents')}</h3>
        <span className="count">{formats.number(rows.length)}</span>
        <span className="wall-filters">
          {teams.length > 0 && (
            <select
              className="chip"
              aria-label={t('teamShown')}
              value={teamId}
              onChange={(event) => setTeamId(event.target.value)}
            >
              <option value="">{t('allTeams')}</option>
              {teams.map(([id, name]) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
          <button
            type="button"
            className="chip"
            aria-pressed={withOffline}
            onClick={() => setWithOffline(!withOffline)}
          >
            {t('showOffline')}
          </button>
        </span>
      </div>
      {rows.length === 0 && <p className="quiet">{t('noAgentsHere')}</p>}
      <ul className="wall-people">
        {rows.slice(0, shown).map((state) => (
          <AgentRow key={state.agent?.agentId} state={state} chats={chatsOf(state, inbox)} />
        ))}
      </ul>
      {rows.length > shown && (
        <button type="button" className="button small" onClick={() => setShown(shown + FIRST)}>
          {t('showMoreAgents', { count: rows.length - shown })}
        </button>
      )}
    </section>
  );
};

const chatsOf = ({ agent, conversationIds = [] }: AgentState, { rows }: Inbox): readonly Moving[] =>
  conversationIds.map((conversationId) => {
    const row = rows.get(conversationId);
    return {
      conversationId,
      name: row?.contactName ?? '',
      agentId: agent?.agentId ?? '',
      queueId: row?.queueId ?? '',
    };
  });
