import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { log } from '@parley/contracts';
import { eventsOf } from './codec.js';
import {
  emptyState,
  evolve,
  position,
  restoreSnapshot,
  takeSnapshot,
  type RoutingState,
  type Snapshot,
} from './domain.js';
import { invariants } from './domain/invariants.js';
import type { SnapshotOfFormat1 } from './domain/snapshot-1.js';

interface OldHistory {
  /** Commits in protobuf's JSON form, their events as the bytes that the release of that time wrote. */
  readonly commits: readonly unknown[];
  /** What its engine stored after them, and where it saw the chats in their lines. */
  readonly snapshot: SnapshotOfFormat1 | Snapshot;
}

const folder = join(import.meta.dirname, '..', 'fixtures');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const read = (name: string): OldHistory => {
  const history: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  return history as OldHistory;
};

const replayed = ({ commits }: OldHistory): RoutingState => {
  const state = emptyState();
  for (const json of commits) {
    const commit = log.Commit.fromJSON(json);
    for (const event of eventsOf(commit)) evolve(state, event, commit.time?.getTime() ?? 0);
  }
  return state;
};

const holding = (state: RoutingState): unknown =>
  [...state.agents.values()].map(({ id, used, capacity, notResponding, idleSince, offers, chats }) => ({
    id,
    used,
    capacity,
    notResponding,
    idleSince,
    offers: [...offers],
    chats: [...chats],
  }));

const standing = (state: RoutingState): unknown =>
  [...state.chats.values()].map(({ id, phase, queueId, offers, assignments, excluded }) => ({
    id,
    phase,
    queueId,
    offers: offers.map((offer) => [offer.id, offer.agentId, offer.expiresAt]),
    assignments: assignments.map(({ agentId, offerId }) => [agentId, offerId]),
    excluded: [...excluded],
    position: position(state, id).position,
  }));

describe('histories of older engines', () => {
  it.each(files)('%s is read to the end, and every promise holds then', (name) => {
    const state = replayed(read(name));
    expect(state.version).toBe(read(name).snapshot.version);
    expect(invariants(state)).toEqual([]);
  });

  it.each(files)('%s leads to what its own snapshot says', (name) => {
    const { snapshot } = read(name);
    const restored = restoreSnapshot(snapshot);
    const state = replayed(read(name));
    expect(invariants(restored)).toEqual([]);
    expect(holding(restored)).toEqual(holding(state));
    expect(standing(restored)).toEqual(standing(state));
    expect([...restored.ended]).toEqual([...state.ended]);
    // What it holds as a snapshot of today is read back as the same.
    const again = takeSnapshot(restored);
    expect(takeSnapshot(restoreSnapshot(again))).toEqual(again);
  });

  it('keep the facts that the older snapshot had', () => {
    for (const name of files) {
      const { snapshot } = read(name);
      const { chats } = takeSnapshot(replayed(read(name)));
      expect(chats.map(({ id, phase, enteredAt, seq }) => ({ id, phase, enteredAt, seq }))).toEqual(
        snapshot.chats.map(({ id, phase, enteredAt, seq }) => ({ id, phase, enteredAt, seq })),
      );
    }
  });
});
