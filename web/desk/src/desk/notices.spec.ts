import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ApiError, ErrorCode } from '@parley/client';
import { createNotices } from './notices.js';

describe('notices', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());
  const texts = (notices: ReturnType<typeof createNotices>): string[] =>
    notices.list.get().map((notice) => ('text' in notice ? notice.text : notice.refusal.reason));

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

  it('stand for refusals by their reason, each once', () => {
    const notices = createNotices();
    const closed = new ApiError(ErrorCode.failedPrecondition, 'It is closed.', { reason: 'QUEUE_CLOSED' });
    const { refused } = notices;
    for (const error of [closed, new Error('That breaks.'), closed]) refused(error);
    expect(texts(notices)).toEqual(['', 'QUEUE_CLOSED']);
    expect(notices.list.get().at(-1)).toMatchObject({ kind: 'error', refusal: { said: closed.message } });
  });
});
