import { describe, expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import type { Chat } from './domain.js';
import { reactionsTo, reactionTo } from './reactions.js';

const { TargetEntered_Cause: Cause } = routing;
const entered = (cause: routing.TargetEntered_Cause): routing.RoutingEvent =>
  routing.RoutingEvent.fromPartial({
    event: { $case: 'targetEntered', value: { conversationId: 'c1', queueId: 'orders', cause } },
  });

describe('a chat that comes to another stage of waiting', () => {
  it.each([Cause.CAUSE_TIMED_OUT, Cause.CAUSE_QUEUE_CLOSED, Cause.CAUSE_MOVED])(
    'tells its conversation the queue (cause %i)',
    (cause) => expect(reactionTo(entered(cause), 7)?.kind).toBe('inform_visitor'),
  );

  it('tells the queue of its entry when a filter chose it, and nothing without one', () => {
    const chat = (filter: number): Chat => ({ id: 'c1', filter }) as Chat;
    const told = (filter: number) =>
      reactionsTo([entered(Cause.CAUSE_ENTERED)], { version: 7, chats: new Map([['c1', chat(filter)]]) });
    expect(told(2).map(({ kind }) => kind)).toEqual(['inform_visitor']);
    expect(told(0)).toEqual([]);
  });

  it('tells by the failsafe only what that did', () => {
    expect(reactionTo(entered(Cause.CAUSE_FAILSAFE), 7)).toBeUndefined();
  });
});
