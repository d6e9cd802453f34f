import { createContext, useContext } from 'react';
import type { AgentState, Destination, Moving, QueueState } from '../../state/wall.js';

/** What the parts of the wall share. */
export interface Wall {
  readonly queues: readonly QueueState[];
  readonly agents: ReadonlyMap<string, AgentState>;
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
