import type { ApiError, routing } from '@parley/client';

/** What is wrong with which field, by the field's path in JSON names; '' is about the whole. */
export type Problems = ReadonlyMap<string, string>;

export const noProblems: Problems = new Map();

/** A path as every part of Parley may write it (`filters[0].skip_if`, `schedule.filters[0].skipIf`) in one form. */
export const pathOf = (field: string, root = ''): string => {
  const camel = field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return root && camel.startsWith(`${root}.`) ? camel.slice(root.length + 1) : camel;
};

/** The problems that an error names. `root`: the field of the request in which the edited thing stands. */
export const problemsOf = (
  { message, details }: Pick<ApiError, 'message' | 'details'>,
  root = '',
): Problems => {
  const named = (details.violations ?? []).filter(({ field }) => field !== '');
  if (named.length === 0) return new Map([['', message]]);
  return new Map(named.map(({ field, description }) => [pathOf(field, root), description]));
};

/** What is wrong with a list: with the whole of it or with one of its entries (`languages[1]`). */
export const wrongIn = (problems: Problems, list: string): string | undefined =>
  [...problems].find(([path]) => path === list || path.startsWith(`${list}[`))?.[1];

/** A problem of a workflow in the same form. */
export interface WorkflowNote {
  readonly path: string;
  readonly reason: string;
  readonly example: string;
  readonly warning: boolean;
}

export const notesOf = (problems: readonly routing.WorkflowProblem[]): readonly WorkflowNote[] =>
  problems.map(({ field = '', reason = '', example = '', warning = false }) => ({
    path: pathOf(field, 'workflow'),
    reason,
    example,
    warning,
  }));
