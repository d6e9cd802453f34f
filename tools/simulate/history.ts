import { log, routing } from '@parley/contracts';
import { ENGINE_VERSION, takeSnapshot } from '../../services/routing/src/domain.js';
import { take } from './happenings.js';
import type { Step } from './schedule.js';
import { World } from './world.js';

/** Of a schedule so much is played: its end, when everybody has gone home, leaves little to be seen. */
const SHARE = 2 / 3;

/**
 * What a routing log would hold after most of a schedule, and the state it leads to: a history for
 * services/routing/fixtures, which every later engine has to read.
 */
export const historyOf = (steps: readonly Step[]): { commits: unknown[]; snapshot: unknown } => {
  const world = new World();
  const commits: unknown[] = [];
  let version = 1;
  world.engine.onDecided = (events, time) => {
    const commandId = `k${commits.length}`;
    commits.push(
      log.Commit.toJSON(
        log.Commit.fromPartial({
          tenant: 'acme',
          aggregateId: 'main',
          firstVersion: version,
          time: new Date(time),
          commandId,
          commandIds: [commandId],
          events: events.map((event) => Buffer.from(routing.RoutingEvent.encode(event).finish())),
          engineVersion: ENGINE_VERSION,
        }),
      ),
    );
    version += events.length;
  };
  for (const step of steps.slice(0, Math.ceil(steps.length * SHARE))) take(world, step);
  return { commits, snapshot: takeSnapshot(world.engine.state) };
};
