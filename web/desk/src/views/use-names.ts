import { useMemo } from 'react';
import type { Names } from '../i18n/care-words.js';
import { useDesk, useStore, useWords } from '../ui/hooks.js';

/** Names of people and queues by their ids; `known`: names that a conversation brings itself. */
export const useNames = (known: Readonly<Record<string, string>> = NONE): Names => {
  const { people, queues } = useDesk();
  const { t } = useWords();
  const persons = useStore(people);
  const all = useStore(queues);
  return useMemo(
    () => ({
      person: (id) => (id ? (persons.get(id) ?? known[id] ?? id) : t('agent')),
      queue: (id) => all.get(id)?.queue?.name || id,
    }),
    [persons, all, known, t],
  );
};

const NONE: Readonly<Record<string, string>> = {};
