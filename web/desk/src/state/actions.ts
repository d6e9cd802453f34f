import { conversation } from '@parley/client';
import type { Viewer } from './inbox.js';
import { isClosed, type Thread } from './thread.js';

const { ConversationState: State } = conversation;

/** What can be done with a chat. */
export type Action =
  | 'reply'
  | 'note'
  | 'whisper'
  | 'transfer'
  | 'cancelTransfer'
  | 'hold'
  | 'resume'
  | 'park'
  | 'unpark'
  | 'leave'
  | 'join'
  | 'takeOver'
  | 'close'
  | 'reopen'
  | 'answer';

/** What this viewer may do with a chat as it stands; nothing while it is not loaded. */
export const actionsOf = (thread: Thread, viewer: Viewer): ReadonlySet<Action> => {
  const actions = new Set<Action>();
  if (thread.version === 0) return actions;
  const allow = (action: Action, when: boolean): void => {
    if (when) actions.add(action);
  };
  const { userId, supervises } = viewer;
  const within = thread.agentIds.includes(userId);
  if (isClosed(thread)) {
    const owed = thread.later?.answeredAt === 0;
    const { ownerId = '' } = thread.later ?? {};
    allow('answer', owed && (supervises || ownerId === '' || ownerId === userId));
    allow('reopen', !owed && (within || supervises));
    return actions;
  }
  const joined = thread.supervisorIds.includes(userId);
  const handles = supervises || within || thread.parkedBy === userId;
  const agents = thread.agentIds.length;
  const held = thread.state === State.CONVERSATION_STATE_ON_HOLD;
  allow('reply', within || joined);
  allow('note', handles);
  allow('whisper', supervises && agents > 0 && !within);
  allow('transfer', handles && agents > 0 && !thread.transfer);
  allow('cancelTransfer', handles && thread.transfer !== undefined);
  allow('hold', handles && agents > 0 && !held);
  allow('resume', handles && agents > 0 && held);
  allow('park', handles && agents === 1);
  allow('unpark', handles && thread.parkedBy !== '');
  allow('leave', within || joined);
  allow('join', supervises && agents > 0 && !within && !joined);
  const asksForMessage = thread.state === State.CONVERSATION_STATE_TAKING_MESSAGE;
  allow('takeOver', supervises && !asksForMessage && !(within && agents === 1));
  allow('close', handles);
  return actions;
};

/** Looks at a live chat that is none of theirs, seen by nobody in it. */
export const isUnseen = (thread: Thread, { userId, supervises }: Viewer): boolean =>
  supervises &&
  thread.version > 0 &&
  !isClosed(thread) &&
  ![...thread.agentIds, ...thread.supervisorIds, thread.parkedBy].includes(userId);
