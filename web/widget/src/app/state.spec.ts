import { describe, expect, it } from '@jest/globals';
import { availabilityOf } from './availability.js';
import { initialState, isNobodyThere, mayGreet } from './state.js';
import { emptyThread } from './thread.js';

const standing = (availability: 'ONLINE' | 'BUSY' | 'CLOSED' | 'MESSAGE_ONLY') => ({
  ...initialState,
  availability: availabilityOf({ availability: `AVAILABILITY_${availability}` }),
});

describe('that nobody is there', () => {
  it('is known when it is closed, and when only a message is taken', () => {
    expect(isNobodyThere(initialState)).toBe(false);
    for (const one of ['ONLINE', 'BUSY'] as const) expect(isNobodyThere(standing(one))).toBe(false);
    for (const one of ['CLOSED', 'MESSAGE_ONLY'] as const) expect(isNobodyThere(standing(one))).toBe(true);
  });
});

describe('the greeting', () => {
  it('is shown unless it is known that nobody is there', () => {
    expect(mayGreet(initialState)).toBe(true);
    for (const one of ['ONLINE', 'BUSY'] as const) expect(mayGreet(standing(one))).toBe(true);
    for (const one of ['CLOSED', 'MESSAGE_ONLY'] as const) expect(mayGreet(standing(one))).toBe(false);
  });

  it('is not shown over a message that is left or asked for', () => {
    const { availability } = standing('ONLINE');
    const taking = { ...emptyThread, status: 'taking' as const };
    const left = { ...emptyThread, status: 'closed' as const, followUp: { replyBy: 0, answered: false } };
    for (const thread of [taking, left]) expect(mayGreet({ availability, thread })).toBe(false);
  });
});
