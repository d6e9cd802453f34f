import { type DragEvent, useState } from 'react';
import { type Destination, mayMove } from '../../state/wall.js';
import { useWall } from './wall-context.js';

/** What makes a row a place to drop chats on. */
export const useDrop = (
  to: Destination,
): {
  readonly 'data-drop': 'able' | 'over' | undefined;
  readonly onDragOver: (event: DragEvent) => void;
  readonly onDragLeave: () => void;
  readonly onDrop: (event: DragEvent) => void;
} => {
  const { dragged, drag, move } = useWall();
  const [over, setOver] = useState(false);
  const able = dragged !== undefined && mayMove(dragged, to);
  return {
    'data-drop': able ? (over ? 'over' : 'able') : undefined,
    onDragOver: (event) => {
      if (!able) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event) => {
      if (!able) return;
      event.preventDefault();
      setOver(false);
      drag(undefined);
      move(dragged, to);
    },
  };
};
