import { describe, expect, it } from '@jest/globals';
import { Receipts } from './receipts.js';
import { platformRuntime } from './runtime.js';

describe('receipts', () => {
  it('tell the last version of each conversation, no more often than twice a second', () => {
    const timers: (() => void)[] = [];
    const sent: unknown[] = [];
    const receipts = new Receipts(
      { ...platformRuntime, setTimer: (run) => timers.push(run) },
      (frame) => sent.push(frame) > 0,
    );
    for (const version of [1, 2, 3]) receipts.arrived('a', version);
    receipts.arrived('b', 7);
    expect([sent, timers.length]).toEqual([[], 2]);
    for (const run of timers.splice(0)) run();
    receipts.arrived('a', 4);
    for (const run of timers.splice(0)) run();
    expect(sent).toEqual([
      { typing: { conversationId: 'a', receivedVersion: 3 } },
      { typing: { conversationId: 'b', receivedVersion: 7 } },
      { typing: { conversationId: 'a', receivedVersion: 4 } },
    ]);
  });
});
