import type { ToPage } from '../protocol.js';
import type { Language } from './i18n/index.js';
import type { ChatState } from './state.js';
import { awaitsAnswer, isOpen, unreadIn } from './thread.js';

/**
 * What the page is told of the chat; undefined while that is not known, as the page keeps it for the next one: before
 * the session has started, and while the thread of a conversation is not here yet.
 */
export const statusOf = (
  { boot, begun, thread, settings }: ChatState,
  { say }: Pick<Language, 'say'>,
): Extract<ToPage, { type: 'status' }> | undefined => {
  if (boot !== 'ready' || (begun && thread.version === 0)) return undefined;
  const unread = unreadIn(thread);
  return {
    type: 'status',
    unread,
    active: isOpen(thread) || awaitsAnswer(thread),
    accent: settings.accentColor ?? '',
    label: unread ? say('titleUnread', { n: unread }) : say('title'),
  };
};
