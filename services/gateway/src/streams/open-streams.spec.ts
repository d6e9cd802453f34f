import { describe, expect, it } from '@jest/globals';
import { ManualClock, type ApiError } from '@parley/kernel';
import type { Session } from '../edge/call.js';
import { OpenStreams } from './open-streams.js';

const session = (sessionId: string, expiresAt = Infinity, tenant = 'acme'): Session => ({
  sessionId,
  tenant,
  principal: { role: 'supervisor', id: 'sue' },
  expiresAt,
});

const streams = (most = 1000) => {
  const clock = new ManualClock();
  const all = new OpenStreams({ most, alive: async () => true, clock });
  return { all, clock };
};

const ended = (signal: AbortSignal): Promise<string | undefined> =>
  new Promise((resolve) => {
    const tell = (): void => resolve((signal.reason as ApiError).details.reason);
    if (signal.aborted) tell();
    else signal.addEventListener('abort', tell);
  });

describe('open streams', () => {
  it('end with their token', async () => {
    const { all, clock } = streams();
    const lasting = all.open(session('one'));
    const short = all.open(session('two', clock.now() + 5));
    expect(await ended(short.signal)).toBe('TOKEN_EXPIRED');
    expect(lasting.signal.aborted).toBe(false);
    all.drain();
  });

  it('end with their session, and no others', async () => {
    const { all } = streams();
    const [one, two] = [all.open(session('one')), all.open(session('two'))];
    // Keys are named by their tenants: two of them may have one of the same name.
    const namesake = all.open(session('one', Infinity, 'globex'));
    all.endSession('acme', 'one');
    expect(await ended(one.signal)).toBe('SESSION_ENDED');
    expect([two.signal.aborted, namesake.signal.aborted]).toEqual([false, false]);
    all.drain();
    expect(await ended(two.signal)).toBe('DRAINING');
    expect(() => all.open(session('three'))).toThrow('goes down');
  });

  it('are limited by session, tenant and gateway', () => {
    const { all } = streams(600);
    for (let i = 0; i < 16; i++) all.open(session('one'));
    expect(() => all.open(session('one'))).toThrow('this session has 16');
    // The key of another tenant may have the same id.
    const foreign = all.open(session('one', Infinity, 'globex'));
    for (let i = 16; i < 500; i++) all.open(session(`s${i}`));
    expect(() => all.open(session('last'))).toThrow('too many streams');
    for (let i = 0; i < 99; i++) all.open(session(`g${i}`, Infinity, 'globex'));
    expect(() => all.open(session('x', Infinity, 'third'))).toThrow('too many streams');
    foreign.close();
    foreign.close();
    all.open(session('x', Infinity, 'third'));
    all.drain();
  });
});
