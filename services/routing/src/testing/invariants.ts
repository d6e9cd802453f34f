import { expect } from '@jest/globals';
import { evolve } from '../domain/evolve.js';
import { restoreSnapshot, takeSnapshot } from '../domain/snapshot.js';
import { capacityOf, emptyState, freeOf, isAvailable, type RoutingState } from '../domain/state.js';
import { offersOf } from '../domain/views.js';
import type { World } from './world.js';

/** What must hold after every decision; says what does not. */
export const violations = (state: RoutingState): string[] => [
  ...capacityViolations(state),
  ...ownershipViolations(state),
  ...missedMatches(state),
  ...indexViolations(state),
];

const capacityViolations = (state: RoutingState): string[] => {
  const found: string[] = [];
  for (const agent of state.agents.values()) {
    let held = 0;
    for (const id of [...agent.offers, ...agent.chats]) held += state.chats.get(id)?.weight ?? Number.NaN;
    for (const { weight } of agent.wrapUps.values()) held += weight;
    if (held !== agent.used) found.push(`${agent.id} holds ${held} but counts ${agent.used}`);
    if (agent.offers.size > 0 && agent.used > capacityOf(agent)) found.push(`${agent.id} is over capacity`);
    if (agent.offers.size > 0 && !isAvailable(agent))
      found.push(`${agent.id} has offers but is not available`);
  }
  return found;
};

const ownershipViolations = (state: RoutingState): string[] => {
  const found: string[] = [];
  for (const chat of state.chats.values()) {
    const offered = [...state.agents.values()].filter((agent) => agent.offers.has(chat.id));
    const owners = [...state.agents.values()].filter((agent) => agent.chats.has(chat.id));
    const expected = { waiting: [0, 0], offered: [1, 0], active: [0, 1], detached: [0, 0] }[chat.phase];
    if (offered.length !== expected[0] || owners.length !== expected[1])
      found.push(`${chat.id} is ${chat.phase} with ${offered.length} offers and ${owners.length} owners`);
  }
  return found;
};

const missedMatches = (state: RoutingState): string[] => {
  const found: string[] = [];
  for (const chat of state.chats.values()) {
    if (chat.phase !== 'waiting') continue;
    for (const agent of state.agents.values())
      if (
        isAvailable(agent) &&
        agent.config?.queueIds.includes(chat.queueId) &&
        chat.weight <= freeOf(agent) &&
        !chat.excluded.has(agent.id)
      )
        found.push(`${chat.id} waits though ${agent.id} is free`);
  }
  return found;
};

/** Every index says what a walk over the facts says. */
const indexViolations = (state: RoutingState): string[] => {
  const found: string[] = [];
  const chats = [...state.chats.values()];
  const agents = [...state.agents.values()];
  const same = (name: string, index: Iterable<{ id: string }>, facts: readonly { id: string }[]): void => {
    const left = [...index].map(({ id }) => id).sort();
    const right = facts.map(({ id }) => id).sort();
    if (JSON.stringify(left) !== JSON.stringify(right))
      found.push(`${name}: ${left.join()} is not ${right.join()}`);
  };
  for (const [id, queue] of state.queues) {
    const here = chats.filter((chat) => chat.queueId === id);
    same(
      `line of ${id}`,
      queue.line,
      here.filter(({ phase }) => phase === 'waiting' || phase === 'offered'),
    );
    same(
      `agents of ${id}`,
      queue.agents,
      agents.filter(({ config }) => config?.queueIds.includes(id)),
    );
    if (queue.active !== here.filter(({ phase }) => phase === 'active').length) found.push(`active of ${id}`);
  }
  for (const lane of state.lanes.values()) {
    const { queueId } = lane.requirements;
    const members = agents.filter(({ config }) => config?.queueIds.includes(queueId));
    const available = members.filter(isAvailable);
    same(
      `waiting in ${lane.key}`,
      lane.waiting,
      chats.filter((c) => c.queueId === queueId && c.phase === 'waiting'),
    );
    same(
      `free in ${lane.key}`,
      lane.free,
      available.filter((agent) => freeOf(agent) > 0),
    );
    if (lane.members !== members.length || lane.available !== available.length)
      found.push(`counts of ${lane.key}`);
  }
  const unreachable = chats.filter(
    ({ phase, queueId }) => phase !== 'detached' && !state.queues.has(queueId),
  );
  if (unreachable.length > 0) found.push(`${unreachable.map(({ id }) => id).join()} is in no queue`);
  const due =
    chats.filter(({ phase }) => phase === 'offered').length +
    agents.reduce((sum, { wrapUps }) => sum + wrapUps.size, 0) +
    chats.reduce((sum, { excluded }) => sum + [...excluded.values()].filter((until) => until > 0).length, 0);
  if (due !== state.due.size) found.push(`${state.due.size} due, ${due} expected`);
  return found;
};

/** Folding the events anew, and restoring a snapshot, both give this very state, with all its indexes. */
export const expectReproducible = ({ state, history }: World): void => {
  const folded = emptyState();
  for (const { event, time } of history) evolve(folded, event, time);
  const snapshot = takeSnapshot(state);
  expect(takeSnapshot(folded)).toEqual(snapshot);
  expect(violations(folded)).toEqual([]);
  const restored = restoreSnapshot(JSON.parse(JSON.stringify(snapshot)) as typeof snapshot);
  expect(JSON.stringify(takeSnapshot(restored))).toBe(JSON.stringify(snapshot));
  expect(violations(restored)).toEqual([]);
  expect(restored.version).toBe(history.length);
  for (const id of state.agents.keys()) expect(offersOf(restored, id)).toEqual(offersOf(state, id));
};
