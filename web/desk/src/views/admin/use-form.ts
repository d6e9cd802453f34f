import { ApiError, ErrorCode } from '@parley/client';
import { useCallback, useEffect, useState } from 'react';
import { errorWords } from '../../i18n/error-words.js';
import { type Merged, merge, same } from '../../state/admin/merge.js';
import { noProblems, type Problems, problemsOf } from '../../state/admin/problems.js';
import { useDesk, useWords } from '../../ui/hooks.js';

/** Something with a version for conditional updates. */
export interface Versioned {
  version?: number | undefined;
}

/** What the edit was begun on: a version, or that there was nothing yet. */
export interface Expected {
  readonly expectedVersion: number;
  readonly mustBeNew: boolean;
}

/** An edit of something stored. What was typed outlives reloads, other pages and other people's changes. */
export interface Form<T> {
  readonly value: T;
  readonly set: (change: Partial<T>) => void;
  /** What is wrong with a field, by its path. */
  readonly problem: (path: string) => string | undefined;
  readonly problems: Problems;
  readonly dirty: boolean;
  readonly saving: boolean;
  /** Somebody else has changed it since the edit began. */
  readonly conflict: Merged<T> | undefined;
  /** Stores the edit; what is stored then, or undefined when it was refused (the problems say why). */
  readonly save: () => Promise<T | undefined>;
  /** Forgets the edit. */
  readonly discard: () => void;
  /** Puts the edit on top of what the other has stored. */
  readonly rebase: () => void;
}

interface Edit<T> {
  readonly base: T;
  readonly mine: T;
}

const read = <T>(key: string): Edit<T> | undefined => {
  try {
    return (JSON.parse(sessionStorage.getItem(key) ?? 'null') as Edit<T> | null) ?? undefined;
  } catch {
    return undefined;
  }
};

/** Where the edits of the person who is signed in are kept in this tab. */
const useEditKey = (name: string): string => {
  const { login } = useDesk();
  return `parley.desk.${login.tenant}.${login.user.userId}.edit.${name}`;
};

/** The edit of `stored`. `put` stores it; `reload` reads it again after somebody else got ahead. */
export const useForm = <T extends Versioned>({
  name,
  stored,
  root = '',
  put,
  reload,
}: {
  name: string;
  stored: T;
  /** The field of the request in which it stands, as errors name it. */
  root?: string;
  put: (value: T, expected: Expected) => Promise<T>;
  reload: () => void;
}): Form<T> => {
  const key = useEditKey(name);
  const { t } = useWords();
  const [edit, setEdit] = useState(() => read<T>(key));
  const [problems, setProblems] = useState(noProblems);
  const [saving, setSaving] = useState(false);
  useEffect(() => {
    if (edit) sessionStorage.setItem(key, JSON.stringify(edit));
    else sessionStorage.removeItem(key);
  }, [key, edit]);

  const set = useCallback(
    (change: Partial<T>) => {
      setEdit((before) => {
        const base = before?.base ?? stored;
        const mine = { ...(before?.mine ?? stored), ...change };
        return same(base, mine) ? undefined : { base, mine };
      });
      setProblems((known) => {
        const gone = Object.keys(change);
        const left = [...known].filter(
          ([path]) => path !== '' && !gone.some((name) => path.startsWith(name)),
        );
        return left.length === known.size ? known : new Map(left);
      });
    },
    [stored],
  );
  const discard = useCallback(() => {
    setEdit(undefined);
    setProblems(noProblems);
  }, []);
  const ahead = edit !== undefined && (stored.version ?? 0) > (edit.base.version ?? 0);
  const conflict = ahead ? merge(edit.base, edit.mine, stored) : undefined;

  return {
    value: edit?.mine ?? stored,
    set,
    problems,
    problem: (path) => problems.get(path),
    dirty: edit !== undefined,
    saving,
    conflict,
    discard,
    rebase: () => {
      if (conflict)
        setEdit(same(conflict.value, stored) ? undefined : { base: stored, mine: conflict.value });
    },
    save: async () => {
      const { base, mine } = edit ?? { base: stored, mine: stored };
      setSaving(true);
      try {
        const expectedVersion = base.version ?? 0;
        const saved = await put(mine, { expectedVersion, mustBeNew: expectedVersion === 0 });
        discard();
        return saved;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.code === ErrorCode.aborted) reload();
        else setProblems(problemsOf({ message: errorWords(error, t), details: error.details }, root));
        return undefined;
      } finally {
        setSaving(false);
      }
    },
  };
};
