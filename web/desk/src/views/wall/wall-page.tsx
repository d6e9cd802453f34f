import { analytics } from '@parley/client';
import { type ReactElement, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { serverNow } from '../../desk/clock.js';
import { watchRows } from '../../desk/watched.js';
import '../../styles/forms.css';
import '../../styles/wall.css';
import '../../styles/wall-people.css';
import {
  type Destination,
  figuresByKey,
  type Moving,
  queueRows,
  waitingRows,
  wallTotals,
} from '../../state/wall.js';
import { useDesk, useStore } from '../../ui/hooks.js';
import { Icon } from '../../ui/icons.js';
import { useRemote } from '../../ui/remote.js';
import { WhyDialog } from '../why/why-dialog.js';
import { AgentTable } from './agent-table.js';
import { assign, MoveDialog } from './move-dialog.js';
import { QueueTable } from './queue-table.js';
import { WaitingList } from './waiting-list.js';
import { type Wall, WallContext, WallRowsContext } from './wall-context.js';
import { WallTiles } from './wall-tiles.js';
import { useWallWords } from './words.js';

const FIGURES_EVERY_MS = 15_000;
const openStreams = () => ({
  queues: watchRows('parley.routing.v1.RoutingService/WatchQueues', {}, ({ queue, removed }) => ({
    key: queue?.queue?.queueId ?? '',
    row: removed ? undefined : queue,
  })),
  agents: watchRows('parley.routing.v1.RoutingService/WatchAgents', {}, ({ agent, removed }) => ({
    key: agent?.agent?.agentId ?? '',
    row: removed ? undefined : agent,
  })),
});

/** How queues and agents stand, live; chats are given from one to another here. */
export const WallPage = (): ReactElement | null => {
  const [streams, setStreams] = useState<ReturnType<typeof openStreams>>();
  useEffect(() => {
    const opened = openStreams();
    const shown = setTimeout(() => setStreams(opened));
    return () => {
      clearTimeout(shown);
      opened.queues.stop();
      opened.agents.stop();
    };
  }, []);
  return streams ? <LiveWall {...streams} /> : null;
};

const LiveWall = ({ queues, agents }: ReturnType<typeof openStreams>): ReactElement => {
  const { connection, notices, inbox } = useDesk();
  const { t } = useWallWords();
  const root = useRef<HTMLElement>(null);
  const queueMap = useStore(queues.rows);
  const agentMap = useStore(agents.rows);
  const [agentsLive, queuesLive] = [useStore(agents.live), useStore(queues.live)];
  const live = agentsLive && queuesLive;
  const known = useStore(inbox);
  const [dragged, drag] = useState<Moving>();
  const [moving, setMoving] = useState<{ chat: Moving; to: Destination | undefined }>();
  const [explained, explain] = useState<Moving>();
  const { rows: figures, total, teams } = useToday();

  const move = useCallback(
    (chat: Moving, to?: Destination) => {
      if (chat.agentId || !to) setMoving({ chat, to });
      else
        assign(connection, chat, to).then(
          () => notices.show({ kind: 'info', text: t('assigned', { name: chat.name || t('visitor') }) }),
          notices.refused,
        );
    },
    [connection, notices, t],
  );
  const queueList = useMemo(() => queueRows(queueMap.values()), [queueMap]);
  const rows = useMemo(() => ({ queues: queueList, agents: agentMap }), [queueList, agentMap]);
  const wall = useMemo<Wall>(() => ({ dragged, drag, move, explain }), [dragged, move]);
  return (
    <WallContext value={wall}>
      <WallRowsContext value={rows}>
        <section className="page wall" ref={root} data-dragging={dragged !== undefined}>
          <div className="wall-head">
            <h2 className="page-name">{t('wall')}</h2>
            <span className={live ? 'tag tag-ok' : 'tag tag-warn'} role="status">
              <Icon name={live ? 'live' : 'offline'} size={12} /> {t(live ? 'isLive' : 'notLive')}
            </span>
            <FullScreen of={root} />
          </div>
          <WallTiles totals={wallTotals(queueList, agentMap.values())} today={total} />
          <div className="wall-grid">
            <QueueTable figures={figures} />
            <WaitingList rows={waitingRows(known)} />
            <AgentTable teams={teams} />
          </div>
          {moving && <MoveDialog {...moving} onClose={() => setMoving(undefined)} />}
          {explained && (
            <WhyDialog
              id={explained.conversationId}
              name={explained.name}
              onClose={() => explain(undefined)}
            />
          )}
        </section>
      </WallRowsContext>
    </WallContext>
  );
};

/** Today's figures, and the names of the teams; read again from time to time. */
const useToday = () => {
  const { connection } = useDesk();
  const load = useCallback(async () => {
    const start = new Date(serverNow());
    start.setHours(0, 0, 0, 0);
    const [report, { teams = [] }] = await Promise.all([
      connection.call('parley.analytics.v1.AnalyticsService/GetReport', {
        from: start.toISOString(),
        to: new Date(serverNow() + 60_000).toISOString(),
        groupBy: analytics.GroupBy.GROUP_BY_QUEUE,
      }),
      connection.call('parley.routing.v1.RoutingService/ListTeams', {}),
    ]);
    return {
      rows: figuresByKey(report.rows ?? []),
      total: report.total ?? {},
      teams: teams.map(({ teamId = '', name = '' }) => [teamId, name || teamId] as const),
    };
  }, [connection]);
  const [{ value }] = useRemote(load, FIGURES_EVERY_MS);
  return value ?? { rows: new Map(), total: {}, teams: [] };
};

/** The wall alone on the screen, larger, for a display that everybody sees. */
const FullScreen = ({ of }: { of: React.RefObject<HTMLElement | null> }): ReactElement => {
  const { t } = useWallWords();
  const [full, setFull] = useState(false);
  useEffect(() => {
    const follow = (): void => setFull(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', follow);
    return () => document.removeEventListener('fullscreenchange', follow);
  }, []);
  const toggle = (): void => {
    // A browser may refuse; then nothing changes, which shows.
    void (full ? document.exitFullscreen() : of.current?.requestFullscreen())?.catch(() => undefined);
  };
  return (
    <button type="button" className="button small wall-full" onClick={toggle}>
      <Icon name={full ? 'shrink' : 'expand'} size={14} /> {t(full ? 'leaveFullScreen' : 'fullScreen')}
    </button>
  );
};
