import { describe, expect, it } from '@jest/globals';
import { log } from '@parley/contracts';
import { err, ok, type Decider } from '@parley/kernel';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { givenFor } from './given.js';
import { replayHistories } from './histories.js';

const door: Decider<boolean, 'open' | 'close', 'opened' | 'closed', Error> = {
  initialState: false,
  decide: (open, command) => {
    if (command === 'close') return ok(open ? ['closed'] : []);
    return open ? err(new Error('it is open')) : ok(['opened']);
  },
  evolve: (_open, event) => event === 'opened',
};
const given = givenFor(door);

describe('given, when, then', () => {
  it('passes on what a decider does', () => {
    given().when('open').then('opened');
    given('opened').when('close').then('closed');
    given('opened', 'closed').when('close').then();
    given('opened').when('open').thenRefused({ message: 'it is open' });
  });

  it('fails on what it does not do', () => {
    expect(() => given().when('open').then()).toThrow();
    expect(() => given('opened').when('open').then('opened')).toThrow();
    expect(() => given().when('open').thenRefused({ message: 'it is open' })).toThrow();
  });
});

describe('old histories', () => {
  const codec = {
    encode: (event: string) => Buffer.from(event),
    decode: (bytes: Uint8Array) => {
      const event = Buffer.from(bytes).toString();
      return event === 'opened' || event === 'closed' ? event : undefined;
    },
  };
  const commits = (...events: string[]): string =>
    JSON.stringify(
      events.map((event, i) =>
        log.Commit.toJSON(
          log.Commit.fromPartial({
            tenant: 't',
            aggregateId: 'a',
            firstVersion: i + 1,
            events: [Buffer.from(event)],
          }),
        ),
      ),
    );

  it('are folded, and a history that cannot be is named', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-histories-'));
    try {
      await expect(replayHistories(folder, door, codec)).rejects.toThrow('no histories');
      await writeFile(join(folder, '2026-01.json'), commits('opened', 'closed', 'opened'));
      const [history] = await replayHistories(folder, door, codec);
      expect(history).toMatchObject({ name: '2026-01', envelope: { state: true, head: { version: 3 } } });
      await writeFile(join(folder, '2026-02.json'), commits('opened', 'painted'));
      await expect(replayHistories(folder, door, codec)).rejects.toThrow('2026-02.json');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
