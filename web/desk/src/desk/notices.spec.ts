import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createNotices } from './notices.js';

describe('notices', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());
  const texts = (notices: ReturnType<typeof createNotices>): string[] =>
    notices.list.get().map(({ text }) => text);

  it('go away by themselves, at most three at once', () => {
    const notices = createNotices();
    for (const text of ['a', 'b', 'c', 'd']) notices.show({ kind: 'info', text });
    expect(texts(notices)).toEqual(['b', 'c', 'd']);
    jest.advanceTimersByTime(6_000);
    expect(texts(notices)).toEqual([]);
  });

  it('stand there once when they are said twice, from then on for as long as new ones', () => {
    const notices = createNotices();
    notices.show({ kind: 'info', text: 'Saved.' });
    notices.show({ kind: 'error', text: 'Saved.' });
    jest.advanceTimersByTime(4_000);
    notices.show({ kind: 'info', text: 'Saved.' });
    expect(notices.list.get().map(({ kind }) => kind)).toEqual(['error', 'info']);
    jest.advanceTimersByTime(4_000);
    expect(notices.list.get().map(({ kind }) => kind)).toEqual(['info']);
  });
});
