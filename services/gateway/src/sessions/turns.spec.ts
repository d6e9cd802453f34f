import { expect, it } from '@jest/globals';
import { ErrorCode, ManualClock } from '@parley/kernel';
import { Turns } from './turns.js';

const open = () => {
  const clock = new ManualClock();
  const turns = new Turns({ atOnce: 2, mostWaiting: 2, clock });
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  /** Takes a turn that lasts until `end` is called for it; resolves with its name, or with what refused it. */
  const take = (name: string, forMs = 10_000): Promise<unknown> =>
    turns
      .take(clock.now() + forMs, () => {
        begun.push(name);
        return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
      })
      .catch((error: unknown) => error);
  const end = (name: string): void => ends.get(name)?.();
  return { clock, turns, begun, take, end };
};

it('lets a few through at once and the others after them, in the order they came', async () => {
  const { begun, take, end } = open();
  const all = ['a', 'b', 'c', 'd'].map((name) => take(name));
  expect(begun).toEqual(['a', 'b']);
  end('b');
  await all[1];
  expect(begun).toEqual(['a', 'b', 'c']);
  end('a');
  await all[0];
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  end('c');
  end('d');
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
  const next = ['e', 'f', 'g'].map((name) => take(name));
  expect(begun.slice(4)).toEqual(['e', 'f']);
  for (const [i, name] of ['e', 'f', 'g'].entries()) {
    end(name);
    await next[i];
  }
});

it('refuses at once, with the time to wait, when too many wait', async () => {
  const { clock, take, end } = open();
  const refused = (retryAfterMs: number) => ({
    code: ErrorCode.resourceExhausted,
    details: { reason: 'TOO_MANY_PASSWORDS', retryAfterMs },
  });
  const [first, ...all] = ['first', 'a', 'b', 'c'].map((name) => take(name));
  expect(await take('e')).toMatchObject(refused(100));
  // How long one takes is learnt from those before: here the mean is 800 ms, and two at once work two off.
  clock.advance(4000);
  end('first');
  await first;
  all.push(take('d'));
  expect(await take('e')).toMatchObject(refused(800));
  for (const [i, name] of ['a', 'b', 'c', 'd'].entries()) {
    end(name);
    expect(await all[i]).toBe(name);
  }
  expect(await take('e', 0)).toMatchObject({ code: ErrorCode.deadlineExceeded });
});

it('does no work for whom it would be too late, who does not keep others out', async () => {
  const { clock, begun, take, end } = open();
  const late = { code: ErrorCode.deadlineExceeded };
  expect(await take('past', 0)).toMatchObject(late);
  const [a, b, soon, later] = [take('a'), take('b'), take('soon', 100), take('later', 1000)];
  clock.advance(100);
  const instead = take('instead');
  expect(await soon).toMatchObject(late);
  clock.advance(900);
  end('a');
  await a;
  expect(await later).toMatchObject(late);
  end('b');
  end('instead');
  expect(await Promise.all([b, instead])).toEqual(['b', 'instead']);
  expect(begun).toEqual(['a', 'b', 'instead']);
});

it('hands the turn on when the work fails', async () => {
  const { turns, clock, take, end } = open();
  const fail = () => turns.take(clock.now() + 1000, () => Promise.reject(new Error('no memory')));
  for (let i = 0; i < 3; i++) await expect(fail()).rejects.toThrow('no memory');
  const next = take('next');
  end('next');
  expect(await next).toBe('next');
});
