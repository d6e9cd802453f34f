import { describe, expect, it } from '@jest/globals';
import type { routing } from '@parley/contracts';
import { decide, emptyState, evolve, type Command } from '../../services/routing/src/domain.js';
import {
  agent,
  end,
  enter,
  presence,
  publish,
  queue,
  skill,
  T0,
  takeOver,
  workflow,
} from '../../services/routing/src/testing/world.js';
import { enginePorts } from '../../services/routing/src/workflows/engine-ports.js';
import { Judge, waitingIn, type Step } from './judge.js';

type Event = NonNullable<routing.RoutingEvent['event']>;

/**
 * Lets the engine decide, each group of commands in one commit and a second after the one before, and judges the log that
 * comes of it. `forge` changes an event before it is written.
 */
const judged = (
  groups: readonly (readonly Command[])[],
  forge: (event: Event) => Event = (event) => event,
): { readonly found: string[]; readonly judge: Judge } => {
  const deciding = emptyState();
  const written = emptyState();
  const judge = new Judge();
  const found: string[] = [];
  for (const [i, commands] of groups.entries()) {
    const time = T0 + i * 1_000;
    const steps: Step[] = [];
    for (const command of commands) {
      const decision = decide(deciding, command, time, enginePorts);
      if (!decision.ok) throw decision.error;
      for (const decided of decision.value) {
        const event = decided.event ? { event: forge(decided.event) } : decided;
        steps.push({ event, waiting: waitingIn(written) });
        evolve(written, event, time);
      }
    }
    found.push(...judge.commit(steps, waitingIn(written), time));
  }
  return { found, judge };
};

/** Two chats wait for one agent, who has room for one of them. */
const turns = [
  [queue('sales', { isDefault: true })],
  [agent('ann', ['sales'], { capacity: 1 })],
  [enter('c1')],
  [enter('c2')],
  [presence('ann')],
];

const billing = [
  [queue('sales', { isDefault: true })],
  [skill('billing')],
  [
    workflow({
      when: 'topic == "billing"',
      requirements: { skills: { billing: 3 }, language: '' },
      targets: [
        { queue: 'sales', untilSeconds: 3 },
        { queue: 'sales', relaxations: [{ skill: 'billing', level: 0 }] },
      ],
    }),
  ],
  [publish(1)],
  [enter('c1', { topic: 'billing' })],
  [{ kind: 'tick' } as const],
  [{ kind: 'tick' } as const],
  [{ kind: 'tick' } as const],
];

describe('what routing wrote is judged', () => {
  it('right where it is', () => {
    const { found, judge } = judged(turns);
    expect(found).toEqual([]);
    expect(judge.contested).toBe(1);
  });

  it('wrong where somebody was passed over', () => {
    const { found } = judged(turns, (event) =>
      event.$case === 'offerMade' ? { ...event, value: { ...event.value, conversationId: 'c2' } } : event,
    );
    expect(found).toEqual(['offer of c2 to ann: c1 goes before it']);
  });

  it('right where who goes before came to wait by a later decision of the same commit', () => {
    const { found } = judged([
      [queue('sales', { isDefault: true })],
      [agent('ann', ['sales'], { capacity: 1 })],
      [enter('c1')],
      [takeOver('c1', 'sue', 3)],
      [end('c1', 'PARKED', 5, 'sue')],
      [enter('c2')],
      [presence('ann'), enter('c1', { priority: 9, sourceVersion: 9 })],
    ]);
    expect(found).toEqual([]);
  });

  it('right where requirements are relaxed as configured', () => {
    const { found, judge } = judged(billing);
    expect(found).toEqual([]);
    expect(judge.targets).toBe(2);
  });

  it('wrong where they are relaxed before', () => {
    const { found } = judged(billing, (event) =>
      event.$case === 'targetEntered'
        ? { ...event, value: { ...event.value, requirements: { skills: {}, language: '' } } }
        : event,
    );
    expect(found).toEqual([expect.stringMatching(/^c1 at target 0: asks for .* and not .*"billing":3/)]);
  });
});
