import { describe, expect, it } from '@jest/globals';
import {
  boss,
  by,
  given,
  HOUR,
  MINUTE,
  sendWish,
  started,
  stateAfter,
  stranger,
  visitor,
} from '../testing/story.js';

const closed = by(visitor, { type: 'close', reason: 0 }, MINUTE);
const rate = (score: number, at: number) =>
  by(visitor, { type: 'rate', score, comment: 'good, card 4111111111111111' }, at);
const convert = (conversionId: string, at: number) =>
  by(visitor, { type: 'convert', conversionId, name: 'order', value: 4200n, currency: 'EUR' }, at);
const erase = (at: number) => by(boss, { type: 'erase', reason: 'contact_request' }, at);

describe('rating', () => {
  it('waits for the end', () => {
    expect(given(started).when(rate(5, MINUTE)).error?.details.reason).toBe('NOT_CLOSED');
    expect(given(started, closed).when(rate(5, HOUR)).facts).toEqual([
      { $case: 'ratingGiven', value: { score: 5, comment: 'good, card ************1111' } },
    ]);
  });
  it('may be changed within the window: the last counts', () => {
    expect(stateAfter(started, closed, rate(2, HOUR), rate(4, 2 * HOUR)).rating).toBe(4);
    expect(given(started, closed, rate(2, HOUR)).when(rate(4, 26 * HOUR)).error?.details.reason).toBe(
      'ALREADY_RATED',
    );
    expect(given(started, closed).when(rate(4, 26 * HOUR)).error?.details.reason).toBe('RATING_WINDOW_OVER');
  });
  it('is the visitor’s own', () => {
    expect(given(started, closed).when({ ...rate(1, HOUR), by: stranger }).error?.details.reason).toBe(
      'CONVERSATION_NOT_FOUND',
    );
  });
});

describe('conversions', () => {
  it('count once each, open or up to 24 hours after closing', () => {
    expect(given(started).when(convert('o1', MINUTE)).facts).toHaveLength(1);
    expect(given(started, convert('o1', MINUTE)).when(convert('o1', MINUTE))).toEqual({ facts: [] });
    expect(given(started, closed).when(convert('o2', 24 * HOUR)).facts).toHaveLength(1);
    expect(given(started, closed).when(convert('o2', 25 * HOUR)).error?.details.reason).toBe(
      'CONVERSION_WINDOW_OVER',
    );
  });
  it('are limited in number', () => {
    const many = Array.from({ length: 100 }, (_, i) => convert(`o${i}`, MINUTE));
    expect(given(started, ...many).when(convert('one-more', MINUTE)).error?.details.reason).toBe(
      'TOO_MANY_CONVERSIONS',
    );
  });
});

describe('erasure', () => {
  it('covers everything so far, and again only when content came since', () => {
    expect(given(started).when(erase(MINUTE)).facts).toEqual([
      { $case: 'contentErased', value: { upToVersion: 2, reason: 'contact_request' } },
    ]);
    expect(given(started, erase(MINUTE)).when(erase(HOUR))).toEqual({ facts: [] });
    expect(
      given(started, erase(MINUTE), by(visitor, sendWish('m1'), MINUTE)).when(erase(HOUR)).facts[0]?.value,
    ).toMatchObject({ upToVersion: 4 });
  });
  it('covers pages that came after the last one, and empties what the state holds', () => {
    const page = { url: 'https://shop.example/account', title: '' };
    const moved = by(visitor, { type: 'changePage', page }, 2 * MINUTE);
    expect(given(started, erase(MINUTE), moved).when(erase(HOUR)).facts).toHaveLength(1);
    expect(stateAfter(started, moved)).toMatchObject({ topic: 'tea', pageUrl: page.url });
    expect(stateAfter(started, moved, erase(HOUR))).toMatchObject({ topic: '', pageUrl: '' });
  });
  it('needs a conversation', () => {
    expect(given().when(erase(0)).error?.details.reason).toBe('CONVERSATION_NOT_FOUND');
  });
});
