import { type DragEvent, type KeyboardEvent, useState } from 'react';

interface Handle {
  readonly draggable: true;
  readonly onDragStart: (event: DragEvent) => void;
  readonly onDragEnd: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

interface Place {
  readonly 'data-drop': 'before' | 'after' | undefined;
  readonly onDragOver: (event: DragEvent) => void;
  readonly onDrop: (event: DragEvent) => void;
}

/** Lists that are put in order by dragging a handle, or with Alt+Up and Alt+Down on it. */
export interface Sortable {
  readonly handle: (index: number) => Handle;
  readonly place: (index: number) => Place;
}

/** `move`: the item at `from` is to stand at `to`. `kind` keeps several lists on a page apart. */
export const useSortable = (kind: string, move: (from: number, to: number) => void): Sortable => {
  const [from, setFrom] = useState<number>();
  const [over, setOver] = useState<number>();
  const type = `application/x-parley-${kind}`;
  return {
    handle: (index) => ({
      draggable: true,
      onDragStart: (event) => {
        event.stopPropagation();
        event.dataTransfer.setData(type, String(index));
        event.dataTransfer.effectAllowed = 'move';
        const item = event.currentTarget.closest('[data-sortable]');
        if (item) event.dataTransfer.setDragImage(item, 16, 16);
        setFrom(index);
      },
      onDragEnd: () => {
        setFrom(undefined);
        setOver(undefined);
      },
      onKeyDown: (event) => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!by || !event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        move(index, index + by);
      },
    }),
    place: (index) => ({
      'data-drop':
        over === index && from !== undefined && from !== index
          ? from > index
            ? 'before'
            : 'after'
          : undefined,
      onDragOver: (event) => {
        if (from === undefined || !event.dataTransfer.types.includes(type)) return;
        event.preventDefault();
        setOver(index);
      },
      onDrop: (event) => {
        if (from === undefined || !event.dataTransfer.types.includes(type)) return;
        event.preventDefault();
        move(from, index);
        setFrom(undefined);
        setOver(undefined);
      },
    }),
  };
};
