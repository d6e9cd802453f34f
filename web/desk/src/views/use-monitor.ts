import { useEffect } from 'react';
import { monitorChat } from '../desk/care.js';
import { useDesk } from '../ui/hooks.js';

/** Says to the audit log, once a look, that the viewer watches a chat unseen. */
export const useMonitor = (id: string, unseen: boolean): void => {
  const desk = useDesk();
  useEffect(() => {
    if (!unseen) return;
    monitorChat(desk, id).catch(desk.notices.refused);
  }, [desk, id, unseen]);
};
