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

describe('the number of partitions', () => {
  const say = (had: number, wanted: number): Promise<string> =>
    sayOf('_installed.tpl', 'parley.refusePartitions', { had, wanted });

  it.each([
    [0, 4],
    [4, 4],
    [4, 16],
  ])('may go from %i to %i', async (had, wanted) => {
    expect(await say(had, wanted)).toContain('said: ""');
  });

  it('may not fall', async () => {
    expect(await say(16, 4)).toMatch(/partitions is 4, but the conversation log has 16.*Set partitions=16\./);
  });
});

describe('the number of members of MongoDB', () => {
  const say = (had: number, wanted: number): Promise<string> =>
    sayOf('_installed.tpl', 'parley.refuseMembers', { had, wanted });

  it.each([
    [0, 3],
    [1, 1],
    [3, 3],
  ])('may go from %i to %i', async (had, wanted) => {
    expect(await say(had, wanted)).toContain('said: ""');
  });

  it.each([
    [1, 3],
    [3, 5],
    [3, 1],
  ])('may not go from %i to %i', async (had, wanted) => {
    const said = await say(had, wanted);
    expect(said).toContain(`mongodb.embedded.replicas is ${wanted}, but the replica set was made of ${had}`);
    expect(said).toContain(`Set mongodb.embedded.replicas=${had}`);
    expect(said).toMatch(
      /back up.*delete pvc -l .*instance=parley,.*component=mongodb, helm install, restore/,
    );
  });
});

describe('the storage class of the volumes', () => {
  const say = (had: string, wanted: string): Promise<string> =>
    sayOf('_installed.tpl', 'parley.refuseClass', { server: 'mongodb', had, wanted });

  it.each(['', 'fast'])('may stay "%s"', async (name) => {
    expect(await say(name, name)).toContain('said: ""');
  });

  it.each([
    ['slow', 'fast', 'className is fast, but the volumes were made with slow', 'className=slow'],
    [
      ...['', 'fast', 'className is fast, but the volumes were made with the default class of the cluster'],
      "className=''",
    ],
    ['fast', '', 'className is empty, but the volumes were made with fast', 'className=fast'],
  ])('may not go from "%s" to "%s"', async (had, wanted, why, set) => {
    const said = await say(had, wanted);
    expect(said).toContain(`mongodb.embedded.storage.${why}`);
    expect(said).toContain(`Set mongodb.embedded.storage.${set}`);
    expect(said).toMatch(
      /back up.*delete pvc -l .*instance=parley,.*component=mongodb, helm install, restore/,
    );
  });
});

describe('the size of the volumes', () => {
  const say = (had: string, wanted: string): Promise<string> =>
    sayOf('_installed.tpl', 'parley.refuseVolumes', {
      ...{ server: 'nats', set: 'chat-nats', servers: 3 },
      ...{ had, wanted },
    });

  it.each([
    ['10Gi', '10Gi'],
    ['1Gi', '1024Mi'],
    ['1Pi', '1024Ti'],
    ['512Ki', '512Ki'],
  ])('may stay %s, also as %s', async (had, wanted) => {
    expect(await say(had, wanted)).toContain('said: ""');
  });

  it('may grow in three steps only', async () => {
    const said = await say('10Gi', '1Ti');
    expect(said).toContain('nats.embedded.storage.size is 1Ti, but the volumes have 10Gi');
    expect(said).toContain(
      `for i in $(seq 0 2); do kubectl -n support patch pvc data-chat-nats-$i -p '{"spec":{"resources":{"requests":{"storage":"1Ti"}}}}'; done`,
    );
    expect(said).toContain('kubectl -n support delete statefulset chat-nats --cascade=orphan');
  });

  it('may not shrink', async () => {
    expect(await say('1Gi', '512Mi')).toMatch(/cannot shrink.*Set nats\.embedded\.storage\.size=1Gi/);
  });
});
