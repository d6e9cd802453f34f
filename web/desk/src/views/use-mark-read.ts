import { useEffect } from 'react';
import type { Thread } from '../state/thread.js';
import { useDesk } from '../ui/hooks.js';

/** Marks a conversation as read while its end is in sight (`seen`) and the page is looked at. */
export const useMarkRead = (id: string, { lastVisitorVersion, agentRead }: Thread, seen: boolean): void => {
  const { conversations } = useDesk();
  useEffect(() => {
    if (!seen || lastVisitorVersion <= agentRead) return;
    const mark = (): void => {
      if (!document.hidden && document.hasFocus()) conversations.markRead(id);
    };
    mark();
    addEventListener('focus', mark);
    document.addEventListener('visibilitychange', mark);
    return () => {
      removeEventListener('focus', mark);
      document.removeEventListener('visibilitychange', mark);
    };
  }, [conversations, id, lastVisitorVersion, agentRead, seen]);
};
