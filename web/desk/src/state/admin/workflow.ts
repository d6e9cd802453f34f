import { routingEvents } from '@parley/client';
import type { WorkflowNote } from './problems.js';

export type Filter = routingEvents.Filter;
export type Target = routingEvents.Target;

/** What is edited of a workflow; `version` counts the changes of its draft. */
export interface Draft {
  readonly filters: readonly Filter[];
  readonly version: number;
}

const { Overflow } = routingEvents;

/** A list after the item at `from` was put at `to`; the list itself when there is no such place. */
export const moved = <T>(list: readonly T[], from: number, to: number): readonly T[] => {
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length || from === to) return list;
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(to, 0, item);
};

/** A list after one item was replaced. */
export const replaced = <T>(list: readonly T[], at: number, change: Partial<T>): readonly T[] =>
  list.map((item, index) => (index === at ? { ...item, ...change } : item));

/** A filter to begin with: every chat to one queue, without end. */
export const newFilter = (name: string, queueId: string): Filter => ({
  name,
  when: '',
  targets: [{ queueId }],
});

/** A stage after the others: begins a minute after the last one that ends, and before an overflow. */
export const withStage = (targets: readonly Target[], queueId: string): readonly Target[] => {
  const at = targets.at(-1)?.overflow ? targets.length - 1 : targets.length;
  const last = targets[at - 1];
  const ends = Math.max(0, ...targets.slice(0, at).map(({ untilSeconds = 0 }) => untilSeconds));
  const before =
    last && !last.untilSeconds ? replaced(targets, at - 1, { untilSeconds: ends + 60 }) : targets;
  return before.toSpliced(at, 0, { queueId });
};

/** Where a stage leads, as one value for a list of choices. */
export const destinationOf = ({ queueId, overflow }: Target): string =>
  overflow && overflow !== Overflow.OVERFLOW_UNSPECIFIED ? overflow : `queue:${queueId ?? ''}`;

/** The stage with another destination. */
export const withDestination = (target: Target, destination: string): Target => {
  const { queueId: _, overflow: __, ...rest } = target;
  if (destination.startsWith('queue:')) return { ...rest, queueId: destination.slice('queue:'.length) };
  const overflow = Object.values(Overflow).find((known) => known === destination);
  return overflow ? { ...rest, overflow } : target;
};

/** The notes about exactly this field. */
export const notesAt = (notes: readonly WorkflowNote[], path: string): readonly WorkflowNote[] =>
  notes.filter((note) => note.path === path);

/** The notes about a part and what is in it, but for the fields named, which show their own. */
export const notesWithin = (
  notes: readonly WorkflowNote[],
  path: string,
  except: readonly string[] = [],
): readonly WorkflowNote[] =>
  notes.filter(
    (note) =>
      (note.path === path || note.path.startsWith(`${path}.`) || note.path.startsWith(`${path}[`)) &&
      !except.some(
        (field) =>
          note.path === `${path}.${field}` ||
          note.path.startsWith(`${path}.${field}[`) ||
          note.path.startsWith(`${path}.${field}.`),
      ),
  );

/** A figure of a dry run in both workflows. `better`: whether the change is for the better; undefined when neither. */
export interface Comparison {
  readonly published: number | undefined;
  readonly candidate: number | undefined;
  readonly better: boolean | undefined;
}

/** Compares two figures; `less`: less of it is better. */
export const compared = (
  published: number | undefined,
  candidate: number | undefined,
  less: boolean,
): Comparison => {
  const change = (candidate ?? 0) - (published ?? 0);
  const tells = published !== undefined && candidate !== undefined && Math.abs(change) > 1e-9;
  return { published, candidate, better: tells ? change < 0 === less : undefined };
};
