import { describe, expect, it } from '@jest/globals';
import { whileStarting } from './starting.js';

/** Fails first, as JetStream does with these words. */
const failingOnce = (words: string) => {
  let tries = 0;
  return async (): Promise<number> => {
    if (++tries === 1) throw new Error(words);
    return tries;
  };
};

describe('what makes streams at a start', () => {
  it.each([
    'no suitable peers for placement',
    'stream is offline',
    'no responders',
    'jetstream is not enabled',
    'timeout',
  ])('is done again after "%s"', async (words) => {
    expect(await whileStarting(failingOnce(words))).toBe(2);
  });

  it('is not done again after what does not pass', async () => {
    await expect(whileStarting(failingOnce('subjects overlap with an existing stream'))).rejects.toThrow(
      'subjects overlap',
    );
  });
});
