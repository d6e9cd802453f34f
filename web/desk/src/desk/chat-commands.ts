import type { MessageKey } from '../i18n/translate.js';
import { type Action, actionsOf } from '../state/actions.js';
import type { Thread } from '../state/thread.js';
import type { IconName } from '../ui/icons.js';
import { assignFollowUp, cancelTransfer, careFor, joinChat } from './care.js';
import type { Command } from './command.js';
import { type Desk, reopenConversation } from './desk.js';
import { openDialog, write } from './ui-state.js';

/** Something that can be done with the open chat. */
export interface ChatCommand extends Command {
  readonly action: Action | 'takeFollowUp';
  readonly icon: IconName;
}

interface Entry {
  readonly action: ChatCommand['action'];
  readonly label: MessageKey;
  readonly icon: IconName;
  readonly keys?: string;
}

/** In the order in which menus show them. */
const ENTRIES: readonly Entry[] = [
  { action: 'reply', label: 'writeReply', icon: 'chats', keys: 'Alt+L' },
  { action: 'note', label: 'writeNote', icon: 'note', keys: 'Alt+P' },
  { action: 'whisper', label: 'writeWhisper', icon: 'whisper', keys: 'Alt+W' },
  { action: 'transfer', label: 'transferChat', icon: 'transfer', keys: 'Alt+T' },
  { action: 'cancelTransfer', label: 'cancelTransfer', icon: 'close' },
  { action: 'hold', label: 'holdChat', icon: 'hold', keys: 'Alt+H' },
  { action: 'resume', label: 'resumeChat', icon: 'resume', keys: 'Alt+H' },
  { action: 'park', label: 'parkChat', icon: 'park', keys: 'Alt+M' },
  { action: 'unpark', label: 'unparkChat', icon: 'resume', keys: 'Alt+M' },
  { action: 'join', label: 'joinChat', icon: 'join', keys: 'Alt+U' },
  { action: 'takeOver', label: 'takeOverChat', icon: 'takeOver', keys: 'Alt+O' },
  { action: 'leave', label: 'leaveChat', icon: 'out', keys: 'Alt+X' },
  { action: 'close', label: 'closeChat', icon: 'check', keys: 'Alt+E' },
  { action: 'reopen', label: 'reopenChat', icon: 'retry' },
  { action: 'takeFollowUp', label: 'takeFollowUp', icon: 'user', keys: 'Alt+G' },
];

/** All commands for a chat; those that make no sense as it stands are not enabled. */
export const chatCommands = (
  desk: Desk,
  id: string,
  thread: Thread | undefined,
  fail: (error: Error) => void,
): readonly ChatCommand[] => {
  const allowed = thread ? actionsOf(thread, desk.viewer) : new Set<Action>();
  const { userId } = desk.viewer;
  const does = (promise: Promise<void>): void => void promise.catch(fail);
  const runs: Partial<Record<ChatCommand['action'], () => void>> = {
    reply: () => write('reply'),
    note: () => write('note'),
    whisper: () => write('whisper'),
    transfer: () => openDialog('transfer'),
    cancelTransfer: () => does(cancelTransfer(desk, id, thread?.transfer?.id ?? '')),
    hold: () => does(careFor(desk, id, 'Hold')),
    resume: () => does(careFor(desk, id, 'Resume')),
    park: () => does(careFor(desk, id, 'Park')),
    unpark: () => does(careFor(desk, id, 'Unpark')),
    join: () => does(joinChat(desk, id)),
    takeOver: () => openDialog('takeOver'),
    leave: () => does(careFor(desk, id, 'Leave')),
    close: () => openDialog('close'),
    reopen: () => does(reopenConversation(desk, id)),
    takeFollowUp: () => does(assignFollowUp(desk, id, userId)),
  };
  return ENTRIES.map((entry) => ({
    ...entry,
    group: 'groupChat',
    enabled:
      entry.action === 'takeFollowUp'
        ? allowed.has('answer') && thread?.later?.ownerId !== userId
        : allowed.has(entry.action),
    run: () => runs[entry.action]?.(),
  }));
};
