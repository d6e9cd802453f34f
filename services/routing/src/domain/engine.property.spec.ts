import { describe, expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import fc from 'fast-check';
import { expectReproducible } from '../testing/invariants.js';
import { enginePorts } from '../workflows/engine-ports.js';
import { invariants } from './invariants.js';
import {
  accept,
  after,
  agent,
  decline,
  end,
  enter,
  given,
  presence,
  queue,
  tick,
  type World,
} from '../testing/world.js';
import { restoreSnapshot, takeSnapshot } from './snapshot.js';
import { decide } from './decide.js';

const agents = ['ann', 'bob', 'cat'];
const queues = ['sales', 'support', 'gone'];
const name = fc.constantFrom(...agents);
const chat = fc.integer({ min: 1, max: 8 }).map((n) => `c${n}`);
const version = fc.integer({ min: 1, max: 12 });
const someQueues = fc.uniqueArray(fc.constantFrom('sales', 'support'), { minLength: 1, maxLength: 2 });

type Move = (world: World) => void;
const answer = (conversationId: string, how: typeof accept, agentId?: string): Move => {
  return (world) => {
    const known = world.state.chats.get(conversationId)?.offers[0];
    world.when(how(known?.id ?? `${conversationId}-o3`, agentId ?? known?.agentId ?? 'ann'));
  };
};

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(chat, version, fc.constantFrom(...queues), fc.nat(2), fc.constantFrom(1, 1, 2))
      .map(([id, sourceVersion, queueId, priority, weight]): Move => (w) => {
        w.when(enter(id, { sourceVersion, queueId, priority, weight }));
      }),
  },
  { weight: 5, arbitrary: chat.map((id) => answer(id, accept)) },
  { weight: 2, arbitrary: fc.tuple(chat, name).map(([id, who]) => answer(id, accept, who)) },
  { weight: 3, arbitrary: chat.map((id) => answer(id, decline)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(chat, version, fc.constantFrom('CLOSED', 'AGENT_LEFT', 'JOIN_REFUSED'))
      .map(([id, v, reason]): Move => (w) => {
        const agentId = reason === 'CLOSED' ? '' : (w.state.chats.get(id)?.assignments[0]?.agentId ?? '');
        w.when(end(id, reason, reason === 'JOIN_REFUSED' ? 0 : v, agentId));
      }),
  },
  {
    weight: 5,
    arbitrary: fc
      .tuple(name, fc.constantFrom('AVAILABLE', 'AVAILABLE', 'AWAY', 'OFFLINE'), fc.boolean())
      .map(([id, status, online]): Move => (w) => {
        w.when(presence(id, status, { online: online || status === 'AVAILABLE' }));
      }),
  },
  {
    weight: 1,
    arbitrary: name.map((id): Move => (w) => {
      w.when(presence(id, 'OFFLINE', { revision: 1n }));
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(name, fc.integer({ min: 1, max: 4 }), someQueues)
      .map(([id, capacity, ids]): Move => (w) => {
        w.when(
          agent(
            id,
            ids.filter((q) => w.state.queues.has(q)),
            { capacity },
          ),
        );
      }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('sales', 'support'), fc.boolean())
      .map(([id, isDefault]): Move => (w) => {
        w.when(queue(id, { isDefault, wrapUpSeconds: 10, offerTimeoutSeconds: 20 }));
      }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('sales', 'support').map((queueId): Move => (w) => {
      w.when({ kind: 'removeQueue', queueId });
    }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(chat, name).map(([conversationId, agentId]): Move => (w) => {
      w.when({ kind: 'endWrapUp', conversationId, agentId });
    }),
  },
  {
    weight: 5,
    arbitrary: fc.integer({ min: 0, max: 25 }).map((seconds): Move => (w) => {
      w.when(after(seconds));
      w.when(tick);
    }),
  },
);

describe('the engine, whatever happens in whatever order', () => {
  it('keeps its promises, and its log and snapshots tell the same story', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 80, size: 'max' }), (moves) => {
        const world = given(
          queue('sales', { wrapUpSeconds: 10, offerTimeoutSeconds: 20 }),
          queue('support'),
          agent('ann', ['sales']),
          presence('ann'),
        );
        for (const each of moves) {
          each(world);
          expect(invariants(world.state)).toEqual([]);
        }
        expectReproducible(world);
        expectNoneLost(world);
      }),
      { numRuns: 300 },
    );
  });

  it('decides the same after a restart as it would have without', () => {
    fc.assert(
      fc.property(
        fc.array(move, { maxLength: 40 }),
        fc.array(move, { maxLength: 10 }),
        (before, following) => {
          const world = given(
            queue('sales', { wrapUpSeconds: 10 }),
            agent('ann', ['sales']),
            presence('ann'),
          );
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
      { numRuns: 200 },
    );
  });
});

/** Every chat that entered is still held, or an event tells how it went. */
const expectNoneLost = ({ state, history }: World): void => {
  const open = new Set<string>();
  for (const { event } of history.map((entry) => entry.event)) {
    if (event?.$case === 'conversationEnqueued') open.add(event.value.conversationId);
    if (event?.$case === 'conversationDequeued' || event?.$case === 'conversationEndRecorded')
      open.delete(event.value.conversationId);
    const left = routing.AssignmentEnded_Reason.REASON_AGENT_LEFT;
    if (event?.$case === 'assignmentEnded' && event.value.reason !== left)
      open.delete(event.value.conversationId);
  }
  expect([...state.chats.keys()].sort()).toEqual([...open].sort());
};
