import { useEffect, useState } from 'react';
import { notesOf, type WorkflowNote } from '../../../state/admin/problems.js';
import type { Filter } from '../../../state/admin/workflow.js';
import { useDesk } from '../../../ui/hooks.js';

const DEBOUNCE_MS = 350;
const NONE: readonly WorkflowNote[] = [];

/** What the server finds wrong with the filters, asked for once typing has rested. The last answer stays until then. */
export const useValidation = (filters: readonly Filter[]): readonly WorkflowNote[] => {
  const { connection } = useDesk();
  const [notes, setNotes] = useState(NONE);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      connection
        .call('parley.routing.v1.RoutingService/ValidateWorkflow', { workflow: { filters: [...filters] } })
        .then(
          ({ problems = [] }) => current && setNotes(notesOf(problems)),
          // Saving tells as well: nothing is lost when this cannot be asked.
          () => undefined,
        );
    }, DEBOUNCE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [connection, filters]);
  return notes;
};
