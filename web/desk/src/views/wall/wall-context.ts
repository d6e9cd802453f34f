import { createContext, useContext } from 'react';
import type { AgentState, Destination, Moving, QueueState } from '../../state/wall.js';

/** How everything stands: another object with every change. */
export interface WallRows {
  readonly queues: readonly QueueState[];
  readonly agents: ReadonlyMap<string, AgentState>;
}

/** What the parts of the wall share apart from that, so that a row is drawn again only when it is another one. */
export interface Wall {
  /** The chat that is being dragged. */
  readonly dragged: Moving | undefined;
  readonly drag: (chat: Moving | undefined) => void;
  /** Moves a chat; asks where to when no destination is given, and for a summary when an agent has it. */
  readonly move: (chat: Moving, to?: Destination) => void;
  /** Opens what explains the routing of a chat. */
  readonly explain: (chat: Moving) => void;
}

export const WallContext = createContext<Wall | undefined>(undefined);

/** The wall around a part of it. */
export const useWall = (): Wall => {
  const wall = useContext(WallContext);
  if (!wall) throw new Error('useWall is for parts of the wall.');
  return wall;
};

export const WallRowsContext = createContext<WallRows | undefined>(undefined);

/** The queues and agents of the wall. */
export const useWallRows = (): WallRows => {
  const rows = useContext(WallRowsContext);
  if (!rows) throw new Error('useWallRows is for parts of the wall.');
  return rows;
};
