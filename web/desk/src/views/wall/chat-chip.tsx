import type { ReactElement, ReactNode } from 'react';
import { navigate } from '../../desk/navigation.js';
import type { Moving } from '../../state/wall.js';
import { Icon } from '../../ui/icons.js';
import { Menu } from '../../ui/menu.js';
import { useWall } from './wall-context.js';
import { useWallWords } from './words.js';

/** A chat that can be dragged to an agent or a queue; its menu does the same, and more. */
export const ChatChip = ({ chat, children }: { chat: Moving; children: ReactNode }): ReactElement => {
  const { drag, move, explain } = useWall();
  const { t } = useWallWords();
  const name = chat.name || t('visitor');
  return (
    <div
      className="chat-chip"
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', chat.conversationId);
        drag(chat);
      }}
      onDragEnd={() => drag(undefined)}
    >
      <Menu
        label={t('chatMenu', { name })}
        className="chat-button"
        spoken={false}
        button={children}
        items={[
          {
            id: 'open',
            label: t('openChat'),
            icon: <Icon name="chats" />,
            run: () => navigate({ view: 'list', list: 'all', id: chat.conversationId }),
          },
          {
            id: 'move',
            label: t(chat.agentId ? 'transferTo' : 'assignTo'),
            icon: <Icon name="arrow" />,
            run: () => move(chat),
          },
          {
            id: 'why',
            label: t(chat.agentId ? 'whyThisAgent' : 'whyWaiting'),
            icon: <Icon name="spark" />,
            run: () => explain(chat),
          },
        ]}
      />
    </div>
  );
};
