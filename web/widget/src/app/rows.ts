import type { OutboxItem } from '@parley/client';
import type { Thread, ThreadMessage, ThreadNotice } from './thread-types.js';

/** How far an own message has got: `sent` is stored for good, `delivered` has reached an agent's open desk. */
export type Delivery = 'pending' | 'refused' | 'sent' | 'delivered' | 'read';

/** A message with what its place among the others means for its look. */
export interface MessageRow extends Omit<ThreadMessage, 'kind' | 'version'> {
  readonly kind: 'message';
  /** First and last of a run by one author. */
  readonly first: boolean;
  readonly last: boolean;
  readonly delivery: Delivery | undefined;
}

export interface DayRow {
  readonly kind: 'day';
  readonly id: string;
  readonly at: number;
}

export interface NoticeRow extends Omit<ThreadNotice, 'version'> {
  readonly id: string;
}

export type Row = MessageRow | NoticeRow | DayRow;

const RUN_MS = 4 * 60_000;

type Bare = Omit<MessageRow, 'first' | 'last'> | NoticeRow;

/** What the thread shows from top to bottom: days, notices and messages in runs, what waits to be sent last. */
export const rowsOf = (thread: Thread, outbox: readonly OutboxItem[]): Row[] => {
  const known = new Set(thread.entries.map((entry) => (entry.kind === 'message' ? entry.id : '')));
  const bare: Bare[] = [
    ...thread.entries.map((entry): Bare =>
      entry.kind === 'notice'
        ? { ...entry, id: `n${entry.version}` }
        : { ...entry, delivery: entry.from === 'visitor' ? deliveryOf(entry, thread) : undefined },
    ),
    ...outbox.filter((item) => !known.has(item.messageId)).map(waiting),
  ];
  return bare.flatMap((row, i) => {
    const before = bare[i - 1];
    const day: Row[] =
      before && sameDay(before.at, row.at) ? [] : [{ kind: 'day', id: `d${row.id}`, at: row.at }];
    if (row.kind === 'notice') return [...day, row];
    return [...day, { ...row, first: !sameRun(before, row), last: !sameRun(row, bare[i + 1]) }];
  });
};

const deliveryOf = ({ version }: ThreadMessage, thread: Thread): Delivery => {
  if (version <= thread.agentReadVersion) return 'read';
  return version <= thread.agentReceivedVersion ? 'delivered' : 'sent';
};

const waiting = (item: OutboxItem): Bare => ({
  kind: 'message',
  id: item.messageId,
  from: 'visitor',
  name: '',
  text: item.text,
  at: item.typedAt,
  delivery: item.refused ? 'refused' : 'pending',
});

const sameDay = (a: number, b: number): boolean => new Date(a).toDateString() === new Date(b).toDateString();

const sameRun = (a: Bare | undefined, b: Bare | undefined): boolean =>
  a?.kind === 'message' &&
  b?.kind === 'message' &&
  a.from === b.from &&
  a.name === b.name &&
  b.at - a.at < RUN_MS &&
  sameDay(a.at, b.at);
