import { describe, expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import fc from 'fast-check';
import { expectReproducible } from '../testing/invariants.js';
import { beginning, move } from '../testing/moves.js';
import type { World } from '../testing/world.js';
import { enginePorts } from '../workflows/engine-ports.js';
import { decide } from './decide.js';
import { invariants } from './invariants.js';
import { restoreSnapshot, takeSnapshot } from './snapshot.js';

describe('the engine, whatever happens in whatever order', () => {
  it('keeps its promises, and its log and snapshots tell the same story', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 80, size: 'max' }), (moves) => {
        const world = beginning();
        for (const each of moves) {
          each(world);
          expect(invariants(world.state)).toEqual([]);
        }
        expectReproducible(world);
        expectNoneLost(world);
      }),
      { numRuns: 120 },
    );
  });

  it('decides the same after a restart as it would have without', () => {
    fc.assert(
      fc.property(
        fc.array(move, { maxLength: 40, size: 'max' }),
        fc.array(move, { maxLength: 15, size: 'max' }),
        (before, following) => {
          const world = beginning();
          for (const each of before) each(world);
          const restarted = restoreSnapshot(takeSnapshot(world.state));
          const twin: World = {
            ...world,
            when: (step) => {
              const outcome = world.when(step);
              if ('after' in step) return outcome;
              const again = decide(restarted, step, world.now(), enginePorts);
              expect(again.ok ? again.value.map(({ event }) => event) : []).toEqual(outcome.events);
              return outcome;
            },
          };
          for (const each of following) each(twin);
        },
      ),
      { numRuns: 100 },
    );
  });
});

const { REASON_CLOSED, REASON_JOIN_REFUSED } = routing.AssignmentEnded_Reason;
const { REASON_TAKEN_OVER } = routing.ConversationDequeued_Reason;

/** Every chat that entered is still held, or an event tells how it went. */
const expectNoneLost = ({ state, history }: World): void => {
  const open = new Set<string>();
  const holders = new Map<string, number>();
  const hold = (id: string, by: number): number => {
    holders.set(id, (holders.get(id) ?? 0) + by);
    return holders.get(id) ?? 0;
  };
  for (const { event } of history.map((entry) => entry.event)) {
    if (!event) continue;
    if (event.$case === 'conversationEnqueued') open.add(event.value.conversationId);
    if (event.$case === 'offerAccepted') hold(event.value.conversationId, 1);
    if (event.$case === 'assignmentStarted') {
      open.add(event.value.conversationId);
      hold(event.value.conversationId, 1);
    }
    if (event.$case === 'conversationDequeued' && event.value.reason !== REASON_TAKEN_OVER)
      open.delete(event.value.conversationId);
    if (event.$case === 'conversationEndRecorded') open.delete(event.value.conversationId);
    if (event.$case !== 'assignmentEnded') continue;
    const { conversationId, reason } = event.value;
    const left = hold(conversationId, -1);
    if (left === 0 && (reason === REASON_CLOSED || reason === REASON_JOIN_REFUSED))
      open.delete(conversationId);
  }
  expect([...state.chats.keys()].sort()).toEqual([...open].sort());
};
