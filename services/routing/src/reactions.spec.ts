import { describe, expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import type { Chat } from './domain.js';
import { reactionsTo, reactionTo } from './reactions.js';
import { enter, given, queue } from './testing/world.js';

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
      reactionsTo([entered(Cause.CAUSE_ENTERED)], {
        version: 7,
        chats: new Map([['c1', chat(filter)]]),
        queues: new Map(),
      });
    expect(told(2).map(({ kind }) => kind)).toEqual(['inform_visitor']);
    expect(told(0)).toEqual([]);
  });

  it('tells that it fell to the default queue, which has another id than a conversation can know', () => {
    const told = (queueId: string, more: Partial<routing.Queue>) => {
      const world = given(queue('sales'), queue(queueId, more), enter('c1', { queueId }));
      return reactionsTo(
        world.history
          .map(({ event }) => event)
          .filter(({ event }) => event?.$case === 'conversationEnqueued'),
        world.state,
      ).map(({ kind }) => kind);
    };
    expect(told('support', { isDefault: true })).toEqual(['inform_visitor']);
    expect(told('default', { isDefault: true })).toEqual([]);
    expect(told('support', {})).toEqual([]);
  });

  it('tells by the failsafe only what that did', () => {
    expect(reactionTo(entered(Cause.CAUSE_FAILSAFE), 7)).toBeUndefined();
  });
});
