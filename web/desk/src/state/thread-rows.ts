import type { Item } from './thread.js';

/** A line of the thread as it is drawn: a day, or an item with its place in its group. */
export type ThreadRow =
  | { readonly type: 'day'; readonly id: string; readonly time: number }
  | {
      readonly type: 'item';
      readonly id: string;
      readonly item: Item;
      readonly first: boolean;
      readonly last: boolean;
    };

/** Messages of one author belong together while no more than this lies between them, ms. */
const GROUP_MS = 5 * 60_000;

const together = (a: Item | undefined, b: Item | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.type !== 'system' &&
  a.type === b.type &&
  a.authorId === b.authorId &&
  a.author === b.author &&
  b.time - a.time <= GROUP_MS;

/** Items with day separators and groups. `dayOf` names the day of a time in the viewer's zone. */
export const threadRows = (items: readonly Item[], dayOf: (time: number) => string): readonly ThreadRow[] => {
  const rows: ThreadRow[] = [];
  let day = '';
  items.forEach((item, index) => {
    const itemDay = dayOf(item.time);
    const newDay = itemDay !== day;
    if (newDay) rows.push({ type: 'day', id: `day-${itemDay}`, time: item.time });
    day = itemDay;
    const before = newDay ? undefined : items[index - 1];
    const after = items[index + 1];
    const first = !together(before, item);
    const last = !together(item, after && dayOf(after.time) === itemDay ? after : undefined);
    rows.push({ type: 'item', id: item.id, item, first, last });
  });
  return rows;
};
