import { describe, expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import { agent, end, enter, given, presence, queue, T0, type World } from '../testing/world.js';
import { dryRun } from './dry-run.js';
import { Recorder, type Recording } from './recording.js';

const HOUR = 3_600_000;
const target = (queueId: string): routing.Target =>
  routing.Target.fromPartial({ to: { $case: 'queueId', value: queueId } });
const workflow = (...filters: Partial<routing.Filter>[]): routing.Workflow =>
  routing.Workflow.fromPartial({
    filters: filters.map((filter, i) => ({ name: `filter ${i + 1}`, when: '', ...filter })),
  });
const toSales = workflow({ targets: [target('sales')] });
const shared = workflow(
  { name: 'returns', when: 'topic == "returns"', targets: [target('support')] },
  { targets: [target('sales')] },
);
const straightToMessage = workflow({
  targets: [
    routing.Target.fromPartial({ to: { $case: 'overflow', value: routing.Overflow.OVERFLOW_TAKE_MESSAGE } }),
  ],
});

/** Advances a world to a time, with whatever is due on the way. */
const until = (world: World, at: number): void => {
  while (world.now() < at) {
    world.when({ after: Math.min(1_000, at - world.now()) });
    world.when({ kind: 'tick' });
  }
};

/** One agent in sales and one in support; every minute a chat for sales, which talks for two minutes. */
const busyHour = (): World => {
  const world = given(
    queue('sales'),
    queue('support'),
    agent('anna', ['sales'], { capacity: 1 }),
    agent('ben', ['support'], { capacity: 1 }),
    presence('anna'),
    presence('ben'),
  );
  until(world, T0 + 3 * HOUR);
  const open = new Map<string, number>();
  const talking = new Map<string, number>();
  for (let minute = 0; minute < 60; minute++) {
    const id = `c${minute}`;
    world.when(enter(id, { topic: minute % 2 ? 'returns' : 'other', channel: 'WEB_CHAT' }));
    open.set(id, world.now());
    for (let second = 0; second < 60; second += 5) {
      until(world, world.now() + 5_000);
      for (const [waiting, since] of open) {
        const offer = world.state.chats.get(waiting)?.offers[0];
        if (offer) {
          world.when({ kind: 'acceptOffer', offerId: offer.id, agentId: offer.agentId });
          open.delete(waiting);
          talking.set(waiting, world.now());
        } else if (world.now() - since > 10 * 60_000) {
          world.when(end(waiting, 'CLOSED', 5));
          open.delete(waiting);
        }
      }
      for (const [id, since] of talking)
        if (world.now() - since >= 120_000) {
          world.when(end(id, 'CLOSED', 6));
          talking.delete(id);
        }
    }
  }
  return world;
};

const FROM = T0 + 3 * HOUR;
const recordingOf = ({ history }: World, from = FROM, to = FROM + HOUR): Recording => {
  const recorder = new Recorder(from, to);
  for (const { event, time } of history) if (!recorder.add(event, time)) break;
  return recorder.finish();
};
const pacing = {
  pause: () => Promise.resolve(),
  clock: () => performance.now(),
};

const world = busyHour();
const recording = recordingOf(world);

describe('a recording', () => {
  it('has arrivals as they came, with talk times, patience and who was there', () => {
    expect(recording.arrivals).toHaveLength(60);
    expect(recording.arrivals[1]).toMatchObject({ conversationId: 'c1', at: FROM + 60_000 });
    expect(recording.arrivals[1]?.entry).toMatchObject({ topic: 'returns', queueId: 'sales', filter: 0 });
    const answered = recording.arrivals.filter(({ talk }) => talk >= 120_000 && talk <= 125_000);
    expect(answered.length).toBeGreaterThan(20);
    expect(recording.ring).toBeLessThanOrEqual(5_000);
    expect(recording.presence.map(({ report }) => report.agentId)).toEqual(['anna', 'ben']);
    expect(Math.min(...recording.arrivals.map(({ patience }) => patience))).toBeGreaterThan(10 * 60_000);
  });

  it('needs the day before it only: who was offered a chat was there since before', () => {
    const late = given(queue('sales'), agent('anna', ['sales'], { capacity: 1 }), presence('anna'));
    until(late, T0 + 2 * HOUR);
    late.when({ after: 48 * HOUR });
    const began = late.now();
    late.when(enter('c1', { channel: 'WEB_CHAT' }));
    late.when({ after: 60_000 });
    late.when(presence('anna', 'AWAY'));
    const recorder = new Recorder(began, late.now());
    expect(recorder.begin).toBe(began - 26 * HOUR);
    for (const { event, time } of late.history) if (time >= recorder.begin) recorder.add(event, time);
    const before = began - 2 * HOUR;
    const unchanged = ['anna', 'ben'].map((agentId) => ({
      agentId,
      status: routing.AgentStatus.AGENT_STATUS_AVAILABLE,
      online: true,
      revision: 1n,
    }));
    expect(
      recorder.finish(unchanged).presence.map(({ at, report }) => [at, report.agentId, report.status]),
    ).toEqual([
      [before, 'anna', routing.AgentStatus.AGENT_STATUS_AVAILABLE],
      [before, 'ben', routing.AgentStatus.AGENT_STATUS_AVAILABLE],
      [late.now(), 'anna', routing.AgentStatus.AGENT_STATUS_AWAY],
    ]);
  });

  it('leaves out what is beyond its range', () => {
    expect(recordingOf(world, FROM, FROM + 10 * 60_000).arrivals).toHaveLength(11);
    expect(recordingOf(world, FROM + 10 * HOUR, FROM + 11 * HOUR).arrivals).toEqual([]);
  });
});

describe('a dry run', () => {
  it('plays the recorded hour about as it was', async () => {
    const { published, candidate } = await dryRun(world.state, recording, toSales, toSales, pacing);
    expect(published).toEqual(candidate);
    const answered = world.history.filter(({ event }) => event.event?.$case === 'offerAccepted').length;
    expect(Math.abs((published?.answered ?? 0) - answered)).toBeLessThanOrEqual(10);
    expect(published?.abandoned).toBeGreaterThan(5);
    expect(published?.byQueue).toEqual({ sales: 60 });
  });

  it('shows what another workflow would have changed', async () => {
    const found = await dryRun(world.state, recording, toSales, shared, pacing);
    expect(found.arrivals).toBe(60);
    expect(found.candidate?.answered).toBe(60);
    expect(found.candidate?.abandonRate).toBe(0);
    expect(found.candidate?.waitMean).toBeLessThan(found.published?.waitMean ?? 0);
    expect(found.candidate?.serviceLevel).toBeGreaterThan(found.published?.serviceLevel ?? 1);
    expect(found.candidate?.byQueue).toEqual({ sales: 30, support: 30 });
    expect(found.differences).toHaveLength(30);
    expect(found.differences[0]).toEqual({
      conversationId: 'c1',
      publishedQueueId: 'sales',
      candidateQueueId: 'support',
      publishedFilter: 'filter 1',
      candidateFilter: 'returns',
    });
  });

  it('counts messages that are taken', async () => {
    const { candidate } = await dryRun(world.state, recording, undefined, straightToMessage, pacing);
    expect(candidate).toMatchObject({ answered: 0, abandoned: 0, messageTaken: 60, abandonRate: 0 });
    expect(candidate?.waitMean).toBeUndefined();
  });

  it('goes the same way every time and changes nothing', async () => {
    const before = JSON.stringify([...world.state.chats.keys()]);
    const version = world.state.version;
    const first = await dryRun(world.state, recording, toSales, shared, pacing);
    const second = await dryRun(world.state, recordingOf(world), toSales, shared, pacing);
    expect(second).toEqual(first);
    expect([JSON.stringify([...world.state.chats.keys()]), world.state.version]).toEqual([before, version]);
  });

  it('pauses, and ends when there is no time left', async () => {
    let ticks = 0;
    const hasty = {
      clock: () => (ticks += 10),
      pause: () => (ticks > 100 ? Promise.reject(new Error('no time')) : Promise.resolve()),
    };
    await expect(dryRun(world.state, recording, toSales, shared, hasty)).rejects.toThrow('no time');
  });
});
