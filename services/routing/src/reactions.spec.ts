import { describe, expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import { reactionTo } from './reactions.js';

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

  it('tells nothing on its entry, and by the failsafe only what that did', () => {
    expect(reactionTo(entered(Cause.CAUSE_ENTERED), 7)).toBeUndefined();
    expect(reactionTo(entered(Cause.CAUSE_FAILSAFE), 7)).toBeUndefined();
  });
});
