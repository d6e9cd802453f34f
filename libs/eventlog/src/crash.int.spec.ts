import { afterEach, describe, expect, it } from '@jest/globals';
import { newAggregateId, newUlid } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { startNats, type TestNats } from '@parley/testkit';
import * as fc from 'fast-check';
import { setTimeout as pause } from 'node:timers/promises';
import { openEventLog } from './log.js';
import { createOwner } from './owner.js';
import { tallyCodec, tallyDecider, type Tally, type TallyCommand } from './testing/tally.js';
import {
  ConflictError,
  UnknownOutcomeError,
  type Commit,
  type EventLog,
  type Owner,
  type StoredCommit,
} from './types.js';

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource.stop();
});

const server = async (): Promise<TestNats> => {
  const nats = await startNats();
  open.push(nats);
  return nats;
};
const connected = async (nats: TestNats): Promise<Bus> => {
  const bus = await connectBus({ url: nats.url, name: 'crash-spec' });
  open.push({ stop: () => bus.drain() });
  return bus;
};

const WRITERS = 3;
const WITHIN_MS = 20_000;

interface Plan {
  /** Aggregates that all writers write to at once. */
  readonly aggregates: number;
  /** One list a writer: which aggregate, how much, how many events; and whether the id is sent twice at once. */
  readonly commands: readonly (readonly { at: number; add: number; times: number; twice: boolean }[])[];
  /** When the server is killed, as a part of the commands, and for how long it is away, ms. */
  readonly kills: readonly { after: number; downMs: number }[];
}

const plans: fc.Arbitrary<Plan> = fc.record({
  aggregates: fc.integer({ min: 2, max: 6 }),
  commands: fc.array(
    fc.array(
      fc.record({
        at: fc.nat(5),
        add: fc.integer({ min: -3, max: 9 }),
        times: fc.integer({ min: 1, max: 3 }),
        twice: fc.boolean(),
      }),
      { minLength: 150, maxLength: 250, size: 'max' },
    ),
    { minLength: WRITERS, maxLength: WRITERS },
  ),
  kills: fc.array(fc.record({ after: fc.double({ min: 0.1, max: 0.8, noNaN: true }), downMs: fc.nat(300) }), {
    minLength: 1,
    maxLength: 3,
  }),
});

interface Acknowledged {
  readonly id: string;
  readonly commandId: string;
  readonly version: number;
}

/** Carries a plan out against a server that is killed in between; returns what was acknowledged and told. */
const carryOut = async (plan: Plan) => {
  const nats = await server();
  const ids = Array.from({ length: plan.aggregates }, (_, i) => newAggregateId(i % 2, Date.now()));
  const acknowledged: Acknowledged[] = [];
  const told: StoredCommit[] = [];
  let done = 0;
  const total = plan.commands.flat().length;
  const one = async (
    owner: Owner<Tally, TallyCommand>,
    id: string,
    commandId: string,
    command: TallyCommand,
  ) => {
    try {
      const { version, repeated, envelope } = await owner.execute({
        tenant: 'acme',
        id,
        commandId,
        context: {
          tenant: 'acme',
          principal: { role: 'agent', id: 'a' },
          deadline: Date.now() + WITHIN_MS,
        },
        actor: undefined,
        command: () => command,
      });
      if (command.add !== 0 || repeated) acknowledged.push({ id, commandId, version });
      expect(envelope.state.total).toBeGreaterThanOrEqual(0);
    } catch (error) {
      // A refusal of the decider is an answer; anything else would be a failure of the log.
      if (!/is not enough/.test(String(error))) throw error;
    }
    done++;
  };
  const writers = plan.commands.map(async (commands, writer) => {
    const log = await openEventLog({ bus: await connected(nats), name: 'conversation', partitions: 2 });
    const owner = createOwner({
      log,
      decider: tallyDecider,
      codec: tallyCodec,
      onCommitted: (stored) => told.push(stored),
    });
    // A few at a time, so that the log is never idle and never far ahead of the kills.
    const queue = [...commands.entries()];
    const lane = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [n, { at, add, times, twice }] = next;
        const id = ids[at % ids.length]!;
        const commandId = `w${writer}-${n}`;
        const command = { add, times, label: commandId };
        const sent = [one(owner, id, commandId, command)];
        if (twice) sent.push(one(owner, id, commandId, command).then(() => void done--));
        await Promise.all(sent);
      }
    };
    await Promise.all(Array.from({ length: 6 }, lane));
  });
  const killer = async (): Promise<void> => {
    for (const { after, downMs } of [...plan.kills].sort((a, b) => a.after - b.after)) {
      while (done < total * after) await pause(2);
      await nats.kill();
      await pause(downMs);
      await nats.restart();
    }
  };
  await Promise.all([...writers, killer()]);
  const log = await openEventLog({ bus: await connected(nats), name: 'conversation', partitions: 2 });
  const histories = new Map(
    await Promise.all(ids.map(async (id) => [id, (await log.load('acme', id)).commits] as const)),
  );
  return { acknowledged, told, histories };
};

describe('several writers on a server that is killed and restarted', () => {
  it('keep versions dense, lose nothing acknowledged and write nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const { acknowledged, told, histories } = await carryOut(plan);
        for (const commits of histories.values()) {
          let version = 0;
          let total = 0;
          const seen = new Set<string>();
          for (const { commit } of commits) {
            expect(commit.firstVersion).toBe(version + 1);
            version += commit.events.length;
            expect(seen.has(commit.commandId)).toBe(false);
            seen.add(commit.commandId);
            for (const bytes of commit.events) total += tallyCodec.decode(bytes, commit)!.added;
            expect(total).toBeGreaterThanOrEqual(0);
          }
        }
        expect(acknowledged.length).toBeGreaterThan(100);
        for (const { id, commandId, version } of acknowledged) {
          const commit = histories.get(id)!.find(({ commit }) => commit.commandId === commandId)?.commit;
          expect(commit && commit.firstVersion + commit.events.length - 1).toBe(version);
        }
        // What was told to the world stands in the log exactly so, and nothing acknowledged went untold.
        const place = ({ commit, seq }: StoredCommit): string =>
          `${commit.aggregateId} ${commit.commandId} ${seq}`;
        const stored = new Set([...histories.values()].flat().map(place));
        for (const commit of told) expect(stored).toContain(place(commit));
        const announced = new Set(told.map(({ commit }) => commit.commandId));
        for (const { commandId } of acknowledged) expect(announced).toContain(commandId);
        for (const resource of open.splice(0).reverse()) await resource.stop();
      }),
      { numRuns: 4, endOnFailure: true, verbose: 1 },
    );
  }, 120_000);
});

describe('atomic batches on a server that is killed', () => {
  const commitOf = (id: string, batch: number): Commit => ({
    tenant: 'acme',
    aggregateId: id,
    firstVersion: 1,
    time: new Date(),
    commandId: `b${batch}`,
    commandIds: [],
    actor: undefined,
    events: [Buffer.from(JSON.stringify({ added: 1, label: 'x'.repeat(300) }))],
    traceparent: '',
    engineVersion: 0,
  });

  /** Hands a group to the log in one go, enough of them for an atomic batch. */
  const writeGroup = (log: EventLog, group: readonly Commit[]) =>
    Promise.allSettled(group.map((commit) => log.append(commit, 0)));

  it('are there whole when acknowledged, and whole or not at all when not', async () => {
    const nats = await server();
    const log = await openEventLog({ bus: await connected(nats), name: 'conversation', partitions: 1 });
    const groups: { ids: string[]; acknowledged: boolean }[] = [];
    for (let round = 0; round < 5; round++) {
      let killed = false;
      const acknowledgedBefore = groups.filter(({ acknowledged }) => acknowledged).length;
      const kill = (async () => {
        while (groups.filter(({ acknowledged }) => acknowledged).length < acknowledgedBefore + 3)
          await pause(1);
        await pause(3 * round);
        await nats.kill();
        killed = true;
      })();
      while (!killed) {
        const ids = Array.from({ length: 40 }, () => newAggregateId(0, Date.now()));
        const outcomes = await writeGroup(
          log,
          ids.map((id) => commitOf(id, groups.length)),
        );
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(UnknownOutcomeError);
        }
        // Without a connection the refusals come at once, and nothing else would ever get its turn.
        await pause(1);
        groups.push({ ids, acknowledged: outcomes.every(({ status }) => status === 'fulfilled') });
      }
      await kill;
      await nats.restart();
    }
    const reader = await openEventLog({ bus: await connected(nats), name: 'conversation', partitions: 1 });
    for (const { ids, acknowledged } of groups) {
      const present = (await Promise.all(ids.map((id) => reader.head('acme', id)))).filter(
        ({ seq }) => seq > 0,
      );
      expect(acknowledged ? [40] : [0, 40]).toContain(present.length);
    }
    expect(groups.filter(({ acknowledged }) => acknowledged).length).toBeGreaterThanOrEqual(15);
  }, 60_000);

  it('fall back to single appends when one of them conflicts', async () => {
    const nats = await server();
    const log = await openEventLog({ bus: await connected(nats), name: 'conversation', partitions: 1 });
    const ids = Array.from({ length: 40 }, () => newAggregateId(0, Date.now()));
    await log.append(commitOf(ids[7]!, 0), 0);
    const outcomes = await writeGroup(
      log,
      ids.map((id) => commitOf(id, 1)),
    );
    const refused = outcomes.flatMap((outcome, i) =>
      outcome.status === 'rejected' ? [[i, outcome.reason]] : [],
    );
    expect(refused).toEqual([[7, expect.any(ConflictError)]]);
    const seqs = await Promise.all(ids.map(async (id) => (await log.head('acme', id)).seq));
    outcomes.forEach((outcome, i) => outcome.status === 'fulfilled' && expect(outcome.value).toBe(seqs[i]));
    const again = await writeGroup(
      log,
      [newUlid(1), newUlid(2)].map((id) => commitOf(`0-${id}`, 2)),
    );
    expect(again.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  });
});
