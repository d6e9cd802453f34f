import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Agenda } from './agenda.js';

interface Thing {
  readonly at: number;
  readonly id: number;
}

const inOrder = (a: Thing, b: Thing): number => a.at - b.at || a.id - b.id;

describe('Agenda', () => {
  it('tells what comes first, as a sorted array would from which what is void is taken out at once', () => {
    // Times within a span, and over some hundred of them; the first so often that spans are opened and added to.
    const at = fc.oneof(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 200_000 }));
    const operation = fc.record({ kind: fc.constantFrom('add', 'add', 'drop', 'take'), at });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 1500, size: 'max' }), (operations) => {
        const current = new Set<Thing>();
        const agenda = new Agenda<Thing>(
          ({ at: time }) => time,
          inOrder,
          (thing) => current.has(thing),
        );
        const sorted = (): Thing[] => [...current].sort(inOrder);
        const remove = (thing: Thing | undefined): void => {
          if (!thing) return;
          current.delete(thing);
          agenda.drop();
        };
        for (const [id, { kind, at: time }] of operations.entries()) {
          if (kind === 'add') {
            const thing = { at: time, id };
            current.add(thing);
            agenda.add(thing);
          } else if (kind === 'take') {
            const first = agenda.first();
            // No expect in here: thousands of them take far longer than the agenda.
            if (first !== sorted()[0]) throw new Error(`${first?.id} comes first, not ${sorted()[0]?.id}`);
            remove(first);
          } else remove([...current][time % Math.max(1, current.size)]);
        }
        expect([...agenda].sort(inOrder)).toEqual(sorted());
        expect(agenda.first()).toBe(sorted()[0]);
      }),
      { numRuns: 60 },
    );
  });
});
