import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { position } from '../domain.js';
import { accept, agent, decline, end, enter, given, presence, queue, tick } from '../testing/world.js';
import { WaitEstimates } from './wait-estimates.js';

const QUEUES = ['sales', 'support'];
const AGENTS = ['anna', 'ben', 'carl'];

const action = fc.record({
  what: fc.constantFrom(
    ...['enter', 'enter', 'enter', 'accept', 'accept', 'accept', 'accept', 'accept'],
    ...['decline', 'end', 'end', 'end', 'away', 'back', 'back'],
  ),
  which: fc.nat(),
  seconds: fc.integer({ min: 0, max: 15 }),
});

describe('estimates fed by the engine', () => {
  it('know when nobody is served any more, and hold only finite numbers, whatever happens', () => {
    let known = 0;
    fc.assert(
      fc.property(fc.array(action, { minLength: 200, maxLength: 400, size: 'max' }), (actions) => {
        const world = given(
          ...QUEUES.map((id) => queue(id, { wrapUpSeconds: 10, offerTo: 2 })),
          ...AGENTS.map((id, i) => agent(id, i === 1 ? QUEUES : [QUEUES[i % 2]!])),
          ...AGENTS.map((id) => presence(id)),
        );
        const estimates = new WaitEstimates();
        let seen = world.history.length;
        const listen = (): void => {
          const events = world.history.slice(seen).map(({ event }) => event);
          seen = world.history.length;
          estimates.committed(events, world.now(), (id) => position(world.state, id).position);
        };
        const pass = (seconds: number): void => {
          world.when({ after: seconds * 1000 });
          world.when(tick);
          listen();
        };
        let entered = 0;
        for (const { what, which, seconds } of actions) {
          pass(seconds);
          const chats = [...world.state.chats.values()];
          const chat = chats[which % Math.max(1, chats.length)];
          const offer = chats.flatMap(({ offers }) => offers)[0];
          if (what === 'enter') world.when(enter(`c${entered++}`, { queueId: QUEUES[which % 2]! }));
          else if (what === 'accept' && offer) world.when(accept(offer.id, offer.agentId));
          else if (what === 'decline' && offer) world.when(decline(offer.id, offer.agentId));
          else if (what === 'end' && chat)
            world.when(end(chat.id, which % 5 ? 'CLOSED' : 'AGENT_LEFT', 3 + seen));
          else if (what === 'away') world.when(presence(AGENTS[which % 3]!, 'AWAY'));
          else if (what === 'back')
            for (const status of ['AWAY', 'AVAILABLE'] as const)
              world.when(presence(AGENTS[which % 3]!, status));
          listen();
        }
        if (estimates.rangeAt('sales', 1)) known++;
        for (const { id } of [...world.state.chats.values()]) world.when(end(id, 'CLOSED', 100_000));
        listen();
        for (let i = 0; i < 5; i++) pass(60);
        expect(QUEUES.map((id) => estimates.rangeAt(id, 1))).toEqual([undefined, undefined]);
        const numbers = JSON.stringify(estimates).match(/null|-?[\d.]+(e[+-]?\d+)?/g) ?? [];
        expect(numbers.filter((text) => !Number.isFinite(Number(text)))).toEqual([]);
      }),
      { numRuns: 40 },
    );
    expect(known).toBeGreaterThan(2);
  });
});
