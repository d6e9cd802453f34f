import { describe, expect, it } from '@jest/globals';
import { loadLanguage } from './i18n/index.js';
import { type ChatState, initialState } from './state.js';
import { statusOf } from './status.js';
import { emptyThread, evolve } from './thread.js';

const english = await loadLanguage('en');
const told = (state: Partial<ChatState>) => statusOf({ ...initialState, ...state }, english);

const waits = evolve(emptyThread, { version: 1, event: { started: {} } });
const answered = evolve(waits, {
  version: 2,
  event: { messageSent: { messageId: 'm', text: { text: 'Hello' } } },
  actor: { kind: 'KIND_AGENT', name: 'Anna' },
});
const settings = { accentColor: '#7a1f5c' };

describe('what the page is told of the chat', () => {
  it('is nothing before the session has started', () => {
    for (const boot of ['starting', 'unreachable', 'notAllowed'] as const)
      expect(told({ boot })).toBeUndefined();
  });

  it('is nothing while the thread of a conversation is not here yet', () => {
    expect(told({ boot: 'ready', settings, begun: true })).toBeUndefined();
    expect(told({ boot: 'ready', settings, begun: true, thread: waits })).toMatchObject({
      active: true,
      accent: '#7a1f5c',
      unread: 0,
      label: 'Chat',
    });
  });

  it('is that there is no chat once that is known', () => {
    expect(told({ boot: 'ready', settings })).toMatchObject({ active: false, accent: '#7a1f5c' });
  });

  it('counts what is not read', () => {
    expect(told({ boot: 'ready', begun: true, thread: answered })).toMatchObject({
      unread: 1,
      label: 'Chat, 1 unread',
    });
  });
});
