import { describe, expect, it } from '@jest/globals';
import { routing } from '@parley/client';
import { offerChanged, stillRinging } from './offers.js';
import { presenceChanged, queueChanged, totalsOf } from './queues.js';

const { OfferChanged_State: State } = routing;
const offer = (offerId: string, waitingSince = '', expiresAt = '') => ({
  offerId,
  conversationId: `c-${offerId}`,
  waitingSince,
  expiresAt,
});
const ring = (list: Parameters<typeof offerChanged>[0], value: routing.Offer) =>
  offerChanged(list, { offer: value, state: State.STATE_PENDING });

describe('offers', () => {
  it('ring once, who waits longest first, until they change', () => {
    const two = ring(
      ring(ring([], offer('b', '2026-01-02')), offer('a', '2026-01-01')),
      offer('b', '2026-01-02'),
    );
    expect(two.map((o) => o.offerId)).toEqual(['a', 'b']);
    for (const state of [
      State.STATE_ACCEPTED,
      State.STATE_TIMED_OUT,
      State.STATE_RESCINDED,
      State.STATE_DECLINED,
    ])
      expect(offerChanged(two, { offer: offer('a'), state }).map((o) => o.offerId)).toEqual(['b']);
    expect(offerChanged(two, { offer: offer('unknown'), state: State.STATE_RESCINDED })).toBe(two);
  });

  it('end by the clock when nothing is heard', () => {
    const list = ring([], offer('a', '', '2026-01-01T00:00:30Z'));
    expect(stillRinging(list, Date.parse('2026-01-01T00:00:29Z'))).toBe(list);
    expect(stillRinging(list, Date.parse('2026-01-01T00:00:31Z'))).toEqual([]);
  });
});

describe('queues and agents', () => {
  it('add up, and the longest wait is of a queue where somebody waits', () => {
    const one = queueChanged(new Map(), {
      queue: { queueId: 'a' },
      waiting: 2,
      oldestEnteredAt: '2026-01-02',
    });
    const two = queueChanged(one, {
      queue: { queueId: 'b' },
      waiting: 0,
      oldestEnteredAt: '2026-01-01',
      active: 4,
    });
    expect(totalsOf(two)).toEqual({ waiting: 2, oldest: '2026-01-02', active: 4 });
    expect(totalsOf(new Map())).toEqual({ waiting: 0, oldest: '', active: 0 });
  });

  it('take the newer presence', () => {
    const agents = presenceChanged(new Map(), { agentId: 'a', revision: '10', sessions: 1 });
    expect(presenceChanged(agents, { agentId: 'a', revision: '9', sessions: 5 }).get('a')?.sessions).toBe(1);
    expect(presenceChanged(agents, { agentId: 'a', revision: '11', sessions: 5 }).get('a')?.sessions).toBe(5);
  });
});
