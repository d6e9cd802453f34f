/** What an upgrade refuses to change of an installation that is there. */
import { describe, expect, it, jest } from '@jest/globals';
import { sayOf } from './rules.js';

// Each rendering is a process of its own, which is slow on a busy machine.
jest.setTimeout(60_000);

describe('the number of servers of NATS', () => {
  const say = (had: number, wanted: number): Promise<string> =>
    sayOf('_installed.tpl', 'parley.refuseServers', { had, wanted });

  it.each([
    [0, 1],
    [0, 3],
    [1, 1],
    [3, 3],
    [3, 5],
    [5, 5],
  ])('may go from %i to %i', async (had, wanted) => {
    expect(await say(had, wanted)).toContain('said: ""');
  });

  it.each([
    [1, 3],
    [1, 5],
    [3, 1],
    [5, 1],
    [5, 3],
  ])('may not go from %i to %i', async (had, wanted) => {
    const said = await say(had, wanted);
    expect(said).toContain(`nats.embedded.replicas is ${wanted}, but the event log is on ${had}`);
    expect(said).toContain(`Set nats.embedded.replicas=${had}`);
    expect(said).toMatch(/back up.*kubectl -n support delete pvc -l .*instance=parley.*restore/);
  });
});
