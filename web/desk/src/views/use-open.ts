import { conversation } from '@parley/client';
import { useMemo } from 'react';
import type { OpenConversation } from '../state/conversation.js';
import { useDesk, useStore } from '../ui/hooks.js';

/** A conversation, followed live; `readOnly`: its transcript as it stands. */
export const useOpen = (id: string, readOnly: boolean): OpenConversation => {
  const { conversations } = useDesk();
  const store = useMemo(
    () => (readOnly ? conversations.transcript(id) : conversations.open(id)),
    [conversations, id, readOnly],
  );
  return useStore(store);
};

export const STATE = conversation.ConversationState;
