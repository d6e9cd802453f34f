import { expect } from '@jest/globals';
import { evolve } from '../domain/evolve.js';
import { invariants } from '../domain/invariants.js';
import { restoreSnapshot, takeSnapshot } from '../domain/snapshot.js';
import { emptyState } from '../domain/state.js';
import { offersOf } from '../domain/views.js';
import type { World } from './world.js';

/** Folding the events anew, and restoring a snapshot, both give this very state, with all its indexes. */
export const expectReproducible = ({ state, history }: World): void => {
  const folded = emptyState();
  for (const { event, time } of history) evolve(folded, event, time);
  const snapshot = takeSnapshot(state);
  expect(takeSnapshot(folded)).toEqual(snapshot);
  expect(invariants(folded)).toEqual([]);
  const restored = restoreSnapshot(JSON.parse(JSON.stringify(snapshot)) as typeof snapshot);
  expect(JSON.stringify(takeSnapshot(restored))).toBe(JSON.stringify(snapshot));
  expect(invariants(restored)).toEqual([]);
  expect(restored.version).toBe(history.length);
  for (const id of state.agents.keys()) expect(offersOf(restored, id)).toEqual(offersOf(state, id));
};
